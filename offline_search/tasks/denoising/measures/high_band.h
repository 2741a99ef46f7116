// What is left above 8 kHz, where speech has hisses and breath, and most networks have learnt nothing.
#pragma once

#include <span>

namespace gruve {

/// In dB. Not a number where the clean speech has next to nothing above 8 kHz (less than −50 dB of its power), as in
/// recordings at 16 kHz.
struct HighBand {
    double level = 0;     // power of `processed` above 8 kHz, relative to that of `clean`
    double distance = 0;  // log-spectral distance of both
};

/// Hann windows of 20 ms at hops of 10 ms. The distance is the mean over frames of the root mean square over bins of
/// the difference in dB; both spectra are raised to 60 dB below the loudest bin of `clean` above 8 kHz. Throws
/// std::invalid_argument if the lengths differ.
HighBand high_band(std::span<const float> clean, std::span<const float> processed, int rate_hz);

}  // namespace gruve
