#include "engine/front_end/periodicity.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gruve {
namespace {

constexpr double searched_hz = 1500;  // where a voice's harmonics stand out
constexpr float mean_rate = 0.005f;   // a step: whitens by the last second
constexpr float least = 1e-20f;
constexpr std::size_t lanes = 8;

/// Without std::complex's care for infinities.
std::complex<float> times(std::complex<float> a, std::complex<float> b) noexcept {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Sum of a·b, both of a whole number of lanes: in a fixed order that compilers can vectorise.
float dot(const float* a, const float* b, std::size_t count) noexcept {
    float sums[lanes] = {};
    for (std::size_t k = 0; k < count; k += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += a[k + lane] * b[k + lane];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

std::size_t whole_lanes(std::size_t count) { return (count + lanes - 1) / lanes * lanes; }

/// e^(i·phase) for phases up to about 1 by its series, the same on every machine.
std::complex<float> turn(float phase) noexcept {
    const float x = phase * phase;
    return {1 - x * (1.0f / 2) * (1 - x * (1.0f / 12) * (1 - x * (1.0f / 30) * (1 - x * (1.0f / 56)))),
            phase * (1 - x * (1.0f / 6) * (1 - x * (1.0f / 20) * (1 - x * (1.0f / 42) * (1 - x * (1.0f / 72)))))};
}

}  // namespace

Periodicity::Periodicity(int bands, double bin_hz, double high_hz, double step_s)
    : bins_(static_cast<std::size_t>(high_hz / bin_hz) + 1),
      searched_(whole_lanes(std::min(bins_, static_cast<std::size_t>(searched_hz / bin_hz) + 1))),
      phase_per_shift_(2 * std::numbers::pi * bin_hz * step_s / (2 * reach - 2)), mean_(searched_), weight_(searched_), real_(whole_lanes(bins_)),
      imaginary_(whole_lanes(bins_)) {
    for (int shift = 0; shift <= reach; ++shift)
        for (std::size_t k = 0; k < searched_; ++k) {
            const double phase = shift * phase_per_shift_ * static_cast<double>(k);
            cosines_.push_back(static_cast<float>(std::cos(phase)));
            sines_.push_back(static_cast<float>(std::sin(phase)));
        }
    const auto zeros = [](std::size_t count) { return std::vector<float>(count); };
    for (Frame& frame : frames_) frame = {zeros(whole_lanes(bins_)), zeros(whole_lanes(bins_)), zeros(searched_), zeros(static_cast<std::size_t>(bands))};
}

/// Re(now · conj(earlier)) and its imaginary part, per bin.
void Periodicity::cross(const Frame& now, const Frame& earlier, std::size_t bins) noexcept {
    for (std::size_t k = 0; k < bins; ++k) {
        real_[k] = now.real[k] * earlier.real[k] + now.imaginary[k] * earlier.imaginary[k];
        imaginary_[k] = now.imaginary[k] * earlier.real[k] - now.real[k] * earlier.imaginary[k];
    }
}

float Periodicity::search(const Frame& now, const Frame& earlier, float energy_now, Scores& scores) noexcept {
    cross(now, earlier, searched_);
    for (std::size_t k = 0; k < searched_; ++k) real_[k] *= weight_[k], imaginary_[k] *= weight_[k];
    const float scale = 1.0f / std::sqrt(energy_now * dot(weight_.data(), earlier.squares.data(), searched_) + least);
    // A shift the other way has the same cosine and the opposite sine.
    for (std::size_t shift = 0; shift <= reach; ++shift) {
        const float even = scale * dot(real_.data(), &cosines_[shift * searched_], searched_);
        const float odd = scale * dot(imaginary_.data(), &sines_[shift * searched_], searched_);
        scores[reach + shift] = even - odd;
        scores[reach - shift] = even + odd;
    }
    return *std::max_element(scores.begin() + 1, scores.end() - 1);
}

void Periodicity::operator()(const BandLayout& layout, std::span<const std::complex<float>> spectrum, std::span<const float> powers, float scale,
                             float floor, std::span<float> correlation) noexcept {
    newest_ = (newest_ + 1) % frames_.size();
    Frame& now = frames_[newest_];
    const auto earlier = [&](std::size_t age) -> const Frame& { return frames_[(newest_ + frames_.size() - 1 - age) % frames_.size()]; };
    std::ranges::copy(powers, now.powers.begin());
    const float* parts = reinterpret_cast<const float*>(spectrum.data());
    for (std::size_t k = 0; k < bins_; ++k) now.real[k] = parts[2 * k], now.imaginary[k] = parts[2 * k + 1];
    for (std::size_t k = 1; k < searched_; ++k) {  // an offset says nothing about sound
        now.squares[k] = now.real[k] * now.real[k] + now.imaginary[k] * now.imaginary[k];
        mean_[k] += (mean_[k] > 0 ? mean_rate : 1.0f) * (now.squares[k] - mean_[k]);
        weight_[k] = 1.0f / (mean_[k] + least);
    }

    const float energy = dot(weight_.data(), now.squares.data(), searched_);
    std::size_t age = 0;
    float best = -2;
    for (std::size_t a = 0; a < past; ++a)
        if (const float score = search(now, earlier(a), energy, scores_[a]); score > best) best = score, age = a;
    const Scores& scores = scores_[age];
    const auto peak = static_cast<std::size_t>(std::max_element(scores.begin() + 1, scores.end() - 1) - scores.begin());
    const float before = scores[peak - 1], after = scores[peak + 1], curvature = before - 2 * scores[peak] + after;
    const float rest = curvature < -1e-6f ? std::clamp(0.5f * (before - after) / curvature, -0.5f, 0.5f) : 0.0f;  // of the parabola's top

    // Bin k's phase moves by k times that of bin 1.
    cross(now, earlier(age), bins_);
    const float shift = static_cast<float>(phase_per_shift_) * (static_cast<float>(peak) - reach + rest);
    std::complex<float> turned[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) turned[lane] = lane == 0 ? 1.0f : times(turned[lane - 1], turn(shift));
    const std::complex<float> stride = times(turned[lanes - 1], turn(shift));
    float turned_real[lanes], turned_imaginary[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) turned_real[lane] = turned[lane].real(), turned_imaginary[lane] = turned[lane].imag();
    for (std::size_t k = 0; k < bins_; k += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            real_[k + lane] = real_[k + lane] * turned_real[lane] - imaginary_[k + lane] * turned_imaginary[lane];
            const float next = turned_real[lane] * stride.real() - turned_imaginary[lane] * stride.imag();
            turned_imaginary[lane] = turned_real[lane] * stride.imag() + turned_imaginary[lane] * stride.real();
            turned_real[lane] = next;
        }
    layout.gather(std::span<const float>(real_).first(bins_), scale, correlation);
    for (std::size_t b = 0; b < powers.size(); ++b)
        correlation[b] = std::clamp(correlation[b] / (std::sqrt(now.powers[b] * earlier(age).powers[b]) + floor), -1.0f, 1.0f);
}

void Periodicity::reset() noexcept {
    for (Frame& frame : frames_)
        for (auto* values : {&frame.real, &frame.imaginary, &frame.squares, &frame.powers}) std::ranges::fill(*values, 0.0f);
    std::ranges::fill(mean_, 0.0f);
}

}  // namespace gruve
