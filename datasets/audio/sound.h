// Recordings that are only read: in memory, or in a file that is mapped into memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
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
    SharedSamples() = default;
    SharedSamples(std::vector<float> samples)
        : SharedSamples(std::make_shared<const std::vector<float>>(std::move(samples))) {}
    /// `owner` keeps the samples where they are.
    SharedSamples(std::span<const float> samples, std::shared_ptr<const void> owner)
        : at_(samples.data()), size_(samples.size() & most), owner_(std::move(owner)) {}
    SharedSamples(std::span<const std::int16_t> steps, std::shared_ptr<const void> owner)
        : at_(steps.data()), size_(steps.size() & most), is_16_bit_(1), owner_(std::move(owner)) {}

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool is_16_bit() const { return is_16_bit_ != 0; }
    /// The samples from `begin` on, up to `end` or the last one.
    Excerpt part(std::size_t begin, std::size_t end) const {
        end = std::min(end, size());
        begin = std::min(begin, end);
        if (!is_16_bit()) return Excerpt(std::span(static_cast<const float*>(at_) + begin, end - begin));
        std::vector<float> converted(end - begin);
        const auto* steps = static_cast<const std::int16_t*>(at_);
        std::transform(steps + begin, steps + end, converted.begin(), value_of);
        return Excerpt(std::move(converted));
    }
    Excerpt all() const { return part(0, size()); }

    static float value_of(std::int16_t step) { return static_cast<float>(step) * 0x1p-15f; }

private:
    static constexpr std::size_t most = ~std::size_t{0} >> 1;

    explicit SharedSamples(const std::shared_ptr<const std::vector<float>>& samples)
        : SharedSamples(std::span<const float>(*samples), samples) {}

    const void* at_ = nullptr;  // floats or steps
    std::size_t size_ : 63 = 0;
    std::size_t is_16_bit_ : 1 = 0;
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
