// The parts of C++20's library that the engine uses and libc++ 13 (emscripten 3.1.6) lacks. Included before every
// source of the WebAssembly build, and nowhere else.
#pragma once

#include <version>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 14000

#include <algorithm>
#include <cstring>

namespace std {

template <class To, class From>
To bit_cast(const From& from) noexcept {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}

namespace ranges {

template <class Range, class Value>
void fill(Range&& range, const Value& value) {
    std::fill(begin(range), end(range), value);
}
template <class Range, class Out>
Out copy(Range&& range, Out out) {
    return std::copy(begin(range), end(range), out);
}
template <class Range, class Out, class Function>
Out transform(Range&& range, Out out, Function function) {
    return std::transform(begin(range), end(range), out, function);
}
template <class Range>
auto max_element(Range&& range) {
    return std::max_element(begin(range), end(range));
}
template <class Range, class Predicate>
bool all_of(Range&& range, Predicate predicate) {
    return std::all_of(begin(range), end(range), predicate);
}
template <class Range, class Predicate>
bool any_of(Range&& range, Predicate predicate) {
    return std::any_of(begin(range), end(range), predicate);
}

}  // namespace ranges
}  // namespace std

#endif
