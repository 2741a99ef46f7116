// Recordings that are only read: in memory, or in a file that is mapped into memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "datasets/audio/audio_file.h"

namespace gruve {

/// SharedSamples that nobody changes. Copies share them.
class SharedSamples {
public:
    SharedSamples() = default;
    SharedSamples(std::vector<float> samples)
        : SharedSamples(std::make_shared<const std::vector<float>>(std::move(samples))) {}
    /// `owner` keeps the samples where they are.
    SharedSamples(std::span<const float> samples, std::shared_ptr<const void> owner)
        : samples_(samples), owner_(std::move(owner)) {}

    std::size_t size() const { return samples_.size(); }
    bool empty() const { return samples_.empty(); }
    const float* data() const { return samples_.data(); }
    auto begin() const { return samples_.begin(); }
    auto end() const { return samples_.end(); }
    float operator[](std::size_t i) const { return samples_[i]; }

private:
    explicit SharedSamples(const std::shared_ptr<const std::vector<float>>& samples)
        : samples_(*samples), owner_(samples) {}

    std::span<const float> samples_;
    std::shared_ptr<const void> owner_;
};

/// As Audio, but its samples may lie elsewhere.
struct Sound {
    Sound() = default;
    Sound(Audio audio) : rate_hz(audio.rate_hz), samples(std::move(audio.samples)) {}
    Sound(int rate, SharedSamples s) : rate_hz(rate), samples(std::move(s)) {}

    int rate_hz = 0;
    SharedSamples samples;  // mono, full scale ±1
    double seconds() const { return rate_hz ? static_cast<double>(samples.size()) / rate_hz : 0.0; }
};

}  // namespace gruve
