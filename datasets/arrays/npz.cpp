// An .npz file is a zip archive (PKWARE's APPNOTE 6.3.3, methods 0 and 8) of .npy files (NEP 1).
#include "datasets/arrays/npz.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr std::size_t most_values = std::size_t{1} << 31;  // of one array
constexpr std::size_t longest_header = 4096;               // bytes

/// The arrays may take this many bytes of memory per byte of the file, and always 1 MiB.
constexpr std::size_t most_per_byte = 12, always_allowed = std::size_t{1} << 20;

/// Deflate reaches 1032 : 1 at most.
constexpr std::size_t most_deflated = 1100;

/// One file of the archive: where its bytes lie, and their number packed and unpacked.
struct Entry {
    std::string name;
    std::uint64_t method = 0;
    std::size_t at = 0, packed = 0, size = 0;
};

/// The archive in memory.
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

    /// The little-endian integer of `size` bytes at `at`.
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
    /// The files that the central directory, at the end of the archive, lists.
    std::vector<Entry> entries() const {
        const std::size_t end = bytes_.rfind("PK\x05\x06");
        if (end == std::string::npos) fail("not an .npz file, or cut short");
        const std::uint64_t count = number(end + 10, 2);
        std::size_t at = number(end + 16, 4);
        std::vector<Entry> result;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (text(at, 4) != "PK\x01\x02") fail("its directory of arrays is damaged");
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
        if (method != 8)
            fail(name + ": compressed by method " + std::to_string(method) + ", expected 0 (stored) or 8 (deflate)");
        if (size > most_deflated * packed.size() + 64) fail(name + ": claims more than it holds");
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

/// An element type of numpy.
struct Type {
    const char* name;
    std::size_t size;  // bytes
    bool whole;        // an integer or boolean
    double (*value)(const char*);
};
constexpr Type types[] = {{"<f4", 4, false, value_at<float>},       {"<f8", 8, false, value_at<double>},
                          {"|b1", 1, true, value_at<std::uint8_t>}, {"|u1", 1, true, value_at<std::uint8_t>},
                          {"|i1", 1, true, value_at<std::int8_t>},  {"<u2", 2, true, value_at<std::uint16_t>},
                          {"<i2", 2, true, value_at<std::int16_t>}, {"<u4", 4, true, value_at<std::uint32_t>},
                          {"<i4", 4, true, value_at<std::int32_t>}, {"<u8", 8, true, value_at<std::uint64_t>},
                          {"<i8", 8, true, value_at<std::int64_t>}};

const Type* type_named(const std::string& name) {
    const auto* found = std::find_if(std::begin(types), std::end(types), [&](const Type& t) { return name == t.name; });
    return found == std::end(types) ? nullptr : found;
}

/// The header of a .npy array (NEP 1): a version, a length, and the text of a Python dictionary.
struct Header {
    std::string type, order, shape;  // values of 'descr', 'fortran_order' and 'shape'
    std::size_t size = 0;            // bytes from the start of the array to its values
};

/// The header, or nothing if it is damaged.
std::optional<Header> parse_header(const std::string& bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[i])); };
    const bool wide = bytes[6] >= 2;  // from version 2 on, the length has four bytes instead of two
    const std::size_t length = byte(8) | byte(9) << 8 | (wide ? byte(10) << 16 | byte(11) << 24 : 0);
    const std::size_t begin = wide ? 12 : 10;
    if (begin + length > bytes.size() || length > longest_header) return std::nullopt;
    const std::string text = bytes.substr(begin, length);
    std::smatch type, order, shape;
    static const std::regex type_form("'descr': *'([^']*)'"), order_form("'fortran_order': *(True|False)"),
        shape_form("'shape': *\\(([0-9, ]*)\\)");
    if (!std::regex_search(text, type, type_form) || !std::regex_search(text, order, order_form) ||
        !std::regex_search(text, shape, shape_form))
        return std::nullopt;
    return Header{type[1], order[1], shape[1], begin + length};
}

/// Calls `about_to_keep` with the number of values before they are stored; it may throw.
template <typename AboutToKeep>
NpyArray parse_npy(const Zip& zip, const std::string& name, const std::string& bytes,
                   const AboutToKeep& about_to_keep) {
    const auto fail = [&](const std::string& why) { zip.fail("array " + name + ": " + why); };
    if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY")) fail("not a .npy array");
    const std::optional<Header> header = parse_header(bytes);
    if (!header) fail("its header is damaged");
    const Type* type = type_named(header->type);
    if (type == nullptr) fail("type " + header->type + ", expected floats of 4 or 8 bytes, integers or booleans");

    NpyArray array;
    array.whole = type->whole;
    std::size_t count = 1;
    std::istringstream sizes(header->shape);
    for (std::string size; std::getline(sizes, size, ',');) {
        if (size.find_first_of("0123456789") == std::string::npos) continue;
        array.shape.push_back(std::strtoull(size.c_str(), nullptr, 10));
        if (array.shape.back() > most_values || (count *= array.shape.back()) > most_values)
            fail("more than " + std::to_string(most_values) + " values");
    }
    if (header->order == "True" && array.shape.size() > 1)
        fail("in Fortran order, expected C order (numpy.ascontiguousarray)");
    if (bytes.size() - header->size != count * type->size)
        fail("holds " + std::to_string(bytes.size() - header->size) + " bytes, expected " +
             std::to_string(count * type->size));
    about_to_keep(count);
    array.values.reserve(count);
    const char* data = bytes.data() + header->size;
    for (std::size_t i = 0; i < count; ++i) array.values.push_back(type->value(data + i * type->size));
    return array;
}

}  // namespace

std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path) {
    const Zip zip(path);
    // A short file may list the same bytes a hundred times, or unpack to nothing but zeros. Therefore both the arrays
    // kept (as doubles) and the one being unpacked are limited.
    const std::size_t most = std::max(always_allowed, most_per_byte * zip.size());
    std::size_t kept = 0;
    std::map<std::string, NpyArray> arrays;
    for (const Entry& entry : zip.entries()) {
        const auto needs = [&](std::size_t bytes) {
            if (bytes > most || kept + bytes > most)
                zip.fail("array " + entry.name + ": the arrays unpack to more than " + std::to_string(most_per_byte) +
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
