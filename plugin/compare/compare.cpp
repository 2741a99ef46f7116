#include "plugin/compare/compare.h"

#include <algorithm>

namespace gruve::plugin {

void Compare::prepare(double rate_hz, int channels, int fade_samples, const CompareSettings& at_first) noexcept {
    loudness_.fill(Loudness(rate_hz));
    channels_ = channels;
    wanted_ = 1.0f;
    offset_db_ = 0.0;
    const float rate = static_cast<float>(1.0 - std::exp(-1.0 / (0.02 * rate_hz)));
    match_ = {1.0f, rate};
    gain_ = {at_first.difference_gain, rate};
    select_.prepare(static_cast<float>(at_first.slot), fade_samples);
    difference_.prepare(at_first.difference ? 1.0f : 0.0f, fade_samples);
}

void Compare::process(float* const* a, float* const* b, int samples, const CompareSettings& settings) noexcept {
    for (int i = 0; i < samples; ++i) {
        std::array<float, Loudness::max_channels> of_a{}, of_b{};
        for (int c = 0; c < channels_; ++c) {
            of_a[static_cast<std::size_t>(c)] = a[c][i];
            of_b[static_cast<std::size_t>(c)] = b[c][i];
        }
        loudness_[0].add(of_a.data(), channels_);
        if (loudness_[1].add(of_b.data(), channels_)) measure();
        const float match = match_(settings.match ? wanted_ : 1.0f), gain = gain_(settings.difference_gain);
        for (int c = 0; c < channels_; ++c) {
            b[c][i] *= match;
            difference_of_[static_cast<std::size_t>(c)][static_cast<std::size_t>(i)] = gain * (a[c][i] - b[c][i]);
        }
    }
    std::array<const float*, Loudness::max_channels> difference{};
    for (std::size_t c = 0; c < difference.size(); ++c) difference[c] = difference_of_[c].data();
    select_.process(a, b, a, channels_, samples, static_cast<float>(settings.slot));
    difference_.process(a, difference.data(), a, channels_, samples, settings.difference ? 1.0f : 0.0f);
}

/// During silence the last offset stays.
void Compare::measure() noexcept {
    const double a = loudness_[0].value(), b = loudness_[1].value();
    if (a <= Loudness::silent || b <= Loudness::silent) return;
    const double offset = std::clamp(a - b, -largest_offset_db, largest_offset_db);
    offset_db_.store(offset, std::memory_order_relaxed);
    wanted_ = static_cast<float>(std::pow(10.0, offset / 20.0));
}

}  // namespace gruve::plugin
