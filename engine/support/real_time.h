// A mark for functions that the audio thread calls: they allocate nothing, take no lock, make no system call and throw
// nothing.
#pragma once

/// Goes after a function's `noexcept`. Clang checks the promise from version 20 on: with -fsanitize=realtime (preset
/// `rtsan`), the program ends where the function or anything that it calls breaks it. For other compilers it is a
/// comment, and tests/real_time counts violations.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::nonblocking)
#define GRUVE_REAL_TIME [[clang::nonblocking]]
#endif
#endif
#ifndef GRUVE_REAL_TIME
#define GRUVE_REAL_TIME
#endif
