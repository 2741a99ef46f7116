#include "datasets/audio/sound_store.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <unordered_map>

#include "datasets/audio/mapped_file.h"
#include "datasets/support/cache_folder.h"
#include "datasets/support/data_error.h"
#include "datasets/support/hash.h"
#include "datasets/support/parallel.h"
#include "datasets/system/file_facts.h"
#include "datasets/system/process.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr char magic[8] = {'g', 'r', 'v', 's', 'n', 'd', '0', '2'};
constexpr const char* ending = ".sounds";

/// An entry of the table at the end of a file: where a recording lies. Two texts follow it.
struct Row {
    std::uint64_t offset = 0, count = 0;  // in bytes from the beginning of the file; in samples
    std::uint64_t begin = 0, end = 0;
    std::uint32_t rate_hz = 0, sample_bytes = 0;  // 4: floats; 2: steps of 16 bits
    std::uint64_t error_bytes = 0, defect_bytes = 0;
};
/// The last bytes of a file.
struct Foot {
    std::uint64_t table = 0;  // in bytes, from the beginning of the file
    std::uint64_t rows = 0;
    char mark[8] = {};
};

/// Recordings of one key share a number, in the order of their first use.
struct Numbers {
    std::vector<std::size_t> of_key;    // for each key
    std::vector<std::size_t> first_of;  // for each number, a key that has it
};

Numbers number(const std::vector<std::string>& keys) {
    Numbers numbers;
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto [entry, is_new] = known.emplace(keys[i], numbers.first_of.size());
        if (is_new) numbers.first_of.push_back(i);
        numbers.of_key.push_back(entry->second);
    }
    return numbers;
}

fs::path file_of(const std::vector<std::string>& keys) {
    const fs::path cache = cache_folder();
    if (cache.empty())
        throw DataError(
            "the recordings don't fit into memory, and there is no folder for a cache: set XDG_CACHE_HOME "
            "or a larger --memory");
    Hash name;
    for (const std::string& key : keys) name.add(key.c_str(), key.size() + 1);
    return cache / (name.text() + ending);
}

std::string gigabytes(std::uint64_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
    return text;
}

/// The samples as steps of 16 bits; nothing if a bit would be lost. Recordings of 16 bits that nobody resampled have
/// such samples, whatever their format.
std::vector<std::int16_t> steps_of(const std::vector<float>& samples) {
    constexpr std::size_t piece = 4096;  // long enough to be fast, short enough to give up early
    std::vector<std::int16_t> steps(samples.size());
    for (std::size_t from = 0; from < samples.size(); from += piece) {
        bool exact = true;
        for (std::size_t i = from; i < std::min(samples.size(), from + piece); ++i) {
            const float held = std::clamp(samples[i] * 0x1p15f, -32768.0f, 32767.0f);
            steps[i] = static_cast<std::int16_t>(static_cast<std::int32_t>(held));
            // Of the bits: −0 isn't +0.
            exact &= std::bit_cast<std::uint32_t>(SharedSamples::value_of(steps[i])) ==
                     std::bit_cast<std::uint32_t>(samples[i]);
        }
        if (!exact) return {};
    }
    return steps;
}

/// Writes the file under another name and renames it, so that a reader never sees half of one.
class Writer {
public:
    Writer(fs::path path, const StoreLimits& limits)
        : path_(std::move(path)), aside_(path_.string() + "." + std::to_string(process_id())), most_(limits.cache) {
        std::error_code failed;
        fs::create_directories(path_.parent_path(), failed);
        out_.open(aside_, std::ios::binary);
        write(magic, sizeof magic);
    }
    ~Writer() {
        std::error_code ignored;
        out_.close();
        fs::remove(aside_, ignored);
    }
    Writer(const Writer&) = delete;

    void add(const Decoded& decoded) {
        const bool usable = decoded.error.empty() && decoded.defect.empty();
        const std::span<const float> samples = usable ? decoded.audio.samples : std::span<const float>();
        const std::vector<std::int16_t> steps = usable ? steps_of(decoded.audio.samples) : std::vector<std::int16_t>();
        const Row row{.offset = written_,
                      .count = samples.size(),
                      .begin = decoded.begin,
                      .end = decoded.end,
                      .rate_hz = static_cast<std::uint32_t>(decoded.audio.rate_hz),
                      .sample_bytes = steps.empty() ? 4u : 2u,
                      .error_bytes = decoded.error.size(),
                      .defect_bytes = decoded.defect.size()};
        if (steps.empty())
            write(samples.data(), samples.size_bytes());
        else
            write(steps.data(), steps.size() * sizeof steps[0]);
        const char zeros[sizeof(float)] = {};
        write(zeros, -written_ % sizeof zeros);  // floats lie at multiples of their size
        table_.append(reinterpret_cast<const char*>(&row), sizeof row).append(decoded.error).append(decoded.defect);
        ++rows_;
    }
    void finish() {
        Foot foot{written_, rows_, {}};
        std::memcpy(foot.mark, magic, sizeof magic);
        write(table_.data(), table_.size());
        write(&foot, sizeof foot);
        out_.close();
        std::error_code failed;
        fs::rename(aside_, path_, failed);
        if (failed) throw DataError(path_.string() + ": cannot be written: " + failed.message());
    }

private:
    void write(const void* data, std::size_t bytes) {
        if (written_ + bytes > most_)
            throw DataError("the recordings need more than " + gigabytes(most_) + " in " +
                            path_.parent_path().string() + ", which is all that --cache allows");
        if (!out_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes)))
            throw DataError(path_.string() + ": cannot be written; is the disk full?");
        written_ += bytes;
    }

    fs::path path_, aside_;
    std::ofstream out_;
    std::uint64_t most_, written_ = 0, rows_ = 0;
    std::string table_;
};

/// The table of a file; empty if the file isn't whole.
std::vector<std::pair<Row, std::pair<std::string, std::string>>> table_of(std::span<const char> bytes) {
    std::vector<std::pair<Row, std::pair<std::string, std::string>>> rows;
    Foot foot;
    if (bytes.size() < sizeof magic + sizeof foot) return rows;
    std::memcpy(&foot, bytes.data() + bytes.size() - sizeof foot, sizeof foot);
    const std::size_t end = bytes.size() - sizeof foot;
    if (std::memcmp(foot.mark, magic, sizeof magic) != 0 || foot.table > end) return rows;
    std::size_t at = foot.table;
    for (std::uint64_t i = 0; i < foot.rows; ++i) {
        Row row;
        if (end - at < sizeof row) return {};
        std::memcpy(&row, bytes.data() + at, sizeof row);
        at += sizeof row;
        if (row.error_bytes > end - at || row.defect_bytes > end - at - row.error_bytes) return {};
        if (row.sample_bytes != sizeof(float) && row.sample_bytes != sizeof(std::int16_t)) return {};
        if (row.offset > foot.table || row.offset % sizeof(float) != 0 ||
            row.count > (foot.table - row.offset) / row.sample_bytes)
            return {};
        const char* text = bytes.data() + at;
        rows.push_back({row, {{text, row.error_bytes}, {text + row.error_bytes, row.defect_bytes}}});
        at += row.error_bytes + row.defect_bytes;
    }
    return rows;
}

/// The samples of a row of the file.
SharedSamples samples_of(const Row& row, const std::shared_ptr<const MappedFile>& file) {
    const char* at = file->bytes().data() + row.offset;
    if (row.sample_bytes == sizeof(float)) return {std::span(reinterpret_cast<const float*>(at), row.count), file};
    return {std::span(reinterpret_cast<const std::int16_t*>(at), row.count), file};
}

/// Deletes the files that were not used for the longest time, until the rest fits.
void make_room(const fs::path& keep, std::size_t most) {
    std::error_code ignored;
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    std::uint64_t total = 0;
    for (const auto& entry : fs::directory_iterator(keep.parent_path(), ignored))
        if (entry.path().extension() == ending) {
            total += entry.file_size(ignored);
            if (entry.path() != keep) files.emplace_back(entry.last_write_time(ignored), entry.path());
        }
    std::sort(files.begin(), files.end());
    for (const auto& [time, path] : files) {
        if (total <= most) break;
        const auto bytes = fs::file_size(path, ignored);
        if (fs::remove(path, ignored)) total -= bytes;
    }
}

/// Decodes a few recordings at a time: many short ones, or as few long ones as there are threads.
void decode_into(const fs::path& path, const Numbers& numbers, const std::function<Decoded(std::size_t)>& decode,
                 const StoreLimits& limits, int jobs) {
    constexpr std::size_t most_at_once = 64, many_samples = std::size_t{1} << 24;
    Writer writer(path, limits);
    std::size_t at_once = static_cast<std::size_t>(jobs);
    for (std::size_t from = 0; from < numbers.first_of.size();) {
        std::vector<Decoded> some(std::min(at_once, numbers.first_of.size() - from));
        parallel_for(jobs, static_cast<int>(some.size()), [&](int i) {
            some[static_cast<std::size_t>(i)] = decode(numbers.first_of[from + static_cast<std::size_t>(i)]);
        });
        std::size_t samples = 0;
        for (const Decoded& decoded : some) {
            samples += decoded.audio.samples.size();
            writer.add(decoded);
        }
        from += some.size();
        at_once = samples < many_samples ? most_at_once : static_cast<std::size_t>(jobs);
    }
    writer.finish();
}

}  // namespace

std::vector<Stored> keep_in_memory(std::size_t count, const std::function<Decoded(std::size_t)>& decode, int jobs) {
    std::vector<Stored> all(count);
    parallel_for(jobs, static_cast<int>(count), [&](int index) {
        Decoded decoded = decode(static_cast<std::size_t>(index));
        Stored& stored = all[static_cast<std::size_t>(index)];
        stored.error = std::move(decoded.error), stored.defect = std::move(decoded.defect);
        stored.begin = decoded.begin, stored.end = decoded.end;
        if (stored.error.empty() && stored.defect.empty()) stored.sound = Sound(std::move(decoded.audio));
    });
    return all;
}

std::vector<Stored> keep_on_disk(const std::vector<std::string>& keys,
                                 const std::function<Decoded(std::size_t)>& decode, const StoreLimits& limits,
                                 int jobs) {
    const Numbers numbers = number(keys);
    const fs::path path = file_of(keys);
    std::shared_ptr<const MappedFile> file = MappedFile::open(path, limits.memory / 2);
    auto rows = file ? table_of(file->bytes()) : table_of({});
    if (rows.size() != numbers.first_of.size()) {
        file.reset();
        decode_into(path, numbers, decode, limits, jobs);
        file = MappedFile::open(path, limits.memory / 2);
        if (file) rows = table_of(file->bytes());
        if (rows.size() != numbers.first_of.size()) throw DataError(path.string() + ": cannot be read back");
    }
    std::error_code ignored;
    fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);  // used last
    make_room(path, limits.cache);

    std::vector<Stored> all;
    for (const std::size_t n : numbers.of_key) {
        const auto& [row, texts] = rows[n];
        all.push_back({Sound(static_cast<int>(row.rate_hz), samples_of(row, file)), texts.first, texts.second,
                       row.begin, row.end});
    }
    return all;
}

std::string identity_of(const fs::path& path) {
    const auto facts = facts_of(path);
    if (!facts) return path.string();
    char text[120];
    std::snprintf(text, sizeof text, "%llu:%llu:%lld:%lld.%09lld", static_cast<unsigned long long>(facts->device),
                  static_cast<unsigned long long>(facts->number), static_cast<long long>(facts->bytes),
                  static_cast<long long>(facts->written_s), static_cast<long long>(facts->written_ns));
    return text;
}

}  // namespace gruve
