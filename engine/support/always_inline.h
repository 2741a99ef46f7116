// For functions compiled once for each instruction set. Inlined, they are compiled for the instruction set of their caller.
#pragma once

#define GRUVE_INLINE inline __attribute__((always_inline))
