// A zip archive (PKWARE's APPNOTE 6.3.3, methods 0 and 8) of .npy files (NEP 1).
#include "datasets/arrays/npz.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr std::size_t largest_array = std::size_t{1} << 31;                      // values
constexpr std::size_t most_per_byte = 12, smallest_most = std::size_t{1} << 20;  // bytes of memory

struct Entry {
    std::string name;
    std::uint64_t method = 0;
    std::size_t at = 0, packed = 0, size = 0;
};

class Zip {
public:
    explicit Zip(const std::filesystem::path& path) : path_(path.string()) {
        std::ifstream file(path, std::ios::binary);
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        if (!error) bytes_.resize(size);
        if (error || !file.read(bytes_.data(), static_cast<std::streamsize>(size))) fail("cannot be read");
    }
    std::size_t size() const { return bytes_.size(); }
    [[noreturn]] void fail(const std::string& why) const { throw DataError(path_ + ": " + why); }

    std::uint64_t number(std::size_t at, std::size_t size) const {
        if (at > bytes_.size() || size > bytes_.size() - at) fail("not an .npz file, or cut short");
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes_[at + i]);
        return value;
    }
    std::string text(std::size_t at, std::size_t size) const {
        if (at > bytes_.size() || size > bytes_.size() - at) fail("not an .npz file, or cut short");
        return bytes_.substr(at, size);
    }
    /// By the central directory at the end.
    std::vector<Entry> entries() const {
        const std::size_t end = bytes_.rfind("PK\x05\x06");
        if (end == std::string::npos) fail("not an .npz file, or cut short");
        const std::uint64_t count = number(end + 10, 2);
        std::size_t at = number(end + 16, 4);
        std::vector<Entry> result;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (text(at, 4) != "PK\x01\x02") fail("its directory is damaged");
            const std::size_t name_length = number(at + 28, 2), local = number(at + 42, 4);
            result.push_back({text(at + 46, name_length), number(at + 10, 2),
                              local + 30 + number(local + 26, 2) + number(local + 28, 2), number(at + 20, 4),
                              number(at + 24, 4)});
            at += 46 + name_length + number(at + 30, 2) + number(at + 32, 2);
        }
        return result;
    }
    std::string contents(const Entry& entry) const {
        return entry.method == 0 ? text(entry.at, entry.size)
                                 : unpacked(entry.name, entry.method, text(entry.at, entry.packed), entry.size);
    }

private:
    std::string unpacked(const std::string& name, std::uint64_t method, const std::string& packed,
                         std::size_t size) const {
        if (method != 8) fail(name + ": packed by method " + std::to_string(method) + ", expected 0 or 8");
        if (size > 1100 * packed.size() + 64)
            fail(name + ": claims more than it holds");  // deflate packs 1032 to one at most
        std::string result(size, '\0');
        z_stream stream{};
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(result.data());
        stream.avail_out = static_cast<uInt>(size);
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(name + ": cannot be unpacked");
        const int code = inflate(&stream, Z_FINISH);
        const bool complete = code == Z_STREAM_END && stream.total_out == size;
        inflateEnd(&stream);
        if (!complete) fail(name + ": damaged");
        return result;
    }

    std::string path_, bytes_;
};

template <typename Value>
double value_at(const char* data) {
    Value value;
    std::memcpy(&value, data, sizeof value);
    return static_cast<double>(value);
}

struct Type {
    const char* name;
    std::size_t size;
    bool whole;
    double (*value)(const char*);
};
constexpr Type types[] = {{"<f4", 4, false, value_at<float>},       {"<f8", 8, false, value_at<double>},
                          {"|b1", 1, true, value_at<std::uint8_t>}, {"|u1", 1, true, value_at<std::uint8_t>},
                          {"|i1", 1, true, value_at<std::int8_t>},  {"<u2", 2, true, value_at<std::uint16_t>},
                          {"<i2", 2, true, value_at<std::int16_t>}, {"<u4", 4, true, value_at<std::uint32_t>},
                          {"<i4", 4, true, value_at<std::int32_t>}, {"<u8", 8, true, value_at<std::uint64_t>},
                          {"<i8", 8, true, value_at<std::int64_t>}};

/// `about_to_keep(count)` may refuse so many values.
template <typename Refuse>
NpyArray parse_npy(const Zip& zip, const std::string& name, const std::string& bytes, const Refuse& about_to_keep) {
    const auto fail = [&](const std::string& why) { zip.fail("array " + name + ": " + why); };
    if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY")) fail("not a .npy array");
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[i])); };
    const bool wide = bytes[6] >= 2;
    const std::size_t length = byte(8) | byte(9) << 8 | (wide ? byte(10) << 16 | byte(11) << 24 : 0),
                      start = (wide ? 12u : 10u) + length;
    if (start > bytes.size() || length > 4096) fail("its header is damaged");
    const std::string header = bytes.substr(wide ? 12 : 10, length);
    std::smatch descr, order, shape;
    static const std::regex descr_form("'descr': *'([^']*)'"), order_form("'fortran_order': *(True|False)"),
        shape_form("'shape': *\\(([0-9, ]*)\\)");
    if (!std::regex_search(header, descr, descr_form) || !std::regex_search(header, order, order_form) ||
        !std::regex_search(header, shape, shape_form))
        fail("its header is damaged");
    const auto type =
        std::find_if(std::begin(types), std::end(types), [&](const Type& t) { return descr[1] == t.name; });
    if (type == std::end(types)) fail("type " + descr[1].str() + ", expected floats of 4 or 8 bytes or integers");
    NpyArray array;
    array.whole = type->whole;
    std::size_t count = 1;
    std::istringstream sizes(shape[1].str());
    for (std::string size; std::getline(sizes, size, ',');) {
        if (size.find_first_of("0123456789") == std::string::npos) continue;
        array.shape.push_back(std::strtoull(size.c_str(), nullptr, 10));
        if (array.shape.back() > largest_array || (count *= array.shape.back()) > largest_array) fail("too large");
    }
    if (order[1] == "True" && array.shape.size() > 1)
        fail("in Fortran order, expected C order (numpy.ascontiguousarray)");
    if (bytes.size() - start != count * type->size)
        fail("holds " + std::to_string(bytes.size() - start) + " bytes, expected " +
             std::to_string(count * type->size));
    about_to_keep(count);
    array.values.reserve(count);
    for (std::size_t i = 0; i < count; ++i) array.values.push_back(type->value(bytes.data() + start + i * type->size));
    return array;
}

}  // namespace

std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path) {
    const Zip zip(path);
    // A short file may name the same bytes a hundred times, or unpack to a desert: what is kept, as doubles, and what is being unpacked is bounded.
    const std::size_t most = std::max(smallest_most, most_per_byte * zip.size());
    std::size_t kept = 0;
    std::map<std::string, NpyArray> arrays;
    for (const Entry& entry : zip.entries()) {
        const auto needs = [&](std::size_t bytes) {
            if (bytes > most || kept + bytes > most)
                zip.fail("array " + entry.name + ": the arrays take more than " + std::to_string(most_per_byte) +
                         " times the file's size; write it with numpy.savez instead of savez_compressed");
        };
        needs(entry.size);
        const std::string name =
            entry.name.ends_with(".npy") ? entry.name.substr(0, entry.name.size() - 4) : entry.name;
        const std::string bytes = zip.contents(entry);
        NpyArray& array = arrays[name];
        array = parse_npy(zip, name, bytes, [&](std::size_t count) { needs(bytes.size() + count * sizeof(double)); });
        kept += array.values.size() * sizeof(double);
    }
    return arrays;
}

}  // namespace gruve
