#include "engine/front_end/periodicity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/front_end/wide.h"
#include "engine/support/elementary.h"
#include "engine/support/without_tiny.h"

namespace gruve {
namespace {

constexpr double searched_hz = 1500;  // a voice's harmonics are clearest below
constexpr float mean_rate = 0.005f;   // per step: whitening by about the last second
constexpr float least = 1e-20f;
constexpr float least_mean = 1e-30f;  // nothing beside `least`
constexpr float least_product = std::numeric_limits<float>::min();

/// A product without the checks for infinities of std::complex.
std::complex<float> times(std::complex<float> a, std::complex<float> b) noexcept {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

std::size_t whole_vectors(std::size_t count) { return (count + widest - 1) / widest * widest; }

/// Sum of a·b over whole vectors, in an order that does not depend on the width of vectors.
template <class Wide>
GRUVE_INLINE float dot(const float* a, const float* b, std::size_t count) noexcept {
    constexpr std::size_t parts = widest / width<Wide>;
    Wide vectors[parts] = {};
    for (std::size_t k = 0; k < count; k += widest)
        for (std::size_t part = 0; part < parts; ++part) {
            Wide x, y;
            load(a + k + part * width<Wide>, x);
            load(b + k + part * width<Wide>, y);
            vectors[part] += x * y;
        }
    float sums[widest];
    for (std::size_t part = 0; part < parts; ++part) store(vectors[part], sums + part * width<Wide>);
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// e^(i·phase) by its power series, for phases up to about 1. The same on every machine.
std::complex<float> turn(float phase) noexcept {
    const float x = phase * phase;
    return {1 - x * (1.0f / 2) * (1 - x * (1.0f / 12) * (1 - x * (1.0f / 30) * (1 - x * (1.0f / 56)))),
            phase * (1 - x * (1.0f / 6) * (1 - x * (1.0f / 20) * (1 - x * (1.0f / 42) * (1 - x * (1.0f / 72)))))};
}

}  // namespace

Periodicity::Periodicity(int bands, double bin_hz, double high_hz, double step_s, int frames_per_step)
    : bins_(static_cast<std::size_t>(high_hz / bin_hz) + 1),
      searched_(whole_vectors(std::min(bins_, static_cast<std::size_t>(searched_hz / bin_hz) + 1))),
      phase_per_shift_(2 * std::numbers::pi * bin_hz * step_s / (2 * reach - 2)),
      frames_per_step_(static_cast<std::size_t>(frames_per_step)),
      frames_(past * frames_per_step_ + 1),
      mean_(searched_),
      weight_(searched_),
      real_(whole_vectors(bins_)),
      imaginary_(whole_vectors(bins_)),
      cross_(whole_vectors(bins_)),
      cross_imaginary_(searched_) {
    for (int shift = 0; shift <= reach; ++shift)
        for (std::size_t k = 0; k < searched_; ++k) {
            const double phase = shift * phase_per_shift_ * static_cast<double>(k);
            cosines_.push_back(static_cast<float>(elementary::cos(phase)));
            sines_.push_back(static_cast<float>(elementary::sin(phase)));
        }
    const auto zeros = [](std::size_t count) { return std::vector<float>(count); };
    for (Frame& frame : frames_)
        frame = {zeros(whole_vectors(bins_)), zeros(whole_vectors(bins_)), zeros(searched_),
                 zeros(static_cast<std::size_t>(bands))};
}

inline Periodicity::Frame& Periodicity::keep(std::span<const std::complex<float>> spectrum) noexcept {
    newest_ = (newest_ + 1) % frames_.size();
    Frame& now = frames_[newest_];
    const float* parts = reinterpret_cast<const float*>(spectrum.data());
    for (std::size_t k = 0; k < bins_; ++k) now.real[k] = parts[2 * k], now.imaginary[k] = parts[2 * k + 1];
    return now;
}

template <class Wide>
GRUVE_INLINE float Periodicity::search(const Frame& now, const Frame& earlier, float energy_now,
                                       Scores& scores) noexcept {
    // now · conj(earlier), whitened
    for (std::size_t k = 0; k < searched_; ++k) {
        cross_[k] = weight_[k] * (now.real[k] * earlier.real[k] + now.imaginary[k] * earlier.imaginary[k]);
        cross_imaginary_[k] = weight_[k] * (now.imaginary[k] * earlier.real[k] - now.real[k] * earlier.imaginary[k]);
    }
    const float scale =
        1.0f / std::sqrt(energy_now * dot<Wide>(weight_.data(), earlier.squares.data(), searched_) + least);
    // A shift in the other direction has the same cosine and the opposite sine.
    for (std::size_t shift = 0; shift <= reach; ++shift) {
        const float even = scale * dot<Wide>(cross_.data(), &cosines_[shift * searched_], searched_);
        const float odd = scale * dot<Wide>(cross_imaginary_.data(), &sines_[shift * searched_], searched_);
        scores[reach + shift] = even - odd;
        scores[reach - shift] = even + odd;
    }
    return *std::max_element(scores.begin() + 1, scores.end() - 1);
}

void Periodicity::operator()(const BandLayout& layout, std::span<const std::complex<float>> spectrum,
                             std::span<const float> powers, float scale, float floor,
                             std::span<float> correlation) noexcept {
    run_wide([&]<class Wide>() { hear<Wide>(layout, spectrum, powers, scale, floor, correlation); });
}

template <class Wide>
GRUVE_INLINE void Periodicity::hear(const BandLayout& layout, std::span<const std::complex<float>> spectrum,
                                    std::span<const float> powers, float scale, float floor,
                                    std::span<float> correlation) noexcept {
    Frame& now = keep(spectrum);
    std::ranges::transform(powers, now.powers.begin(), [](float power) { return without_tiny(power, least_product); });
    for (std::size_t k = 1; k < searched_; ++k) {  // without the DC offset
        now.squares[k] = now.real[k] * now.real[k] + now.imaginary[k] * now.imaginary[k];
        // Once above 0, the mean stays there, however long the silence.
        mean_[k] =
            mean_[k] > 0 ? std::max(mean_[k] + mean_rate * (now.squares[k] - mean_[k]), least_mean) : now.squares[k];
        weight_[k] = 1.0f / (mean_[k] + least);
    }

    const float energy = dot<Wide>(weight_.data(), now.squares.data(), searched_);
    float best = -2;
    for (std::size_t age = 1; age <= past; ++age)
        if (const float score = search<Wide>(now, frames_ago(age * frames_per_step_), energy, scores_[age - 1]);
            score > best)
            best = score, age_ = age;
    const Scores& scores = scores_[age_ - 1];
    const auto peak = static_cast<std::size_t>(std::max_element(scores.begin() + 1, scores.end() - 1) - scores.begin());
    const float before = scores[peak - 1], after = scores[peak + 1], curvature = before - 2 * scores[peak] + after;
    // The peak of the parabola through the three scores, relative to the middle one.
    const float rest = curvature < -1e-6f ? std::clamp(0.5f * (before - after) / curvature, -0.5f, 0.5f) : 0.0f;

    phase_ = -static_cast<float>(phase_per_shift_) * (static_cast<float>(peak) - reach + rest);
    turn_earlier<Wide>();
    for (std::size_t k = 0; k < bins_; ++k) cross_[k] = now.real[k] * real_[k] + now.imaginary[k] * imaginary_[k];
    layout.gather(std::span<const float>(cross_).first(bins_), scale, correlation);
    const Frame& earlier = frames_ago(age_ * frames_per_step_);
    for (std::size_t b = 0; b < powers.size(); ++b)
        correlation[b] = std::clamp(
            correlation[b] / (std::sqrt(without_tiny(now.powers[b] * earlier.powers[b], least_product)) + floor), -1.0f,
            1.0f);
}

template <class Wide>
GRUVE_INLINE void Periodicity::turn_earlier() noexcept {
    // The phase of bin k shifts by k times that of bin 1.
    const Frame& earlier = frames_ago(age_ * frames_per_step_);
    std::complex<float> turned[widest];
    for (std::size_t lane = 0; lane < widest; ++lane)
        turned[lane] = lane == 0 ? 1.0f : times(turned[lane - 1], turn(phase_));
    const std::complex<float> stride = times(turned[widest - 1], turn(phase_));
    constexpr std::size_t parts = widest / width<Wide>;
    Wide turned_real[parts], turned_imaginary[parts];
    for (std::size_t part = 0; part < parts; ++part)
        load_pairs(reinterpret_cast<const float*>(&turned[part * width<Wide>]), turned_real[part],
                   turned_imaginary[part]);
    for (std::size_t k = 0; k < bins_; k += widest)
        for (std::size_t part = 0; part < parts; ++part) {
            Wide real, imaginary, &turn_re = turned_real[part], &turn_im = turned_imaginary[part];
            load(&earlier.real[k + part * width<Wide>], real);
            load(&earlier.imaginary[k + part * width<Wide>], imaginary);
            store<Wide>(real * turn_re - imaginary * turn_im, &real_[k + part * width<Wide>]);
            store<Wide>(real * turn_im + imaginary * turn_re, &imaginary_[k + part * width<Wide>]);
            const Wide next = turn_re * stride.real() - turn_im * stride.imag();
            turn_im = turn_re * stride.imag() + turn_im * stride.real();
            turn_re = next;
        }
}

void Periodicity::pass(std::span<const std::complex<float>> spectrum) noexcept {
    keep(spectrum);
    run_wide([&]<class Wide>() { turn_earlier<Wide>(); });
}

void Periodicity::earlier(std::span<std::complex<float>> spectrum) const noexcept {
    float* parts = reinterpret_cast<float*>(spectrum.data());
    for (std::size_t k = 0; k < bins_; ++k) parts[2 * k] = real_[k], parts[2 * k + 1] = imaginary_[k];
}

void Periodicity::reset() noexcept {
    for (Frame& frame : frames_)
        for (auto* values : {&frame.real, &frame.imaginary, &frame.squares, &frame.powers})
            std::ranges::fill(*values, 0.0f);
    std::ranges::fill(mean_, 0.0f);
    age_ = 1;
    phase_ = 0;
}

}  // namespace gruve
