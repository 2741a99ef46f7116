#include "datasets/audio/audio_stream.h"

#include <sndfile.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <string>

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

/// The sizes in a WAV file have 32 bits and count the header, too.
constexpr std::int64_t most_wav_bytes = (std::int64_t{1} << 32) - 4096;
constexpr std::int64_t sample_bytes = sizeof(float);

std::string reason_of_failure() {
    const std::string reason = sf_strerror(nullptr);
    // libsndfile's own words say nothing to those who have the file.
    return reason.find("SF_INFO struct incomplete") == std::string::npos
               ? reason
               : "damaged header: a rate of 0 Hz, or no channels";
}

/// libsndfile stores the reason for a failed open in a global variable, hence the lock.
File open_file(const fs::path& path, int mode, SF_INFO& info, const fs::path& name, const char* what) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
#ifdef _WIN32
    File file(sf_wchar_open(path.c_str(), mode, &info));
#else
    File file(sf_open(path.c_str(), mode, &info));
#endif
    if (!file) throw DataError(name.string() + ": " + what + ": " + reason_of_failure());
    return file;
}

std::string place_of(std::int64_t frame, int rate_hz) {
    char text[64];
    std::snprintf(text, sizeof text, "sample %lld (%.3f s)", static_cast<long long>(frame),
                  static_cast<double>(frame) / rate_hz);
    return text;
}

File open_to_read(const fs::path& path, SF_INFO& info) {
    if (!fs::exists(path)) throw DataError(path.string() + ": no such file");
    if (!fs::is_regular_file(path)) throw DataError(path.string() + ": not a file");
    if (fs::file_size(path) == 0) throw DataError(path.string() + ": the file is empty (0 bytes)");
    File file = open_file(path, SFM_READ, info, path, "cannot be read as audio");
    if (info.samplerate < min_rate_hz || info.samplerate > max_rate_hz)
        throw DataError(path.string() + ": rate " + std::to_string(info.samplerate) + " Hz, allowed " +
                        std::to_string(min_rate_hz) + ".." + std::to_string(max_rate_hz) + " Hz");
    return file;
}

int format_of(const fs::path& path, std::int64_t frames, int channels) {
    std::string ending = path.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (ending == ".w64") return SF_FORMAT_W64;
    return passes_wav(frames, channels) ? SF_FORMAT_RF64 : SF_FORMAT_WAV;
}

}  // namespace

struct AudioReader::Impl {
    explicit Impl(const fs::path& file_path) : path(file_path), file(open_to_read(path, info)) {}

    /// libsndfile reports a damaged FLAC file only by an early end. An MP3 file does not state its length.
    void check_end() const {
        const bool ends_early = info.frames < SF_COUNT_MAX && frames_read < info.frames &&
                                (info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_MPEG;
        if (sf_error(file.get()) != SF_ERR_NO_ERROR || ends_early)
            throw DataError(path.string() + ": damaged after " + std::to_string(frames_read) + " samples: " +
                            (ends_early ? "expected " + std::to_string(info.frames) : sf_strerror(file.get())));
        if (frames_read == 0) throw DataError(path.string() + ": holds no samples (length 0)");
    }

    void check_finite(std::span<const float> samples) const {
        const auto found = std::ranges::find_if(samples, [](float sample) { return !std::isfinite(sample); });
        if (found == samples.end()) return;
        const std::int64_t at = found - samples.begin();
        throw DataError(path.string() + ": " + (std::isnan(*found) ? "NaN" : "infinity") + " at " +
                        place_of(frames_read + at / info.channels, info.samplerate) + ", channel " +
                        std::to_string(at % info.channels + 1) + "; samples must be finite");
    }

    const fs::path path;
    SF_INFO info{};
    File file;
    std::int64_t frames_read = 0;
};

AudioReader::AudioReader(const fs::path& path) : impl_(std::make_unique<Impl>(path)) {}
AudioReader::~AudioReader() = default;
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;

int AudioReader::rate_hz() const { return impl_->info.samplerate; }
int AudioReader::channels() const { return impl_->info.channels; }
std::int64_t AudioReader::frames() const { return impl_->info.frames < SF_COUNT_MAX ? impl_->info.frames : 0; }

// The frames read are counted, because some headers promise more than the file holds.
std::size_t AudioReader::read(std::span<float> samples) {
    Impl& m = *impl_;
    const auto wanted = static_cast<sf_count_t>(samples.size()) / m.info.channels;
    const sf_count_t frames = std::max<sf_count_t>(0, sf_readf_float(m.file.get(), samples.data(), wanted));
    const auto count = static_cast<std::size_t>(frames);
    m.check_finite(samples.first(count * static_cast<std::size_t>(m.info.channels)));
    m.frames_read += frames;
    if (frames == 0 && wanted > 0) m.check_end();
    return count;
}

std::span<float> mean_of_channels(std::span<float> frames, int channels) {
    const auto width = static_cast<std::size_t>(channels), count = frames.size() / width;
    if (width == 1) return frames;
    for (std::size_t i = 0; i < count; ++i) {
        double sum = 0.0;
        for (std::size_t c = 0; c < width; ++c) sum += static_cast<double>(frames[i * width + c]);
        frames[i] = static_cast<float>(sum / static_cast<double>(width));
    }
    return frames.first(count);
}

bool passes_wav(std::int64_t frames, int channels) {
    return frames > most_wav_bytes / sample_bytes / std::max(channels, 1);
}

struct AudioWriter::Impl {
    Impl(const fs::path& name, int channels, int rate_hz, std::int64_t frames) : path(name), aside(name) {
        if (channels < 1 || rate_hz <= 0)
            throw DataError(path.string() + ": " + std::to_string(channels) + " channels at " +
                            std::to_string(rate_hz) + " Hz; expected at least one channel and a rate above 0 Hz");
        aside += ".part";
        info.samplerate = rate_hz;
        info.channels = channels;
        info.format = format_of(path, frames, channels) | SF_FORMAT_FLOAT;
        try {
            file = open_file(aside, SFM_WRITE, info, path, "cannot be written");
        } catch (const DataError&) {
            remove_aside();
            throw;
        }
        // The PEAK chunk would hold the time of writing; without it, equal samples give equal files.
        sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    }
    ~Impl() {
        if (finished) return;
        file.reset();
        remove_aside();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void remove_aside() const {
        std::error_code ignored;
        fs::remove(aside, ignored);
    }
    [[noreturn]] void fail(const std::string& why) const {
        throw DataError(path.string() + ": cannot be written: " + why);
    }
    bool is_wav() const { return (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAV; }

    const fs::path path;
    fs::path aside;
    SF_INFO info{};
    File file;
    std::int64_t samples_written = 0;
    bool finished = false;
};

AudioWriter::AudioWriter(const fs::path& path, int channels, int rate_hz, std::int64_t frames)
    : impl_(std::make_unique<Impl>(path, channels, rate_hz, frames)) {}
AudioWriter::~AudioWriter() = default;

void AudioWriter::write(std::span<const float> samples) {
    Impl& m = *impl_;
    const auto count = static_cast<sf_count_t>(samples.size());
    m.samples_written += count;
    if (m.is_wav() && passes_wav(m.samples_written, 1))
        m.fail(
            "longer than its input's header says, it passes the 4 GiB of a WAV file; choose a name that ends in "
            ".w64");
    if (sf_write_float(m.file.get(), samples.data(), count) != count)
        m.fail("the disk is full or does not accept the data");
}

void AudioWriter::finish() {
    Impl& m = *impl_;
    m.file.reset();
    // Closing the file flushes the header. Its errors are not reported, so only the size shows whether everything was
    // written.
    std::error_code error;
    if (const auto size = fs::file_size(m.aside, error);
        error || size < static_cast<std::uintmax_t>(m.samples_written * sample_bytes))
        m.fail("the disk is full or does not accept the data");
    fs::rename(m.aside, m.path, error);
    if (error) m.fail(error.message());
    m.finished = true;
}

}  // namespace gruve
