// A 64-bit hash of bytes, to tell contents apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace gruve {

/// FNV-1a, 64 bits. Not for secrets.
class Hash {
public:
    void add(const void* data, std::size_t bytes) {
        const auto* p = static_cast<const unsigned char*>(data);
        for (std::size_t i = 0; i < bytes; ++i) value_ = (value_ ^ p[i]) * 0x100000001b3u;
    }
    /// 16 hexadecimal digits.
    std::string text() const {
        char buffer[17];
        std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(value_));
        return buffer;
    }

private:
    std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace gruve
