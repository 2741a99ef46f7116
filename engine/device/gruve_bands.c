#include "gruve_bands.h"

#include "gruve_layers.h"

/* Memory holds 16-bit values: h of all GRUs over time, the path, and one h for GRUs over bands. Then 8-bit ones: the
 * copies of all GRUs over time, which are their outputs, and two buffers that the other layers read and write in turn.
 * A band's values lie side by side. From one step to the next only h and the copies of GRUs over time are kept. */
typedef struct {
    size_t states, path, h_of_band, buffer;
} sizes;

static void at_least(size_t* size, size_t least) {
    if (*size < least) *size = least;
}

static sizes sizes_of(const gruve_bands* network) {
    const size_t bands = network->bands;
    sizes size = {0, 0, 0, bands * network->layers[0].dense->dense->linear.cols};
    for (size_t k = 0; k + 1 < network->layer_count; ++k) {
        const gruve_band_layer layer = network->layers[k];
        if (layer.gru) {
            size.states += bands * layer.gru->hn.rows;
        } else if (layer.dense) {
            at_least(&size.path, bands * layer.dense->dense->linear.rows);
            at_least(&size.buffer, bands * layer.dense->dense->linear.rows);
        } else {
            at_least(&size.h_of_band, layer.forward->hn.rows);
            at_least(&size.buffer, bands * 2 * layer.forward->hn.rows);
        }
    }
    return size;
}

size_t gruve_bands_memory_size(const gruve_bands* network) {
    const sizes size = sizes_of(network);
    return size.states + size.path + size.h_of_band + (size.states + 2 * size.buffer + 1) / 2;
}

void gruve_bands_reset(const gruve_bands* network, int16_t* memory) {
    const size_t size = gruve_bands_memory_size(network);
    for (size_t i = 0; i < size; ++i) memory[i] = 0;
}

static void step_over_time(const gruve_gru* gru, size_t bands, const int8_t* input, int16_t* h, int8_t* copy) {
    const size_t inputs = gru->in.cols, hidden = gru->hn.rows;
    for (size_t band = 0; band < bands; ++band)
        gru_step(gru, input + band * inputs, h + band * hidden, copy + band * hidden);
}

/* One direction, into its half of each band's outputs. Each band's copy begins as that of the band before it. */
static void step_over_bands(const gruve_gru* gru, size_t bands, int backward, const int8_t* input, int16_t* h,
                            int8_t* output) {
    const size_t inputs = gru->in.cols, hidden = gru->hn.rows;
    const int8_t* previous = NULL;
    for (size_t i = 0; i < hidden; ++i) h[i] = 0;
    for (size_t step = 0; step < bands; ++step) {
        const size_t band = backward ? bands - 1 - step : step;
        int8_t* copy = output + band * 2 * hidden + (backward ? hidden : 0);
        for (size_t i = 0; i < hidden; ++i) copy[i] = (int8_t)(previous ? previous[i] : 0);
        gru_step(gru, input + band * inputs, h, copy);
        previous = copy;
    }
}

static int16_t output_of(const gruve_band_dense* layer, size_t band, size_t row, gruve_vector x) {
    const gruve_dense* dense = layer->dense;
    const int64_t by_band = layer->by_band.values ? bias_at(&layer->by_band, band * dense->linear.rows + row) : 0;
    return dense_output(dense, row, x, by_band);
}

static void step_on_path(const gruve_band_dense* layer, size_t bands, const int8_t* input, int16_t* path,
                         int8_t* output) {
    const size_t cols = layer->dense->linear.cols, rows = layer->dense->linear.rows;
    for (size_t band = 0; band < bands; ++band) {
        const gruve_vector x = vector_of(input + band * cols, cols);
        for (size_t row = 0; row < rows; ++row) {
            const int32_t y = output_of(layer, band, row, x);
            if (layer->adds) {
                *path = (int16_t)clamp_signed(*path + y, 16);
                *output++ = (int8_t)requantise(layer->copy, *path++);
            } else {
                *path++ = (int16_t)(y * (1 << layer->lift));
                *output++ = (int8_t)y;
            }
        }
    }
}

static void last_step(const gruve_band_dense* layer, size_t bands, const int8_t* input, int16_t* y_q) {
    const size_t cols = layer->dense->linear.cols, rows = layer->dense->linear.rows;
    for (size_t band = 0; band < bands; ++band) {
        const gruve_vector x = vector_of(input + band * cols, cols);
        for (size_t row = 0; row < rows; ++row) y_q[row * bands + band] = output_of(layer, band, row, x);
    }
}

void gruve_bands_step(const gruve_bands* network, int16_t* memory, const int8_t* x_q, int16_t* y_q) {
    const sizes size = sizes_of(network);
    const size_t bands = network->bands, inputs = network->layers[0].dense->dense->linear.cols;
    int16_t *h = memory, *path = h + size.states, *h_of_band = path + size.path;
    int8_t* copies = (int8_t*)(h_of_band + size.h_of_band);
    int8_t *const first = copies + size.states, *const second = first + size.buffer;
    for (size_t band = 0; band < bands; ++band)
        for (size_t i = 0; i < inputs; ++i) first[band * inputs + i] = x_q[i * bands + band];
    const int8_t* input = first;
    for (size_t k = 0; k + 1 < network->layer_count; ++k) {
        const gruve_band_layer layer = network->layers[k];
        int8_t* const output = input == first ? second : first;
        if (layer.gru) {
            step_over_time(layer.gru, bands, input, h, copies);
            input = copies;
            h += bands * layer.gru->hn.rows;
            copies += bands * layer.gru->hn.rows;
            continue;
        }
        if (layer.dense) {
            step_on_path(layer.dense, bands, input, path, output);
        } else {
            step_over_bands(layer.forward, bands, 0, input, h_of_band, output);
            step_over_bands(layer.backward, bands, 1, input, h_of_band, output);
        }
        input = output;
    }
    last_step(network->layers[network->layer_count - 1].dense, bands, input, y_q);
}
