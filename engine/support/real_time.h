// A mark for what the audio thread calls: it asks for no memory, takes no lock, calls no system, and throws nothing.
#pragma once

/// After a function's `noexcept`. Clang from 20 on knows the promise: -fsanitize=realtime (preset `rtsan`) ends the program where it is
/// broken, whatever the marked function calls. For other compilers it is a comment; tests/real_time counts there.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::nonblocking)
#define GRUVE_REAL_TIME [[clang::nonblocking]]
#endif
#endif
#ifndef GRUVE_REAL_TIME
#define GRUVE_REAL_TIME
#endif
