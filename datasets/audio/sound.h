// Recordings that are only read: in memory, or in a file that is mapped into memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "datasets/audio/audio_file.h"

namespace gruve {

/// Some samples of a recording as floats: where they are kept, or converted from 16 bits into memory of its own. The
/// recording must outlive it.
class Excerpt {
public:
    explicit Excerpt(std::span<const float> kept) : samples_(kept) {}
    explicit Excerpt(std::vector<float> converted) : own_(std::move(converted)), samples_(own_) {}
    Excerpt(Excerpt&&) = default;  // a vector's samples stay where they are
    Excerpt& operator=(Excerpt&&) = default;
    Excerpt(const Excerpt&) = delete;
    Excerpt& operator=(const Excerpt&) = delete;

    std::span<const float> span() const { return samples_; }
    std::size_t size() const { return samples_.size(); }
    auto begin() const { return samples_.begin(); }
    auto end() const { return samples_.end(); }
    float operator[](std::size_t i) const { return samples_[i]; }

private:
    std::vector<float> own_;
    std::span<const float> samples_;
};

/// Samples that nobody changes: floats, or steps of 16 bits (1/32768 each) in half the space. Copies share them.
class SharedSamples {
public:
    using Steps = std::span<const std::int16_t>;

    SharedSamples() = default;
    SharedSamples(std::vector<float> samples)
        : SharedSamples(std::make_shared<const std::vector<float>>(std::move(samples))) {}
    /// `owner` keeps the samples where they are.
    SharedSamples(std::span<const float> samples, std::shared_ptr<const void> owner)
        : samples_(samples), owner_(std::move(owner)) {}
    SharedSamples(Steps steps, std::shared_ptr<const void> owner) : samples_(steps), owner_(std::move(owner)) {}

    std::size_t size() const {
        return std::visit([](const auto& samples) { return samples.size(); }, samples_);
    }
    bool empty() const { return size() == 0; }
    bool is_16_bit() const { return std::holds_alternative<Steps>(samples_); }
    /// The samples from `begin` on, up to `end` or the last one.
    Excerpt part(std::size_t begin, std::size_t end) const {
        end = std::min(end, size());
        begin = std::min(begin, end);
        if (const auto* floats = std::get_if<std::span<const float>>(&samples_))
            return Excerpt(floats->subspan(begin, end - begin));
        std::vector<float> converted(end - begin);
        std::ranges::transform(std::get<Steps>(samples_).subspan(begin, end - begin), converted.begin(), value_of);
        return Excerpt(std::move(converted));
    }
    Excerpt all() const { return part(0, size()); }

    static float value_of(std::int16_t step) { return static_cast<float>(step) * 0x1p-15f; }

private:
    explicit SharedSamples(const std::shared_ptr<const std::vector<float>>& samples)
        : samples_(std::span<const float>(*samples)), owner_(samples) {}

    std::variant<std::span<const float>, Steps> samples_;
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
