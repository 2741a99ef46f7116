// For functions compiled once for each instruction set: inlined, they get the instruction set of their caller.
#pragma once

#define GRUVE_INLINE inline __attribute__((always_inline))
