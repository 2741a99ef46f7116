// Recordings: read from audio files and written to them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gruve {

/// One recording in memory.
struct Audio {
    int rate_hz = 0;
    std::vector<float> samples;  // mono, full scale ±1
    double seconds() const { return rate_hz ? static_cast<double>(samples.size()) / rate_hz : 0.0; }
};

/// Reads a file of any format and channel count that libsndfile supports, at 1 to 768 kHz, and averages its channels.
/// Throws DataError if the file cannot be read, has no samples, or holds NaN or infinity (the message gives the
/// position).
Audio read_audio(const std::filesystem::path&);
/// A file's header; nothing is decoded.
struct AudioHeader {
    int rate_hz = 0, channels = 0;
    std::int64_t frames = 0;  // as the header gives them
    std::string error;        // read_header() throws it instead
    double seconds() const { return rate_hz > 0 ? static_cast<double>(frames) / rate_hz : 0.0; }
};
/// Throws DataError if the file cannot be opened.
AudioHeader read_header(const std::filesystem::path&);
/// The length that the file's header gives; nothing is decoded. Throws DataError if the file cannot be opened.
double seconds_of(const std::filesystem::path&);
/// All channels, one vector each; the sample rate is stored in rate_hz. Throws DataError as read_audio() does.
std::vector<std::vector<float>> read_channels(const std::filesystem::path&, int& rate_hz);
/// Writes a 32-bit float WAV file under a temporary name, then renames it: a reader never sees half a file. Throws
/// DataError if the channels differ in length, the rate is not positive, or the file cannot be written.
void write_wav(const std::filesystem::path&, const std::vector<std::vector<float>>& channels, int rate_hz);

}  // namespace gruve
