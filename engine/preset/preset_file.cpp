#include "engine/preset/preset_file.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/preset/preset.h"

namespace gruve {
namespace {

// The line ending reveals transfers in text mode, which change it.
constexpr std::array<std::uint8_t, 8> magic = {'G', 'R', 'U', 'V', 'E', 0x0d, 0x0a, 0x1a};
// Magic 8, version 4, checksum 4, payload size 8. A multiple of 8 keeps the payload aligned.
constexpr std::size_t header_bytes = 24;

void put(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t get(std::span<const std::uint8_t> in, std::size_t at, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i)
        value |= static_cast<std::uint64_t>(in[at + static_cast<std::size_t>(i)]) << (8 * i);
    return value;
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = 0xffffffffu;
    for (std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320u : 0u);
    }
    return ~crc;
}

std::vector<std::uint8_t> wrap_preset(std::span<const std::uint8_t> payload, std::uint32_t version) {
    std::vector<std::uint8_t> file(magic.begin(), magic.end());
    put(file, version, 4);
    put(file, crc32(payload), 4);
    put(file, payload.size(), 8);
    file.insert(file.end(), payload.begin(), payload.end());
    return file;
}

std::span<const std::uint8_t> unwrap_preset(std::span<const std::uint8_t> file) {
    if (file.size() < header_bytes || !std::equal(magic.begin(), magic.end(), file.begin()))
        throw PresetError("not a Gruve preset: its first bytes are not those of a .gruve file");
    if (const auto version = get(file, 8, 4); version < 1 || version > preset_format_version)
        throw PresetError("preset format version " + std::to_string(version) + ", this build reads versions 1.." +
                          std::to_string(preset_format_version) +
                          (version > preset_format_version ? ": a newer Gruve made it" : ""));
    const std::uint64_t expected = get(file, 16, 8);
    const auto payload = file.subspan(header_bytes);
    if (payload.size() != expected)
        throw PresetError("preset has " + std::to_string(payload.size()) + " bytes after its header, expected " +
                          std::to_string(expected) + (payload.size() < expected ? ": cut short" : ""));
    if (crc32(payload) != get(file, 12, 4))
        throw PresetError("preset is damaged: its checksum does not match its bytes");
    return payload;
}

}  // namespace gruve
