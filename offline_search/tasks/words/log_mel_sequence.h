// Log-mel features of whole recordings, framed exactly as by the streaming keyword spotter.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/front_end/log_mel.h"
#include "offline_search/network/float_network.h"

namespace gruve {

/// Safe on several threads: each call borrows a LogMel and makes one if none is free.
class LogMelSequence {
public:
    LogMelSequence(const LogMelConfig& config, int rate_hz);
    /// bands × (samples / hop). The first frame consists mostly of the zeros before the recording.
    Matrix operator()(std::span<const float> samples) const;
    int hop() const { return hop_; }
    const LogMelConfig& config() const { return config_; }
    int rate_hz() const { return rate_hz_; }

private:
    std::unique_ptr<LogMel> borrow() const;

    LogMelConfig config_;
    int rate_hz_, hop_;
    mutable std::mutex mutex_;  // guards free_
    mutable std::vector<std::unique_ptr<LogMel>> free_;
};

}  // namespace gruve
