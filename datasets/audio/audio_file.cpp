#include "datasets/audio/audio_file.h"

#include <algorithm>
#include <string>

#include "datasets/audio/audio_stream.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

/// The interleaved samples of the whole file.
std::vector<float> read_interleaved(const fs::path& path, AudioReader& file) {
    // Compressed silence can expand without limit. This bound is above what speech codecs reach, and keeps a small file
    // from filling the memory.
    const std::size_t most =
        std::max<std::size_t>(std::size_t{1} << 24, 64 * static_cast<std::size_t>(fs::file_size(path)));
    const auto channels = static_cast<std::size_t>(file.channels());
    std::vector<float> samples, chunk(std::max<std::size_t>(1, (1 << 16) / channels) * channels);
    while (const std::size_t frames = file.read(chunk)) {
        if (samples.size() + frames * channels > most)
            throw DataError(path.string() + ": holds more than " + std::to_string(most) +
                            " samples, 64 for each byte of the file; convert it to WAV first");
        samples.insert(samples.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(frames * channels));
    }
    return samples;
}

}  // namespace

Audio read_audio(const fs::path& path) {
    AudioReader file(path);
    std::vector<float> samples = read_interleaved(path, file);
    samples.resize(mean_of_channels(samples, file.channels()).size());
    return {file.rate_hz(), std::move(samples)};
}

AudioHeader read_header(const fs::path& path) {
    const AudioReader file(path);
    return {file.rate_hz(), file.channels(), file.frames(), {}};
}

double seconds_of(const fs::path& path) { return read_header(path).seconds(); }

std::vector<std::vector<float>> read_channels(const fs::path& path, int& rate_hz) {
    AudioReader file(path);
    const std::vector<float> samples = read_interleaved(path, file);
    const auto count = static_cast<std::size_t>(file.channels());
    std::vector<std::vector<float>> channels(count, std::vector<float>(samples.size() / count));
    for (std::size_t i = 0; i < samples.size(); ++i) channels[i % count][i / count] = samples[i];
    rate_hz = file.rate_hz();
    return channels;
}

void write_wav(const fs::path& path, const std::vector<std::vector<float>>& channels, int rate_hz) {
    const std::size_t frames = channels.empty() ? 0 : channels[0].size(), count = channels.size();
    for (const auto& channel : channels)
        if (channel.size() != frames) throw DataError(path.string() + ": channels differ in length");
    AudioWriter file(path, static_cast<int>(count), rate_hz, static_cast<std::int64_t>(frames));
    std::vector<float> samples;
    constexpr std::size_t piece = 1 << 14;  // frames
    for (std::size_t begin = 0; begin < frames; begin += piece) {
        const std::size_t end = std::min(frames, begin + piece);
        samples.resize((end - begin) * count);
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t i = begin; i < end; ++i) samples[(i - begin) * count + c] = channels[c][i];
        file.write(samples);
    }
    file.finish();
}

}  // namespace gruve
