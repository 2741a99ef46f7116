// The project's one hash, FNV-1a: it tells contents apart and turns names into seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace gruve {

/// 64-bit FNV-1a (Fowler, Noll and Vo), fed piece by piece. Not suitable for secrets.
class Hash {
public:
    static constexpr std::uint64_t offset_basis = 0xcbf29ce484222325u;

    explicit Hash(std::uint64_t start = offset_basis) : value_(start) {}
    void add(const void* data, std::size_t bytes) {
        const auto* p = static_cast<const unsigned char*>(data);
        for (std::size_t i = 0; i < bytes; ++i) value_ = (value_ ^ p[i]) * 0x100000001b3u;
    }
    std::uint64_t value() const { return value_; }
    /// 16 hexadecimal digits.
    std::string text() const {
        char buffer[17];
        std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(value_));
        return buffer;
    }

private:
    std::uint64_t value_;
};

/// FNV-1a of `text` and `seed`, followed by the final mix of SplitMix64, so that names that differ in one character get
/// unrelated values. Used as the seed of a random generator and to order names independently of the file system.
inline std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    Hash bytes(Hash::offset_basis ^ (seed * 0x9e3779b97f4a7c15u));
    bytes.add(text.data(), text.size());
    std::uint64_t hash = bytes.value();
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

}  // namespace gruve
