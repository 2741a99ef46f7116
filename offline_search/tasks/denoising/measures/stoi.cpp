// Taal et al. 2011, "An algorithm for intelligibility prediction of time-frequency weighted noisy speech". The
// constants are those of the paper. The resampler is a Kaiser-windowed sinc with 60 dB rejection, as in the authors'
// Matlab code.
#include "offline_search/tasks/denoising/measures/stoi.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <unsupported/Eigen/FFT>

namespace gruve {
namespace {

using Signal = std::vector<double>;
using Envelopes = Eigen::MatrixXd;  // bands × frames

constexpr int stoi_rate = 10000, frame = 256, hop = 128, fft_size = 512, bands = 15, segment = 30;
constexpr double lowest_band_hz = 150.0, dynamic_range_db = 40.0, clip_db = 15.0;
constexpr double tiny = std::numeric_limits<double>::epsilon();

double bessel_i0(double x) {
    double sum = 1, term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

/// A low pass at the lower of both Nyquist frequencies. It works at the rate up · input rate.
Signal resampling_filter(int up, int down) {
    constexpr double rejection_db = 60;
    const double cutoff = 1.0 / (2.0 * std::max(up, down)), roll_off = cutoff / 10;
    const int half = static_cast<int>(std::ceil((rejection_db - 8) / (28.714 * roll_off)));
    const double beta = 0.1102 * (rejection_db - 8.7), peak = bessel_i0(beta);
    Signal taps(static_cast<std::size_t>(2 * half + 1));
    for (int t = -half; t <= half; ++t) {
        const double phase = std::numbers::pi * 2 * cutoff * t;
        const double sinc = t == 0 ? 1.0 : std::sin(phase) / phase;
        const double edge = static_cast<double>(t) / half;
        taps[static_cast<std::size_t>(t + half)] = sinc * bessel_i0(beta * std::sqrt(1 - edge * edge)) / peak;
    }
    const double sum = std::accumulate(taps.begin(), taps.end(), 0.0);
    for (double& tap : taps) tap *= up / sum;
    return taps;
}

/// Resamples `x` to 10 kHz. Every `up`th sample of the result uses the same taps of the filter, so the taps are sorted
/// by phase first.
Signal to_stoi_rate(std::span<const float> x, int rate_hz) {
    const int divisor = std::gcd(stoi_rate, rate_hz), up = stoi_rate / divisor, down = rate_hz / divisor;
    if (up == down) return {x.begin(), x.end()};
    const Signal taps = resampling_filter(up, down);
    const auto half = static_cast<long>(taps.size() / 2), reach = half / up + 1, size = static_cast<long>(x.size());
    Eigen::MatrixXd phases =
        Eigen::MatrixXd::Zero(2 * reach + 1, up);  // one column a phase; row r belongs to the sample at r − reach
    for (int phase = 0; phase < up; ++phase)
        for (long i = -reach; i <= reach; ++i)
            if (const long tap = phase - i * up + half; tap >= 0 && tap <= 2 * half)
                phases(i + reach, phase) = taps[static_cast<std::size_t>(tap)];

    Eigen::VectorXd padded = Eigen::VectorXd::Zero(size + 2 * reach);
    for (long i = 0; i < size; ++i) padded[i + reach] = static_cast<double>(x[static_cast<std::size_t>(i)]);
    Signal y(static_cast<std::size_t>((size * up + down - 1) / down));
    for (std::size_t n = 0; n < y.size(); ++n) {
        const long centre = static_cast<long>(n) * down;  // at rate up · input
        y[n] = phases.col(centre % up).dot(padded.segment(centre / up, 2 * reach + 1));
    }
    return y;
}

const Signal& window() {
    static const Signal hann = [] {
        Signal w(frame);
        for (int i = 0; i < frame; ++i)
            w[static_cast<std::size_t>(i)] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 1) / (frame + 1));
        return w;
    }();
    return hann;
}

int frames_in(const Signal& x) {
    return static_cast<int>(x.size()) <= frame ? 0 : (static_cast<int>(x.size()) - frame - 1) / hop + 1;
}

/// Indices of the frames of the clean signal within the dynamic range of its loudest frame.
std::vector<int> active_frames(const Signal& clean) {
    std::vector<double> level_db;
    for (int f = 0; f < frames_in(clean); ++f) {
        double energy = 0;
        for (int i = 0; i < frame; ++i) {
            const double v = window()[static_cast<std::size_t>(i)] * clean[static_cast<std::size_t>(f * hop + i)];
            energy += v * v;
        }
        level_db.push_back(20 * std::log10(std::sqrt(energy) + tiny));
    }
    std::vector<int> active;
    if (level_db.empty()) return active;
    const double loudest = *std::max_element(level_db.begin(), level_db.end());
    for (std::size_t f = 0; f < level_db.size(); ++f)
        if (level_db[f] > loudest - dynamic_range_db) active.push_back(static_cast<int>(f));
    return active;
}

/// The frames of `x` in `active`, windowed and overlap-added without gaps.
Signal keep_frames(const Signal& x, const std::vector<int>& active) {
    if (active.empty()) return {};
    Signal y((active.size() - 1) * hop + frame);
    for (std::size_t k = 0; k < active.size(); ++k)
        for (std::size_t i = 0; i < frame; ++i)
            y[k * hop + i] += window()[i] * x[static_cast<std::size_t>(active[k]) * hop + i];
    return y;
}

int bin_near(double hz) { return static_cast<int>(std::lround(hz * fft_size / stoi_rate)); }

Envelopes band_envelopes(const Signal& x) {
    Envelopes envelopes(bands, frames_in(x));
    Eigen::FFT<double> fft;
    Signal padded(fft_size);
    std::vector<std::complex<double>> spectrum;
    for (int f = 0; f < frames_in(x); ++f) {
        for (std::size_t i = 0; i < frame; ++i) padded[i] = window()[i] * x[static_cast<std::size_t>(f) * hop + i];
        fft.fwd(spectrum, padded);
        for (int band = 0; band < bands; ++band) {
            const int low = bin_near(lowest_band_hz * std::exp2((2 * band - 1) / 6.0));
            const int high = bin_near(lowest_band_hz * std::exp2((2 * band + 1) / 6.0));
            double power = 0;
            for (int bin = low; bin < high; ++bin) power += std::norm(spectrum[static_cast<std::size_t>(bin)]);
            envelopes(band, f) = std::sqrt(power);
        }
    }
    return envelopes;
}

double correlation(const Eigen::RowVectorXd& x, const Eigen::RowVectorXd& y) {
    const double gain = x.norm() / (y.norm() + tiny);
    Eigen::RowVectorXd clipped = (y * gain).cwiseMin(x * (1 + std::pow(10.0, clip_db / 20)));
    clipped.array() -= clipped.mean();
    const Eigen::RowVectorXd centred = x.array() - x.mean();
    return centred.dot(clipped) / ((centred.norm() + tiny) * (clipped.norm() + tiny));
}

}  // namespace

Stoi::Stoi(std::span<const float> clean, int rate_hz) : rate_hz_(rate_hz), samples_(clean.size()) {
    if (rate_hz <= 0) throw std::invalid_argument("stoi: rate must be positive");
    const Signal x = to_stoi_rate(clean, rate_hz);
    active_ = active_frames(x);
    envelopes_ = band_envelopes(keep_frames(x, active_));
}

double Stoi::of(std::span<const float> processed) const {
    if (processed.size() != samples_) throw std::invalid_argument("stoi: clean and processed differ in length");
    const auto segments = envelopes_.cols() - segment + 1;
    if (segments < 1) return std::numeric_limits<double>::quiet_NaN();
    const Envelopes envelopes = band_envelopes(keep_frames(to_stoi_rate(processed, rate_hz_), active_));
    double sum = 0;
    for (Eigen::Index s = 0; s < segments; ++s)
        for (int band = 0; band < bands; ++band)
            sum += correlation(envelopes_.block(band, s, 1, segment), envelopes.block(band, s, 1, segment));
    return sum / static_cast<double>(segments * bands);
}

}  // namespace gruve
