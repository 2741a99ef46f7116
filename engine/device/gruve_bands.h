/* Runs a preset's network of bands on a small device, as gruve_device.h runs a chain of layers: each band of a frame
 * passes the same layers, and GRUs go over the bands of the frame and over time.
 *
 *     #include "fine.h"
 *     static int16_t memory[preset_fine_memory_size];
 *     gruve_bands_reset(&preset_fine, memory);
 *     gruve_bands_step(&preset_fine, memory, x_q, y_q);      (each frame)
 *
 * engine/model/model.h has the formulas and says what the *path* is. */
#ifndef GRUVE_BANDS_H
#define GRUVE_BANDS_H

#include "gruve_device.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const gruve_dense* dense;
    gruve_bias by_band;     /* bands x rows, those of a band side by side; values NULL: none */
    uint8_t adds;           /* 1: to the path; 0: it starts the path */
    uint8_t lift;           /* where it starts the path: the path is the output << lift */
    gruve_requantiser copy; /* where it adds: from the path to what the next layer reads */
} gruve_band_dense;

typedef struct { /* exactly one of dense, gru and forward is not NULL */
    const gruve_band_dense* dense;
    const gruve_gru* gru;                /* over time, with a state for each band */
    const gruve_gru *forward, *backward; /* over the bands of a frame */
} gruve_band_layer;

typedef struct {
    uint8_t bands, layer_count;
    const gruve_band_layer* layers; /* the first and the last are dense */
} gruve_bands;

/* Length of the caller's `memory` in int16_t: <name>_memory_size of the exported header. */
size_t gruve_bands_memory_size(const gruve_bands* network);

/* Sets the initial state. Call it before the first step. */
void gruve_bands_reset(const gruve_bands* network, int16_t* memory);

/* One step: from x_q (input_size, quantised as the exported header says) to y_q (output_size; real value = y_q *
 * output scale). Value f of band b is x_q[f * bands + b], and outputs lie in the same order. */
void gruve_bands_step(const gruve_bands* network, int16_t* memory, const int8_t* x_q, int16_t* y_q);

#ifdef __cplusplus
}
#endif

#endif
