// Audio files in pieces: memory does not grow with their length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace gruve {

/// Reads an audio file of any format that libsndfile supports, at 1 to 768 kHz, from its beginning to its end. Not
/// thread-safe.
class AudioReader {
public:
    /// Throws DataError, naming the file, if it is missing, empty or cannot be read as audio.
    explicit AudioReader(const std::filesystem::path&);
    ~AudioReader();
    AudioReader(AudioReader&&) noexcept;
    AudioReader& operator=(AudioReader&&) noexcept;

    int rate_hz() const;
    int channels() const;
    /// Frames (one sample of each channel) that the header promises; 0 if it does not say. A damaged file holds fewer.
    std::int64_t frames() const;

    /// Reads the next frames, interleaved, into `samples`, whose size is a multiple of channels(). Returns the number
    /// of frames read; 0 at the end. Throws DataError for a damaged file, a file without samples, and for NaN or
    /// infinity (the message gives the position).
    std::size_t read(std::span<float> samples);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The mean of each frame's channels, accumulated in double. Writes frames.size() / channels samples to the beginning
/// of `frames` and returns that part.
std::span<float> mean_of_channels(std::span<float> frames, int channels);

/// Whether this many samples of 32 bits pass the 4 GiB that a WAV file can hold.
bool passes_wav(std::int64_t frames, int channels);

/// Writes 32-bit float samples under a temporary name and renames the file at the end: a reader never sees half of it.
/// The file is WAV; RF64 (EBU Tech 3306, WAV with 64-bit sizes, under the same name) if `frames` samples of each
/// channel pass 4 GiB; or Sony Wave64 if the name ends in .w64. Not thread-safe.
class AudioWriter {
public:
    /// frames: how many frames are expected, for the choice of the format; fewer or more may be written. Throws
    /// DataError if there is no channel, the rate is not positive, or the file cannot be opened.
    AudioWriter(const std::filesystem::path&, int channels, int rate_hz, std::int64_t frames);
    /// Removes the temporary file unless finish() was called.
    ~AudioWriter();
    AudioWriter(const AudioWriter&) = delete;
    AudioWriter& operator=(const AudioWriter&) = delete;

    /// Writes interleaved frames. Throws DataError if the disk is full, or if a WAV file passes 4 GiB.
    void write(std::span<const float> samples);
    /// Completes the file and gives it its name. Throws DataError if that fails. Call it once, at the end.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace gruve
