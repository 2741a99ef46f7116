// snprintf for the one format that std::to_string() asks of it: "%f". C's own brings 12 kB for numbers that stand in
// messages alone.
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" int snprintf(char* to, std::size_t room, const char* format, ...) {
    if (std::strcmp(format, "%f") != 0) return -1;
    std::va_list arguments;
    va_start(arguments, format);
    const double value = va_arg(arguments, double);
    va_end(arguments);

    char text[40];
    char* at = text + sizeof text;
    constexpr double most = 1e12, places = 1e6;
    const double size = std::fabs(value);
    if (size <= most) {
        auto digits = static_cast<std::uint64_t>(std::floor(size * places + 0.5));
        for (int i = 0; i <= 6 || digits > 0; ++i, digits /= 10) {
            if (i == 6) *--at = '.';
            *--at = static_cast<char>('0' + digits % 10);
        }
    } else {
        const char* name = std::isnan(value) ? "nan" : std::isinf(value) ? "inf" : "more than 1e12";
        at -= std::strlen(name);
        std::memcpy(at, name, std::strlen(name));
    }
    if (value < 0) *--at = '-';
    const auto length = static_cast<std::size_t>(text + sizeof text - at);
    if (room > 0) {
        const std::size_t kept = length < room ? length : room - 1;
        std::memcpy(to, at, kept);
        to[kept] = '\0';
    }
    return static_cast<int>(length);
}
