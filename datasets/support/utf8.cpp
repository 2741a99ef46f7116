#include "datasets/support/utf8.h"

#include <cstdint>
#include <cstdio>

namespace gruve {
namespace {

/// The length of the UTF-8 sequence at the beginning of the text; 0 if there is none. Overlong forms, surrogates and
/// code points above U+10FFFF are none (Unicode 15, table 3-7).
std::size_t sequence_at(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    };
    const auto follows = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xbf; };
    const std::uint8_t first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool overlong = first == 0xe0 && second < 0xa0, surrogate = first == 0xed && second > 0x9f;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool overlong = first == 0xf0 && second < 0x90, too_large = first == 0xf4 && second > 0x8f;
        return follows(1) && follows(2) && follows(3) && !overlong && !too_large ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_at(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string escaped(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = sequence_at(text);
        if (length > 0) {
            result += text.substr(0, length);
            text.remove_prefix(length);
            continue;
        }
        char byte[8];
        std::snprintf(byte, sizeof byte, "\\x%02x", static_cast<unsigned>(static_cast<std::uint8_t>(text[0])));
        result += byte;
        text.remove_prefix(1);
    }
    return result;
}

}  // namespace gruve
