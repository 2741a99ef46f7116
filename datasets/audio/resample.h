// Sample rate conversion of whole recordings.
#pragma once

#include <vector>

namespace gruve {

/// Windowed-sinc resampling of a whole recording (offline only): 70 dB stop band, pass band to 0.43 of the lower rate. Only the
/// ratio counts, so from = 110, to = 100 plays 10 % faster. Length: ceil(samples · to / from).
std::vector<float> resample(const std::vector<float>& samples, int from_hz, int to_hz);

}  // namespace gruve
