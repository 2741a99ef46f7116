/* output_hash.cpp in C: the same fixed stream of inputs through an exported preset, and the same hash of its outputs.
 * Compile with -DMODEL=preset_name -DMODEL_HEADER='"name.h"' -DRUNTIME=gruve, or gruve_bands for a network of bands. */
#ifndef FIXED_STREAM_H
#define FIXED_STREAM_H

#include MODEL_HEADER

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

enum { fixed_stream_steps = 500 };

static int16_t network_memory[JOIN(MODEL, _memory_size)];
static int8_t network_input[JOIN(MODEL, _input_size)];
static int16_t network_output[JOIN(MODEL, _output_size)];

/* Inputs that vary like features and reach both ends of the range: the sum of triangle waves and xorshift noise. */
static void next_inputs(uint32_t step) {
    static uint64_t state = 0x9e3779b97f4a7c15u;
    const int bits = JOIN(MODEL, _input_bits), low = -(1 << (bits - 1)), high = (1 << (bits - 1)) - 1;
    for (uint32_t i = 0; i < JOIN(MODEL, _input_size); ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const int phase = (int)(step * (5 + i) % 512);
        const int triangle = (phase < 256 ? phase : 511 - phase) - 128;
        const int noise = (int)(state % 65) - 32;
        const int x = (triangle + noise) >> (8 - bits);
        network_input[i] = (int8_t)(x < low ? low : x > high ? high : x);
    }
}

/* 64-bit FNV-1a over all outputs. The caller may read a clock before and after each step. */
static uint64_t hash_of_outputs(void (*before_step)(void), void (*after_step)(void)) {
    uint64_t hash = 0xcbf29ce484222325u;
    JOIN(RUNTIME, _reset)(&MODEL, network_memory);
    for (uint32_t step = 1; step <= fixed_stream_steps; ++step) {
        next_inputs(step);
        before_step();
        JOIN(RUNTIME, _step)(&MODEL, network_memory, network_input, network_output);
        after_step();
        for (uint32_t i = 0; i < JOIN(MODEL, _output_size); ++i) {
            const uint16_t y = (uint16_t)network_output[i];
            hash = (hash ^ (y & 0xff)) * 0x100000001b3u;
            hash = (hash ^ (y >> 8)) * 0x100000001b3u;
        }
    }
    return hash;
}

#endif
