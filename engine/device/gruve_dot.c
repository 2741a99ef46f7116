/* One row of a matrix times a vector, with the row unpacked on the way: one function for each width.
 *
 * Eight weights of b bits fill b bytes. Weights are therefore read in groups of eight, with constant shifts, from
 * the first index that is a multiple of eight. The few before and after the groups are read one by one. */
#include "gruve_device.h"

/* sign_extend() needs it. C99 leaves it to the compiler; all compilers that we know do it. */
typedef char gruve_right_shift_must_keep_the_sign[(-3 >> 1) == -2 ? 1 : -1];

static uint32_t code_at(const uint8_t* bytes, size_t index, uint32_t width) {
    const size_t position = index * width;
    uint32_t code = (uint32_t)bytes[position / 8] >> position % 8;
    if (position % 8 + width > 8) code |= (uint32_t)bytes[position / 8 + 1] << (8 - position % 8);
    return code & (((uint32_t)1 << width) - 1);
}

static int32_t sign_extend(uint32_t code, uint32_t width) { return (int32_t)(code << (32 - width)) >> (32 - width); }

/* `load` reads the bytes at `group`, `level(i, width)` is weight i of the group and `single(width)` the weight at
 * `first`. */
#define DEFINE_DOT(width, load, level, single, result)                                             \
    int32_t gruve_dot_##width(const uint8_t* weights, size_t first, size_t cols, gruve_vector x) { \
        const int8_t* value = x.values;                                                            \
        const size_t end = first + cols;                                                           \
        int32_t acc = 0;                                                                           \
        for (; first < end && first % 8 != 0; ++first) acc += single(width) * *value++;            \
        const uint8_t* group = weights + first / 8 * (width);                                      \
        for (; end - first >= 8; first += 8, group += (width), value += 8) {                       \
            load;                                                                                  \
            acc += level(0, width) * value[0];                                                     \
            acc += level(1, width) * value[1];                                                     \
            acc += level(2, width) * value[2];                                                     \
            acc += level(3, width) * value[3];                                                     \
            acc += level(4, width) * value[4];                                                     \
            acc += level(5, width) * value[5];                                                     \
            acc += level(6, width) * value[6];                                                     \
            acc += level(7, width) * value[7];                                                     \
        }                                                                                          \
        for (; first < end; ++first) acc += single(width) * *value++;                              \
        return result(width);                                                                      \
    }

/* 1..3 bits: codes c have levels 2c - (2^b - 1), so the result is 2 * sum of c * x - (2^b - 1) * sum of x. */
#define SINGLE_CODE(width) ((int32_t)code_at(weights, first, width))
#define CODE(i, width) ((int32_t)(codes >> (i) * (width) & ((1u << (width)) - 1)))
#define HALVES(width) (2 * acc - ((1 << (width)) - 1) * x.sum)
DEFINE_DOT(1, const uint32_t codes = group[0], CODE, SINGLE_CODE, HALVES)
DEFINE_DOT(2, const uint32_t codes = group[0] | (uint32_t)group[1] << 8, CODE, SINGLE_CODE, HALVES)
DEFINE_DOT(3, const uint32_t codes = group[0] | (uint32_t)group[1] << 8 | (uint32_t)group[2] << 16, CODE, SINGLE_CODE,
           HALVES)

/* 4..7 bits, two's complement. Each weight lies within the first four bytes of the group or within the last four. */
static uint32_t word_at(const uint8_t* bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}
#define SINGLE_LEVEL(width) sign_extend(code_at(weights, first, width), width)
#define IN_FIRST(i, width) (((i) + 1) * (width) <= 32)
#define LEVEL(i, width) \
    sign_extend(IN_FIRST(i, width) ? low >> (i) * (width) % 32 : high >> ((i) * (width)-8 * ((width)-4)) % 32, width)
#define WHOLE(width) acc
#define WORDS(width) const uint32_t low = word_at(group), high = word_at(group + (width)-4)
DEFINE_DOT(4, WORDS(4), LEVEL, SINGLE_LEVEL, WHOLE)
DEFINE_DOT(5, WORDS(5), LEVEL, SINGLE_LEVEL, WHOLE)
DEFINE_DOT(6, WORDS(6), LEVEL, SINGLE_LEVEL, WHOLE)
DEFINE_DOT(7, WORDS(7), LEVEL, SINGLE_LEVEL, WHOLE)

/* 8 bits: each byte is a weight. */
#define SINGLE_BYTE(width) ((int8_t)weights[first])
#define BYTE(i, width) bytes[i]
DEFINE_DOT(8, const int8_t* bytes = (const int8_t*)group, BYTE, SINGLE_BYTE, WHOLE)

/* Ternary: a byte has five digits 0, 1, 2 for -1, 0, 1, with the first weight in the lowest digit. Take byte / 243 as
 * a binary fraction of 30 bits. Each multiplication by three moves the next digit, from the highest down, above the
 * point. Rounding the fraction up changes no digit. */
enum { point = 30, fraction_of_one = 4418691 /* ceil(2^30 / 243) */ };

static int32_t next_digit(uint32_t* fraction) {
    const uint32_t product = *fraction * 3;
    *fraction = product & (((uint32_t)1 << point) - 1);
    return (int32_t)(product >> point);
}

/* The part of the product that digits from .. to - 1 of a byte give. */
static int32_t dot_part(uint32_t byte, size_t from, size_t to, const int8_t* value) {
    uint32_t fraction = fraction_of_one * byte;
    int32_t acc = 0;
    for (size_t i = 5; i-- > from;) {
        const int32_t digit = next_digit(&fraction);
        if (i < to) acc += digit * value[i - from];
    }
    return acc;
}

int32_t gruve_dot_ternary(const uint8_t* weights, size_t first, size_t cols, gruve_vector x) {
    const int8_t* value = x.values;
    const uint8_t* byte = weights + first / 5;
    const size_t from = first % 5;
    int32_t acc = 0;
    if (from > 0) {
        const size_t count = cols < 5 - from ? cols : 5 - from;
        acc += dot_part(*byte++, from, from + count, value);
        value += count;
        cols -= count;
    }
    for (; cols >= 5; cols -= 5, value += 5) {
        uint32_t fraction = (uint32_t)fraction_of_one * *byte++;
        acc += next_digit(&fraction) * value[4];
        acc += next_digit(&fraction) * value[3];
        acc += next_digit(&fraction) * value[2];
        acc += next_digit(&fraction) * value[1];
        acc += next_digit(&fraction) * value[0];
    }
    if (cols > 0) acc += dot_part(*byte, 0, cols, value);
    return acc - x.sum;
}
