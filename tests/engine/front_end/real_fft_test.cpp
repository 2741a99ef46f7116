#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <complex>
#include <numbers>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "engine/front_end/complex_fft.h"
#include "engine/front_end/real_fft.h"
#include "tests/engine/signals.h"

using namespace gruve;

BOOST_AUTO_TEST_SUITE(real_fft)

// Every radix, every number of lanes, odd lengths (computed at twice their length), and those of the usual rates.
constexpr int sizes[] = {1,  2,   3,   4,   5,   6,   7,   8,   10,  13,  14,  16,  22,   26,   30,   54,  77,
                         91, 121, 143, 160, 169, 320, 441, 512, 640, 880, 882, 960, 1408, 1536, 1764, 1920};

BOOST_AUTO_TEST_CASE(equals_the_sum_of_its_definition) {
    for (const int size : sizes) {
        RealFft fft(size);
        const std::vector<float> x = tiny::white_noise(static_cast<std::size_t>(size), 1.0, 7);
        std::ranges::copy(x, fft.samples().begin());
        fft.forward();
        double worst = 0;
        for (std::size_t k = 0; k < fft.spectrum().size(); ++k) {
            std::complex<double> sum = 0;
            for (std::size_t n = 0; n < x.size(); ++n)
                sum += static_cast<double>(x[n]) *
                       std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n % x.size()) / size);
            worst = std::max(worst, std::abs(std::complex<double>(fft.spectrum()[k]) - sum));
        }
        BOOST_TEST(worst < 4e-5, size << ": " << worst);
        BOOST_TEST(std::ranges::equal(x, fft.samples()));
        fft.inverse();
        worst = 0;
        for (std::size_t n = 0; n < x.size(); ++n)
            worst = std::max<double>(worst, std::abs(fft.samples()[n] / static_cast<float>(size) - x[n]));
        BOOST_TEST(worst < 2e-6, size << " and back: " << worst);
    }
}

BOOST_AUTO_TEST_CASE(inverse_takes_the_outer_bins_as_real) {
    RealFft fft(16);
    std::ranges::fill(fft.spectrum(), std::complex<float>(0, 0));
    fft.spectrum().front() = {1, 5};
    fft.spectrum().back() = {2, -7};
    fft.inverse();
    for (std::size_t n = 0; n < 16; ++n) BOOST_TEST(fft.samples()[n] == (n % 2 == 0 ? 3.0f : -1.0f));
}

template <class Wide>
std::vector<float> complex_transform(std::size_t size, const std::vector<float>& x) {
    ComplexFft fft(size);
    constexpr std::size_t a_row = widest / width<Wide>;
    for (std::size_t row = 0; row < fft.rows(); ++row)
        for (std::size_t lane = 0; lane < fft.lanes(); ++lane) {
            WideComplex<Wide>& vector = fft.input<Wide>()[row * a_row + lane / width<Wide>];
            vector.re[lane % width<Wide>] = x[2 * (row * fft.lanes() + lane)];
            vector.im[lane % width<Wide>] = x[2 * (row * fft.lanes() + lane) + 1];
        }
    std::vector<float> parts(2 * size);
    fft.run<Wide>(parts.data(), parts.data() + size);
    return parts;
}

BOOST_AUTO_TEST_CASE(same_bits_whatever_the_width_of_vectors) {
    for (const int n : sizes) {
        const auto size = static_cast<std::size_t>(n);
        const std::vector<float> x = tiny::white_noise(2 * size, 1.0, 8);
        BOOST_TEST((complex_transform<Wide4>(size, x) == complex_transform<Wide8>(size, x)), size);
    }
}

BOOST_AUTO_TEST_CASE(refuses_other_lengths) {
    for (const int size : {0, -1, 17, 38, 997}) BOOST_CHECK_THROW(RealFft{size}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(fast_sizes) {
    for (const auto& [size, fast, nearest] :
         {std::tuple{1, 1, 1}, {221, 224, 220}, {441, 441, 441}, {1411, 1440, 1408}, {1536, 1536, 1536}}) {
        BOOST_TEST(fast_fft_size(size) == fast);
        BOOST_TEST(nearest_fast_fft_size(size) == nearest);
    }
}

BOOST_AUTO_TEST_SUITE_END()
