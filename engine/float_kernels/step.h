// The steps of a kernel, written once over the compiler's vectors of `lanes` floats. Each kernel's file includes it,
// compiled for its own instruction set.
//
// Weights are read once, in the order of memory, since they seldom fit the first cache level: then they bound the time.
#pragma once

#include <cstring>
#include <utility>

#include "engine/float_kernels/plan.h"
#include "engine/support/always_inline.h"

namespace gruve::float_kernels {
namespace {  // every file's own copy; the linker would merge those of different instruction sets

template <int bytes>
struct Steps {
    typedef float V __attribute__((vector_size(bytes)));
    typedef unsigned I __attribute__((vector_size(bytes)));
    static constexpr int lanes = bytes / sizeof(float);
    static_assert(sizeof(V) == bytes && sizeof(I) == bytes);

    static GRUVE_INLINE void load(const float* from, V& to) { std::memcpy(&to, from, sizeof to); }
    static GRUVE_INLINE void store(const V& from, float* to) { std::memcpy(to, &from, sizeof from); }
    static GRUVE_INLINE void spread(float value, V& to) { to = value - V{}; }

    /// x = σ(x) = 1 / (1 + 2^t), t = −x·log2 e. t is split into a whole number, which goes to the exponent, and the
    /// rest, −0.5..0.5, for a polynomial with a relative error of 1.0e-7 (interpolated at Chebyshev nodes).
    static GRUVE_INLINE void sigmoid(V& x) {
        constexpr float log2_e = 1.44269504f, most = 126.0f;
        constexpr float round = 12582912.0f;  // 1.5 · 2^23: sums with it have no digits behind the point
        V t = x * -log2_e;
        V limit;
        spread(most, limit);
        t = t > limit ? limit : t;
        t = t < -limit ? -limit : t;
        const V shifted = t + round, f = t - (shifted - round);
        V power = 0.0013390863f * f + 0.0096760319f;
        power = power * f + 0.0555035711f;
        power = power * f + 0.2402210749f;
        power = power * f + 0.6931471880f;
        power = power * f + 1.0000000755f;
        I bits, exponent;
        std::memcpy(&bits, &power, sizeof bits);
        std::memcpy(&exponent, &shifted, sizeof exponent);
        bits += exponent << 23;  // the bits of `round` leave at the top
        std::memcpy(&power, &bits, sizeof bits);
        x = 1.0f / (1.0f + power);
    }
    /// x = tanh(x) = 2σ(2x) − 1
    static GRUVE_INLINE void tanh(V& x) {
        x = x + x;
        sigmoid(x);
        x = x + x - 1.0f;
    }

    /// Calls work(n) for n = 0..count−1 as constants: indices that the compiler knows keep arrays in registers.
    template <int count, class Work>
    static GRUVE_INLINE void each(const Work& work) {
        [&]<int... n>(std::integer_sequence<int, n...>) __attribute__((always_inline)) {
            (work(std::integral_constant<int, n>{}), ...);
        }
        (std::make_integer_sequence<int, count>{});
    }
    template <int count>
    static GRUVE_INLINE void load_all(const float*& numbers, V (&to)[count]) {
        each<count>([&](auto n) __attribute__((always_inline)) { load(numbers + n * lanes, to[n]); });
        numbers += count * lanes;
    }
    /// sums[n] += column n · x, for `count` columns of one vector
    template <int count>
    static GRUVE_INLINE void add_columns(const float*& numbers, float x, V (&sums)[count]) {
        each<count>([&](auto n) __attribute__((always_inline)) {
            V column;
            load(numbers + n * lanes, column);
            sums[n] += column * x;
        });
        numbers += count * lanes;
    }

    /// One block of `vectors` vectors. h: the whole state; mine: this block's part of it.
    template <int vectors>
    static GRUVE_INLINE const float* gru_block(const GruPlan& plan, const float* numbers, const float* x,
                                               const float* h, const float* mine, float* next_h) {
        constexpr int gates = 2 * vectors;
        V sums[3 * vectors], from_h[vectors], from_x[vectors];  // sums: r, z and one of the two parts of n
        load_all(numbers, sums);
        load_all(numbers, from_h);
        for (int i = 0; i < plan.inputs; ++i) add_columns(numbers, x[i], sums);
        each<vectors>([&](auto v) __attribute__((always_inline)) {
            from_x[v] = sums[gates + v];
            sums[gates + v] = from_h[v];
        });
        for (int i = 0; i < plan.hidden; ++i) add_columns(numbers, h[i], sums);
        each<vectors>([&](auto v) __attribute__((always_inline)) {
            V r = sums[v], z = sums[vectors + v], old;
            sigmoid(r);
            sigmoid(z);
            V n = from_x[v] + r * sums[gates + v];
            tanh(n);
            load(mine + v * lanes, old);
            store(n + z * (old - n), next_h + v * lanes);
        });
        return numbers;
    }

    static void gru_step(const GruPlan& plan, const float* x, const float* h, float* next_h) {
        const float* numbers = plan.numbers;
        int v = 0;
        for (; v + block_vectors <= plan.vectors; v += block_vectors)
            numbers = gru_block<block_vectors>(plan, numbers, x, h, h + v * lanes, next_h + v * lanes);
        if (v < plan.vectors) gru_block<1>(plan, numbers, x, h, h + v * lanes, next_h + v * lanes);
    }

    template <int vectors>
    static GRUVE_INLINE const float* dense_block(const DensePlan& plan, const float* numbers, const float* x,
                                                 float* y) {
        V sums[vectors];
        load_all(numbers, sums);
        for (int i = 0; i < plan.inputs; ++i) add_columns(numbers, x[i], sums);
        each<vectors>([&](auto v) __attribute__((always_inline)) {
            if (plan.activation == Activation::sigmoid) sigmoid(sums[v]);
            if (plan.activation == Activation::tanh) tanh(sums[v]);
            store(sums[v], y + v * lanes);
        });
        return numbers;
    }

    static void dense_step(const DensePlan& plan, const float* x, float* y) {
        const float* numbers = plan.numbers;
        int v = 0;
        for (; v + block_vectors <= plan.vectors; v += block_vectors)
            numbers = dense_block<block_vectors>(plan, numbers, x, y + v * lanes);
        if (v < plan.vectors) dense_block<1>(plan, numbers, x, y + v * lanes);
    }
};

}  // namespace
}  // namespace gruve::float_kernels
