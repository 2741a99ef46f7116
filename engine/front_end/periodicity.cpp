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

Periodicity::Periodicity(int bands, double bin_hz, double high_hz, double step_s, int frames_per_step)
    : bins_(static_cast<std::size_t>(high_hz / bin_hz) + 1),
      searched_(whole_lanes(std::min(bins_, static_cast<std::size_t>(searched_hz / bin_hz) + 1))),
      phase_per_shift_(2 * std::numbers::pi * bin_hz * step_s / (2 * reach - 2)), frames_per_step_(static_cast<std::size_t>(frames_per_step)),
      frames_(past * frames_per_step_ + 1), mean_(searched_), weight_(searched_), real_(whole_lanes(bins_)), imaginary_(whole_lanes(bins_)),
      cross_(whole_lanes(bins_)), cross_imaginary_(searched_) {
    for (int shift = 0; shift <= reach; ++shift)
        for (std::size_t k = 0; k < searched_; ++k) {
            const double phase = shift * phase_per_shift_ * static_cast<double>(k);
            cosines_.push_back(static_cast<float>(std::cos(phase)));
            sines_.push_back(static_cast<float>(std::sin(phase)));
        }
    const auto zeros = [](std::size_t count) { return std::vector<float>(count); };
    for (Frame& frame : frames_) frame = {zeros(whole_lanes(bins_)), zeros(whole_lanes(bins_)), zeros(searched_), zeros(static_cast<std::size_t>(bands))};
}

Periodicity::Frame& Periodicity::keep(std::span<const std::complex<float>> spectrum) noexcept {
    newest_ = (newest_ + 1) % frames_.size();
    Frame& now = frames_[newest_];
    const float* parts = reinterpret_cast<const float*>(spectrum.data());
    for (std::size_t k = 0; k < bins_; ++k) now.real[k] = parts[2 * k], now.imaginary[k] = parts[2 * k + 1];
    return now;
}

float Periodicity::search(const Frame& now, const Frame& earlier, float energy_now, Scores& scores) noexcept {
    // now · conj(earlier), whitened
    for (std::size_t k = 0; k < searched_; ++k) {
        cross_[k] = weight_[k] * (now.real[k] * earlier.real[k] + now.imaginary[k] * earlier.imaginary[k]);
        cross_imaginary_[k] = weight_[k] * (now.imaginary[k] * earlier.real[k] - now.real[k] * earlier.imaginary[k]);
    }
    const float scale = 1.0f / std::sqrt(energy_now * dot(weight_.data(), earlier.squares.data(), searched_) + least);
    // A shift the other way has the same cosine and the opposite sine.
    for (std::size_t shift = 0; shift <= reach; ++shift) {
        const float even = scale * dot(cross_.data(), &cosines_[shift * searched_], searched_);
        const float odd = scale * dot(cross_imaginary_.data(), &sines_[shift * searched_], searched_);
        scores[reach + shift] = even - odd;
        scores[reach - shift] = even + odd;
    }
    return *std::max_element(scores.begin() + 1, scores.end() - 1);
}

void Periodicity::operator()(const BandLayout& layout, std::span<const std::complex<float>> spectrum, std::span<const float> powers, float scale,
                             float floor, std::span<float> correlation) noexcept {
    Frame& now = keep(spectrum);
    std::ranges::copy(powers, now.powers.begin());
    for (std::size_t k = 1; k < searched_; ++k) {  // an offset says nothing about sound
        now.squares[k] = now.real[k] * now.real[k] + now.imaginary[k] * now.imaginary[k];
        mean_[k] += (mean_[k] > 0 ? mean_rate : 1.0f) * (now.squares[k] - mean_[k]);
        weight_[k] = 1.0f / (mean_[k] + least);
    }

    const float energy = dot(weight_.data(), now.squares.data(), searched_);
    float best = -2;
    for (std::size_t age = 1; age <= past; ++age)
        if (const float score = search(now, frames_ago(age * frames_per_step_), energy, scores_[age - 1]); score > best) best = score, age_ = age;
    const Scores& scores = scores_[age_ - 1];
    const auto peak = static_cast<std::size_t>(std::max_element(scores.begin() + 1, scores.end() - 1) - scores.begin());
    const float before = scores[peak - 1], after = scores[peak + 1], curvature = before - 2 * scores[peak] + after;
    const float rest = curvature < -1e-6f ? std::clamp(0.5f * (before - after) / curvature, -0.5f, 0.5f) : 0.0f;  // of the parabola's top

    phase_ = -static_cast<float>(phase_per_shift_) * (static_cast<float>(peak) - reach + rest);
    turn_earlier();
    for (std::size_t k = 0; k < bins_; ++k) cross_[k] = now.real[k] * real_[k] + now.imaginary[k] * imaginary_[k];
    layout.gather(std::span<const float>(cross_).first(bins_), scale, correlation);
    const Frame& earlier = frames_ago(age_ * frames_per_step_);
    for (std::size_t b = 0; b < powers.size(); ++b)
        correlation[b] = std::clamp(correlation[b] / (std::sqrt(now.powers[b] * earlier.powers[b]) + floor), -1.0f, 1.0f);
}

void Periodicity::turn_earlier() noexcept {
    // Bin k's phase moves by k times that of bin 1.
    const Frame& earlier = frames_ago(age_ * frames_per_step_);
    std::complex<float> turned[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) turned[lane] = lane == 0 ? 1.0f : times(turned[lane - 1], turn(phase_));
    const std::complex<float> stride = times(turned[lanes - 1], turn(phase_));
    float turned_real[lanes], turned_imaginary[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) turned_real[lane] = turned[lane].real(), turned_imaginary[lane] = turned[lane].imag();
    for (std::size_t k = 0; k < bins_; k += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            real_[k + lane] = earlier.real[k + lane] * turned_real[lane] - earlier.imaginary[k + lane] * turned_imaginary[lane];
            imaginary_[k + lane] = earlier.real[k + lane] * turned_imaginary[lane] + earlier.imaginary[k + lane] * turned_real[lane];
            const float next = turned_real[lane] * stride.real() - turned_imaginary[lane] * stride.imag();
            turned_imaginary[lane] = turned_real[lane] * stride.imag() + turned_imaginary[lane] * stride.real();
            turned_real[lane] = next;
        }
}

void Periodicity::pass(std::span<const std::complex<float>> spectrum) noexcept {
    keep(spectrum);
    turn_earlier();
}

void Periodicity::earlier(std::span<std::complex<float>> spectrum) const noexcept {
    float* parts = reinterpret_cast<float*>(spectrum.data());
    for (std::size_t k = 0; k < bins_; ++k) parts[2 * k] = real_[k], parts[2 * k + 1] = imaginary_[k];
}

void Periodicity::reset() noexcept {
    for (Frame& frame : frames_)
        for (auto* values : {&frame.real, &frame.imaginary, &frame.squares, &frame.powers}) std::ranges::fill(*values, 0.0f);
    std::ranges::fill(mean_, 0.0f);
    age_ = 1;
    phase_ = 0;
}

}  // namespace gruve
