// One hash of all outputs of an integer network on a fixed stream of quantised inputs: the same on every instruction set and machine,
// and for a released preset the same for ever.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/fixed_point.h"
#include "engine/model/model.h"

namespace gruve::test {

/// Inputs that wander as features do and reach both ends of the range: a sum of triangle waves and xorshift noise.
class FixedStream {
public:
    void next(std::vector<std::int8_t>& x, int bits) {
        ++step_;
        for (std::size_t i = 0; i < x.size(); ++i) {
            state_ ^= state_ << 13;
            state_ ^= state_ >> 7;
            state_ ^= state_ << 17;
            const int phase = static_cast<int>((step_ * (5 + i)) % 512);
            const int triangle = (phase < 256 ? phase : 511 - phase) - 128;
            const int noise = static_cast<int>(state_ % 65) - 32;
            x[i] = static_cast<std::int8_t>(clamp_signed((triangle + noise) >> (8 - bits), bits));
        }
    }

private:
    std::uint64_t step_ = 0, state_ = 0x9e3779b97f4a7c15u;
};

/// 64-bit FNV-1a of 500 steps; step(x, y) plays one.
template <class Step>
std::uint64_t hash_of_outputs(const Model& model, Step&& step) {
    constexpr int steps = 500;
    FixedStream inputs;
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size()));
    std::uint64_t hash = 0xcbf29ce484222325u;
    const auto add = [&](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
    for (int t = 0; t < steps; ++t) {
        inputs.next(x, model.input.bits);
        step(x, y);
        for (std::int16_t value : y) add(static_cast<std::uint8_t>(value)), add(static_cast<std::uint8_t>(value >> 8));
    }
    return hash;
}

}  // namespace gruve::test
