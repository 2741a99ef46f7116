/* The debugger's (here the emulator's) console: Arm's semihosting calls by bkpt 0xab. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

enum { semihosting_write0 = 0x04, semihosting_exit_extended = 0x20 };

static inline void semihosting_call(uint32_t operation, const void* argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void* r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static inline void semihosting_print(const char* text) { semihosting_call(semihosting_write0, text); }

static inline void semihosting_exit(int status) {
    const uint32_t block[2] = {0x20026 /* application exit */, (uint32_t)status};
    for (;;) semihosting_call(semihosting_exit_extended, block);
}

#endif
