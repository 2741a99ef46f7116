// For functions that are compiled once for each instruction set: inlined, they take on that of their caller.
#pragma once

#define GRUVE_INLINE inline __attribute__((always_inline))
