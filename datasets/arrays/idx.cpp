#include "datasets/arrays/idx.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

struct CloseGz {
    void operator()(gzFile file) const { gzclose(file); }
};

gzFile open_gzip(const std::filesystem::path& path) {
#ifdef _WIN32
    return gzopen_w(path.c_str(), "rb");
#else
    return gzopen(path.c_str(), "rb");
#endif
}

/// Reads the bytes of a file. zlib decompresses a gzipped file and passes any other through unchanged.
class Reader {
public:
    explicit Reader(const std::filesystem::path& path) : path_(path.string()), file_(open_gzip(path)) {
        if (!file_) fail("cannot be opened");
    }
    [[noreturn]] void fail(const std::string& why) const { throw DataError(path_ + ": " + why); }

    /// Reads `count` bytes, or fewer at the end of the file. Throws DataError if the compressed stream is damaged or
    /// cut short.
    std::size_t read(std::uint8_t* to, std::size_t count) {
        std::size_t done = 0;
        while (done < count) {
            const auto chunk = static_cast<unsigned>(std::min<std::size_t>(count - done, 1u << 20));
            const int got = gzread(file_.get(), to + done, chunk);
            if (got < 0) fail_damaged();
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        int code = Z_OK;
        gzerror(file_.get(), &code);
        if (code != Z_OK && code != Z_STREAM_END) fail_damaged();
        return done;
    }
    std::uint32_t big_endian_32(const char* what) {
        std::uint8_t b[4];
        if (read(b, 4) != 4) fail(std::string("ends before its ") + what);
        return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
    }

private:
    [[noreturn]] void fail_damaged() const {
        int code = 0;
        fail(std::string("damaged or cut short: ") + gzerror(file_.get(), &code));
    }

    std::string path_;
    std::unique_ptr<gzFile_s, CloseGz> file_;
};

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
    if (!std::filesystem::is_regular_file(path)) throw DataError(path.string() + ": no such file");
    Reader reader(path);
    const std::uint32_t magic = reader.big_endian_32("first four bytes");
    if (magic >> 16 != 0) reader.fail("not an idx file: its first two bytes are not 0");
    if ((magic >> 8 & 0xff) != 0x08)
        reader.fail("element type " + std::to_string(magic >> 8 & 0xff) + ", expected 8 (unsigned bytes)");
    const std::uint32_t dimensions = magic & 0xff;
    if (dimensions < 1 || dimensions > 4) reader.fail(std::to_string(dimensions) + " dimensions, allowed 1..4");

    constexpr std::uint64_t most_values = std::uint64_t{1} << 31;
    IdxArray array;
    std::uint64_t count = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d) {
        const std::uint32_t size = reader.big_endian_32("shape");
        if (size == 0 || size > most_values / count)
            reader.fail("dimension " + std::to_string(d + 1) + " is " + std::to_string(size) +
                        ", but an array must have 1 to 2^31 values");
        count *= size;
        array.shape.push_back(static_cast<int>(size));
    }
    // The array grows while it is read, up to 16 times the file's size, so that neither a wrong header nor highly
    // compressed zeros can claim gigabytes.
    const std::uint64_t most = std::max<std::uint64_t>(1u << 20, 16 * std::filesystem::file_size(path));
    array.values.reserve(static_cast<std::size_t>(std::min(count, most)));
    while (array.values.size() < count) {
        const std::size_t before = array.values.size();
        const std::size_t chunk = static_cast<std::size_t>(std::min<std::uint64_t>(count - before, 1u << 16));
        if (before + chunk > most)
            reader.fail("unpacks to more than 16 times its size; if this is intended, unpack it with gunzip first");
        array.values.resize(before + chunk);
        const std::size_t got = reader.read(array.values.data() + before, chunk);
        if (got < chunk)
            reader.fail("holds " + std::to_string(before + got) + " values, but its shape needs " +
                        std::to_string(count));
    }
    std::uint8_t extra;
    if (reader.read(&extra, 1) != 0)
        reader.fail("continues after the " + std::to_string(count) + " values of its shape");
    return array;
}

}  // namespace gruve
