#include "datasets/audio/audio_file.h"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <mutex>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
    void operator()(SNDFILE* file) const { sf_close(file); }
};
using File = std::unique_ptr<SNDFILE, CloseFile>;

/// Telephony starts at 8 kHz and the fastest recorders stop at 768 kHz. A rate far outside means a damaged or hostile
/// header.
constexpr int min_rate_hz = 1000, max_rate_hz = 768000;

/// libsndfile stores the reason for a failed open in a global variable, hence the lock.
File open_file(const fs::path& path, int mode, SF_INFO& info, const char* what) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    File file(sf_open(path.c_str(), mode, &info));
    if (!file) throw DataError(path.string() + ": " + what + ": " + sf_strerror(nullptr));
    return file;
}

std::string place_of(std::size_t frame, int rate_hz) {
    char text[64];
    std::snprintf(text, sizeof text, "sample %zu (%.3f s)", frame, static_cast<double>(frame) / rate_hz);
    return text;
}

File open_to_read(const fs::path& path, SF_INFO& info) {
    if (!fs::exists(path)) throw DataError(path.string() + ": no such file");
    if (!fs::is_regular_file(path)) throw DataError(path.string() + ": not a file");
    if (fs::file_size(path) == 0) throw DataError(path.string() + ": the file is empty (0 bytes)");
    File file = open_file(path, SFM_READ, info, "cannot be read as audio");
    if (info.samplerate < min_rate_hz || info.samplerate > max_rate_hz)
        throw DataError(path.string() + ": rate " + std::to_string(info.samplerate) + " Hz, allowed " +
                        std::to_string(min_rate_hz) + ".." + std::to_string(max_rate_hz) + " Hz");
    return file;
}

/// The interleaved samples of the whole file. The samples read are counted, because some headers promise more than the
/// file holds.
std::vector<float> read_interleaved(const fs::path& path, SF_INFO& info) {
    const File file = open_to_read(path, info);
    // Compressed silence can expand without limit. This bound is above what speech codecs reach, and keeps a small file
    // from filling the memory.
    const std::size_t most =
        std::max<std::size_t>(std::size_t{1} << 24, 64 * static_cast<std::size_t>(fs::file_size(path)));
    const sf_count_t chunk_frames = std::max(1, (1 << 16) / info.channels);
    std::vector<float> samples;
    std::vector<float> chunk(static_cast<std::size_t>(chunk_frames * info.channels));
    while (const sf_count_t frames = sf_readf_float(file.get(), chunk.data(), chunk_frames)) {
        if (frames < 0) break;
        if (samples.size() + static_cast<std::size_t>(frames * info.channels) > most)
            throw DataError(path.string() + ": holds more than " + std::to_string(most) +
                            " samples, 64 for each byte of the file; convert it to WAV first");
        samples.insert(samples.end(), chunk.begin(), chunk.begin() + frames * info.channels);
    }
    // libsndfile reports a damaged FLAC file only by an early end. An MP3 file does not state its length.
    const auto frames_read = static_cast<sf_count_t>(samples.size()) / info.channels;
    const bool ends_early =
        info.frames < SF_COUNT_MAX && frames_read < info.frames && (info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_MPEG;
    if (sf_error(file.get()) != SF_ERR_NO_ERROR || ends_early)
        throw DataError(path.string() + ": damaged after " + std::to_string(frames_read) + " samples: " +
                        (ends_early ? "expected " + std::to_string(info.frames) : sf_strerror(file.get())));
    if (samples.empty()) throw DataError(path.string() + ": holds no samples (length 0)");
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (!std::isfinite(samples[i]))
            throw DataError(path.string() + ": " + (std::isnan(samples[i]) ? "NaN" : "infinity") + " at " +
                            place_of(i / static_cast<std::size_t>(info.channels), info.samplerate) + ", channel " +
                            std::to_string(i % static_cast<std::size_t>(info.channels) + 1) +
                            "; samples must be finite");
    return samples;
}

}  // namespace

Audio read_audio(const fs::path& path) {
    SF_INFO info{};
    std::vector<float> samples = read_interleaved(path, info);
    const std::size_t channels = static_cast<std::size_t>(info.channels);
    if (channels > 1) {
        const std::size_t frames = samples.size() / channels;
        for (std::size_t i = 0; i < frames; ++i) {
            double sum = 0.0;
            for (std::size_t c = 0; c < channels; ++c) sum += samples[i * channels + c];
            samples[i] = static_cast<float>(sum / static_cast<double>(channels));
        }
        samples.resize(frames);
    }
    return {info.samplerate, std::move(samples)};
}

AudioHeader read_header(const fs::path& path) {
    SF_INFO info{};
    const File file = open_to_read(path, info);
    return {info.samplerate, info.channels, info.frames, {}};
}

double seconds_of(const fs::path& path) { return read_header(path).seconds(); }

std::vector<std::vector<float>> read_channels(const fs::path& path, int& rate_hz) {
    SF_INFO info{};
    const std::vector<float> samples = read_interleaved(path, info);
    const std::size_t count = static_cast<std::size_t>(info.channels);
    std::vector<std::vector<float>> channels(count, std::vector<float>(samples.size() / count));
    for (std::size_t i = 0; i < samples.size(); ++i) channels[i % count][i / count] = samples[i];
    rate_hz = info.samplerate;
    return channels;
}

void write_wav(const fs::path& path, const std::vector<std::vector<float>>& channels, int rate_hz) {
    if (channels.empty() || rate_hz <= 0)
        throw DataError(path.string() + ": " + std::to_string(channels.size()) + " channels at " +
                        std::to_string(rate_hz) + " Hz; expected at least one channel and a rate above 0 Hz");
    const std::size_t frames = channels[0].size();
    std::vector<float> samples(frames * channels.size());
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (channels[c].size() != frames) throw DataError(path.string() + ": channels differ in length");
        for (std::size_t i = 0; i < frames; ++i) samples[i * channels.size() + c] = channels[c][i];
    }

    fs::path aside = path;
    aside += ".part";
    std::error_code ignored;
    const auto fail = [&](const std::string& why) {
        fs::remove(aside, ignored);
        throw DataError(path.string() + ": cannot be written: " + why);
    };
    try {
        SF_INFO info{};
        info.samplerate = rate_hz;
        info.channels = static_cast<int>(channels.size());
        info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
        const File file = open_file(aside, SFM_WRITE, info, "cannot be written");
        // The PEAK chunk would hold the time of writing; without it, equal samples give equal files.
        sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
        const auto count = static_cast<sf_count_t>(frames);
        if (sf_writef_float(file.get(), samples.data(), count) != count)
            fail("the disk is full or does not accept the data");
    } catch (const DataError& error) {
        fs::remove(aside, ignored);
        throw;
    }
    // Closing the file flushes the header. Its errors are not reported, so only the size shows whether everything was
    // written.
    if (fs::file_size(aside, ignored) < samples.size() * sizeof(float))
        fail("the disk is full or does not accept the data");
    std::error_code renamed;
    fs::rename(aside, path, renamed);
    if (renamed) fail(renamed.message());
}

}  // namespace gruve
