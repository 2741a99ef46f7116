/* The arithmetic of the layers, for gruve_device.c and gruve_bands.c alone. Each has a copy of its own, so that the
 * compiler can inline it. */
#ifndef GRUVE_LAYERS_H
#define GRUVE_LAYERS_H

#include "gruve_device.h"

/* round_shift() needs it. C99 leaves it to the compiler; all compilers that we know do it. */
typedef char gruve_right_shift_must_keep_the_sign[(-3 >> 1) == -2 ? 1 : -1];

static int64_t round_shift(int64_t value, int shift) {
    return shift == 0 ? value : (value + ((int64_t)1 << (shift - 1))) >> shift;
}

static int32_t clamp(int64_t value, int32_t low, int32_t high) {
    return (int32_t)(value < low ? low : value > high ? high : value);
}

static int32_t clamp_signed(int64_t value, int bits) {
    return clamp(value, -((int32_t)1 << (bits - 1)), ((int32_t)1 << (bits - 1)) - 1);
}

static int32_t requantise(gruve_requantiser q, int32_t value) {
    return clamp_signed(round_shift((int64_t)value * q.multiplier, q.shift), q.width);
}

static int64_t bias_at(const gruve_bias* bias, size_t index) {
    const int32_t value = bias->width == 8
                              ? (int8_t)bias->values[index]
                              : (int16_t)(uint16_t)(bias->values[2 * index] | bias->values[2 * index + 1] << 8);
    return (int64_t)value * ((int64_t)1 << bias->shift);
}

static int32_t table_at(const gruve_table* table, int32_t pre) {
    const uint32_t width = table->output_width;
    const uint32_t position = (uint32_t)(pre + ((int32_t)1 << (table->input_width - 1))) * width;
    const uint8_t* bytes = table->values + position / 8;
    uint32_t code = (uint32_t)bytes[0] >> position % 8;
    if (position % 8 + width > 8) code |= (uint32_t)bytes[1] << (8 - position % 8);
    code &= ((uint32_t)1 << width) - 1;
    const uint32_t sign = table->is_signed ? (uint32_t)1 << (width - 1) : 0;
    return (int32_t)(code ^ sign) - (int32_t)sign;
}

static gruve_vector vector_of(const int8_t* values, size_t size) {
    gruve_vector x = {values, 0};
    for (size_t i = 0; i < size; ++i) x.sum += values[i];
    return x;
}

static int64_t product(const gruve_linear* linear, size_t row, gruve_vector x) {
    const int32_t acc = linear->dot(linear->weights, row * linear->cols, linear->cols, x);
    return (int64_t)acc * linear->multiplier[row * linear->multiplier_stride];
}

static int32_t gate(int64_t sum, int shift, const gruve_table* table) {
    return table_at(table, clamp_signed(round_shift(sum, shift), table->input_width));
}

/* A row reads no other row's h, so h is updated in place. All rows read the copy, so it is updated last. */
static void gru_step(const gruve_gru* gru, const int8_t* input, int16_t* h, int8_t* copy) {
    const size_t hidden = gru->hn.rows;
    const gruve_vector x = vector_of(input, gru->in.cols), previous = vector_of(copy, hidden);
    const int32_t one = ((int32_t)1 << gru->table_z.output_width) - 1;
    for (size_t i = 0; i < hidden; ++i) {
        const int32_t r = gate(product(&gru->ir, i, x) + product(&gru->hr, i, previous) + bias_at(&gru->bias_r, i),
                               gru->shift_r, &gru->table_r);
        const int32_t z = gate(product(&gru->iz, i, x) + product(&gru->hz, i, previous) + bias_at(&gru->bias_z, i),
                               gru->shift_z, &gru->table_z);
        const int32_t hn =
            clamp_signed(round_shift(product(&gru->hn, i, previous) + bias_at(&gru->bias_hn, i), gru->shift_hn), 16);
        const int32_t p = requantise(gru->reset, r * hn);
        const int32_t n = gate(product(&gru->in, i, x) + (int64_t)p * gru->m_p + bias_at(&gru->bias_n, i), gru->shift_n,
                               &gru->table_n);

        const gruve_requantiser q = gru->one_minus;
        const int32_t o =
            clamp(round_shift((int64_t)(one - z) * q.multiplier, q.shift), 0, ((int32_t)1 << q.width) - 1);
        const int32_t a = requantise(gru->candidate, o * n);
        const int32_t b = requantise(gru->keep, z * h[i]);
        h[i] = (int16_t)clamp_signed(round_shift((int64_t)a * gru->m_a + (int64_t)b * gru->m_b, gru->shift_state),
                                     gru->state_bits);
    }
    for (size_t i = 0; i < hidden; ++i) copy[i] = (int8_t)requantise(gru->copy, h[i]);
}

static int16_t dense_output(const gruve_dense* dense, size_t row, gruve_vector x, int64_t more_bias) {
    const int64_t sum = product(&dense->linear, row, x) + bias_at(&dense->bias, row) + more_bias;
    const int32_t pre = clamp_signed(round_shift(sum, dense->shift), dense->pre_activation_width);
    return (int16_t)(dense->table.values ? table_at(&dense->table, pre) : pre);
}

#endif
