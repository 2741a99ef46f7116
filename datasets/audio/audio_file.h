// One recording in memory.
#pragma once

#include <filesystem>
#include <vector>

namespace gruve {

struct Audio {
    int rate_hz = 0;
    std::vector<float> samples;  // mono, full scale ±1
    double seconds() const { return rate_hz ? static_cast<double>(samples.size()) / rate_hz : 0.0; }
};

/// Any format and channel count that libsndfile reads, 1 to 768 kHz; channels are averaged. Throws DataError for files that
/// can't be read, have no samples, or hold NaN or Inf (with the sample's position).
Audio read_audio(const std::filesystem::path&);
/// Length by the file's header; nothing is decoded. Throws DataError where it can't be opened.
double seconds_of(const std::filesystem::path&);
/// All channels, one vector each; rate returned through rate_hz.
std::vector<std::vector<float>> read_channels(const std::filesystem::path&, int& rate_hz);
/// 32-bit float WAV, written aside and renamed. Throws DataError.
void write_wav(const std::filesystem::path&, const std::vector<std::vector<float>>& channels, int rate_hz);

}  // namespace gruve
