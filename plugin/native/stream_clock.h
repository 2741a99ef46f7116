// Whether a host renders faster than real time without saying so.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gruve::plugin {

/// Compares the frames that a plugin has run with the time that has passed. Real-time safe.
class StreamClock {
public:
    explicit StreamClock(double rate_hz) : rate_hz_(rate_hz) {}
    /// A stream begins now.
    void start() noexcept {
        frames_ = 0;
        started_ = std::chrono::steady_clock::now();
    }
    void add(std::size_t frames) noexcept { frames_ += static_cast<std::int64_t>(frames); }
    bool ahead() const noexcept {
        constexpr double lead_s = 0.5;  // more than any host buffers
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
        return static_cast<double>(frames_) / rate_hz_ > passed.count() + lead_s;
    }

private:
    double rate_hz_;
    std::int64_t frames_ = 0;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace gruve::plugin
