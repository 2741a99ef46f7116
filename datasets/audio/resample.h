// Sample rate conversion of whole recordings.
#pragma once

#include <vector>

namespace gruve {

/// Resamples a whole recording with a Kaiser-windowed sinc: 70 dB stop-band attenuation, pass band up to 0.43 of the
/// lower rate. Not for real-time use. Only the ratio of the rates counts, so from_hz = 110, to_hz = 100 plays the sound
/// 10 % faster. The result has ceil(samples · to_hz / from_hz) samples. Throws DataError if a rate is not positive, or
/// if the greatest common divisor of the rates is so small that the filter table would exceed 64 MiB.
std::vector<float> resample(const std::vector<float>& samples, int from_hz, int to_hz);

}  // namespace gruve
