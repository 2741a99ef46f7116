// On Windows, makes std::filesystem::path read narrow text as UTF-8, as it does on other systems.
//
// libstdc++ widens the text of a path by C's mbrtowc(). Windows' C library (msvcrt) has no locale in UTF-8, so that its
// mbrtowc() would take every byte for a character. Programs that link this object get this one instead.
#include <cstdint>
#include <cwchar>
#include <string_view>

namespace {

constexpr auto broken = static_cast<std::size_t>(-1), cut_off = static_cast<std::size_t>(-2);

/// Bytes of the sequence that begins with `first`; 0 if none does.
std::size_t length_of(std::uint8_t first) {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

}  // namespace

extern "C" {

/// A character above U+FFFF is two units of UTF-16: three of its bytes give the first, the last byte gives the second,
/// which *state keeps in between.
std::size_t mbrtowc(wchar_t* to, const char* from, std::size_t size, std::mbstate_t* state) {
    static thread_local std::mbstate_t own_state;
    if (state == nullptr) state = &own_state;
    if (from == nullptr) return *state = 0, 0;
    if (size == 0) return cut_off;
    wchar_t unit = 0;
    if (*state != 0) {
        unit = static_cast<wchar_t>(*state);
        *state = 0;
        if (to != nullptr) *to = unit;
        return 1;
    }
    const auto byte = [from](std::size_t i) { return static_cast<std::uint8_t>(from[i]); };
    const std::size_t length = length_of(byte(0));
    if (length == 0) return broken;
    std::uint32_t point = length == 1 ? byte(0) : byte(0) & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (i >= size) return cut_off;
        if ((byte(i) & 0xc0) != 0x80) return broken;
        point = point << 6 | (byte(i) & 0x3f);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return broken;
    if (point > 0xffff) {
        unit = static_cast<wchar_t>(0xd7c0 + (point >> 10));
        *state = static_cast<std::mbstate_t>(0xdc00 + (point & 0x3ff));
    } else {
        unit = static_cast<wchar_t>(point);
    }
    if (to != nullptr) *to = unit;
    return length == 4 ? 3 : unit == 0 ? 0 : length;
}

std::size_t mbrlen(const char* from, std::size_t size, std::mbstate_t* state) {
    static thread_local std::mbstate_t own_state;
    return mbrtowc(nullptr, from, size, state != nullptr ? state : &own_state);
}

std::size_t mbsrtowcs(wchar_t* to, const char** from, std::size_t size, std::mbstate_t* state) {
    std::mbstate_t own_state{};
    if (state == nullptr) state = &own_state;
    const char* at = *from;
    for (std::size_t written = 0;; ++written) {
        if (to != nullptr && written == size) return *from = at, written;
        wchar_t unit = 0;
        const std::size_t used = mbrtowc(&unit, at, std::char_traits<char>::length(at) + 1, state);
        if (used == broken || used == cut_off) return broken;
        if (to != nullptr) to[written] = unit;
        if (used == 0) {
            if (to != nullptr) *from = nullptr;
            return written;
        }
        at += used;
    }
}

}  // extern "C"
