/* Runs a preset's integer network on a small device: C99, no heap, no library, no floating point. Besides this
 * folder, a program needs only the header that `gruve export --c` wrote from a preset. This file runs chains of layers;
 * gruve_bands.h runs networks of bands.
 *
 *     #include "live_small.h"
 *     static int16_t memory[preset_live_small_memory_size];
 *     gruve_reset(&preset_live_small, memory);
 *     gruve_step(&preset_live_small, memory, x_q, y_q);      (each frame)
 *
 * The integers equal those of engine/model/reference.cpp bit for bit; engine/model/model.h has the formulas. The
 * exporter writes only models that pass check(), so nothing is checked here. Weights, biases and tables stay packed
 * as in the preset (engine/model/packing.h: a little-endian bit stream, row after row) and are unpacked while they
 * are read. */
#ifndef GRUVE_DEVICE_H
#define GRUVE_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The vector that rows are multiplied with, and the sum of its values. */
typedef struct {
    const int8_t* values;
    int32_t sum;
} gruve_vector;

/* The product of the weights first .. first + cols - 1 and x, one function for each width. A linker that drops unused
 * functions (-ffunction-sections, --gc-sections) keeps only the widths that a preset uses. */
typedef int32_t gruve_dot(const uint8_t* weights, size_t first, size_t cols, gruve_vector x);
gruve_dot gruve_dot_1, gruve_dot_2, gruve_dot_3, gruve_dot_4, gruve_dot_5, gruve_dot_6, gruve_dot_7, gruve_dot_8,
    gruve_dot_ternary;

typedef struct {
    uint16_t rows, cols;
    uint8_t multiplier_stride; /* 1: a multiplier for each row; 0: one for the matrix */
    gruve_dot* dot;
    const uint8_t* weights;
    const int16_t* multiplier;
} gruve_linear;

typedef struct {
    uint8_t width; /* 8 or 16 bits, two's complement, little endian */
    int8_t shift;
    const uint8_t* values;
} gruve_bias;

typedef struct {
    uint8_t input_width, output_width;
    uint8_t is_signed;     /* 1 for tanh, 0 for a sigmoid */
    const uint8_t* values; /* NULL: no table, the output is the pre-activation */
} gruve_table;

typedef struct { /* clamp(round_shift(value * multiplier, shift), width bits) */
    int16_t multiplier;
    int8_t shift;
    uint8_t width;
} gruve_requantiser;

typedef struct {
    gruve_linear ir, iz, in, hr, hz, hn;
    gruve_bias bias_r, bias_z, bias_n, bias_hn;
    int8_t shift_r, shift_z, shift_n, shift_hn;
    gruve_table table_r, table_z, table_n;
    gruve_requantiser reset, one_minus, candidate, keep, copy;
    int16_t m_p, m_a, m_b;
    int8_t shift_state;
    uint8_t state_bits;
} gruve_gru;

typedef struct {
    gruve_linear linear;
    gruve_bias bias;
    int8_t shift;
    uint8_t pre_activation_width;
    gruve_table table;
} gruve_dense;

typedef struct { /* exactly one of the two is not NULL */
    const gruve_gru* gru;
    const gruve_dense* dense;
} gruve_layer;

typedef struct {
    uint16_t input_size, output_size;
    uint8_t layer_count;
    const gruve_layer* layers;
} gruve_model;

/* Length of the caller's `memory` in int16_t: <name>_memory_size of the exported header. */
size_t gruve_memory_size(const gruve_model* model);

/* Sets the initial state. Call it before the first step. */
void gruve_reset(const gruve_model* model, int16_t* memory);

/* One step: from x_q (input_size, quantised as the exported header says) to y_q (output_size; real value = y_q *
 * output scale). */
void gruve_step(const gruve_model* model, int16_t* memory, const int8_t* x_q, int16_t* y_q);

#ifdef __cplusplus
}
#endif

#endif
