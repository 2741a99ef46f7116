// The adjoints of the denoiser's bands against the steps that they belong to.
#include "offline_search/tasks/denoising/band_adjoints.h"

#include <boost/test/unit_test.hpp>
#include <complex>
#include <vector>

#include "tests/engine/signals.h"

using namespace gruve;
using Spectrum = std::vector<std::complex<float>>;

namespace {

DenoiserConfig live() {
    DenoiserConfig config;
    config.latency_s = 0.005f;
    config.net_every = 2;
    return config;
}

std::vector<float> random_vector(std::size_t size, std::uint64_t seed) { return tiny::white_noise(size, 1.0, seed); }

double dot(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

/// The gains of all bins: a spectrum of ones after apply().
std::vector<float> spread(const DenoiserBands& bands, const std::vector<float>& band_gains) {
    Spectrum spectrum(static_cast<std::size_t>(bands.bins()), 1.0f);
    bands.apply(band_gains, spectrum);
    std::vector<float> gains;
    for (const std::complex<float>& value : spectrum) gains.push_back(value.real());
    return gains;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(band_adjoints)

BOOST_AUTO_TEST_CASE(spread_adjoint_is_the_adjoint) {
    for (double rate_hz : {11025.0, 16000.0, 44100.0}) {
        DenoiserBands bands({}, rate_hz);
        const auto count = static_cast<std::size_t>(bands.bands()), bins = static_cast<std::size_t>(bands.bins());
        const std::vector<float> gains = random_vector(count, 1), gradient = random_vector(bins, 2);
        std::vector<float> back(count);
        spread_adjoint(bands, gradient, back);
        BOOST_TEST(dot(spread(bands, gains), gradient) == dot(gains, back), boost::test_tools::tolerance(1e-4));
    }
}

BOOST_AUTO_TEST_CASE(band_powers_adjoint_is_the_gradient) {
    DenoiserBands bands({}, 16000);
    const auto count = static_cast<std::size_t>(bands.bands()), bins = static_cast<std::size_t>(bands.bins());
    const std::vector<float> parts = random_vector(2 * bins, 3), direction = random_vector(2 * bins, 4),
                             weight = random_vector(count, 5);
    const auto weighed = [&](float step) {
        Spectrum spectrum(bins);
        for (std::size_t k = 0; k < bins; ++k)
            spectrum[k] = {parts[2 * k] + step * direction[2 * k], parts[2 * k + 1] + step * direction[2 * k + 1]};
        std::vector<float> powers(count);
        bands.band_powers(spectrum, powers);
        return dot(powers, weight);
    };
    Spectrum spectrum(bins), gradient(bins);
    for (std::size_t k = 0; k < bins; ++k) spectrum[k] = {parts[2 * k], parts[2 * k + 1]};
    band_powers_adjoint(bands, weight, spectrum, gradient);
    double slope = 0;
    for (std::size_t k = 0; k < bins; ++k)
        slope += double{gradient[k].real()} * double{direction[2 * k]} +
                 double{gradient[k].imag()} * double{direction[2 * k + 1]};
    BOOST_TEST((weighed(0.01f) - weighed(-0.01f)) / 0.02 == slope, boost::test_tools::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(synthesise_adjoint_is_the_adjoint) {
    for (double rate_hz : {11025.0, 16000.0, 22050.0, 44100.0}) {  // windows of odd and even length
        DenoiserBands bands(live(), rate_hz);
        const auto bins = static_cast<std::size_t>(bands.bins()), length = static_cast<std::size_t>(bands.latency());
        const std::vector<float> parts = random_vector(2 * bins, 3), gradient = random_vector(length, 4);
        Spectrum spectrum(bins), back(bins);
        for (std::size_t k = 0; k < bins; ++k) spectrum[k] = {parts[2 * k], parts[2 * k + 1]};
        std::vector<float> frame(length);
        bands.synthesise(spectrum, frame);
        synthesise_adjoint(bands, gradient, back);
        double right = 0;
        for (std::size_t k = 0; k < bins; ++k)
            right += static_cast<double>(spectrum[k].real()) * back[k].real() +
                     static_cast<double>(spectrum[k].imag()) * back[k].imag();
        BOOST_TEST(dot(frame, gradient) == right, boost::test_tools::tolerance(1e-3));
    }
}

BOOST_AUTO_TEST_SUITE_END()
