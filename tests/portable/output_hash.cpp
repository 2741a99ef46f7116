// Prints one hash of all outputs of a preset's integer network on a fixed stream of quantised inputs, for every preset named.
// The same line must come from every instruction set and every machine: gruve_output_hash presets/*.gruve
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "engine/network.h"
#include "engine/preset.h"
#include "engine/reference.h"

namespace {

constexpr int steps = 500;

// 64-bit FNV-1a.
std::uint64_t hash(std::uint64_t h, std::uint8_t byte) { return (h ^ byte) * 0x100000001b3u; }

// Inputs that wander as features do and reach both ends of the range: a sum of triangle waves and xorshift noise.
class Inputs {
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
            x[i] = static_cast<std::int8_t>(gruve::clamp_signed((triangle + noise) >> (8 - bits), bits));
        }
    }

private:
    std::uint64_t step_ = 0, state_ = 0x9e3779b97f4a7c15u;
};

template <class Step>
std::uint64_t hash_of_outputs(const gruve::Model& model, Step&& step) {
    Inputs inputs;
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size()));
    std::uint64_t h = 0xcbf29ce484222325u;
    for (int t = 0; t < steps; ++t) {
        inputs.next(x, model.input.bits);
        step(x, y);
        for (std::int16_t value : y) h = hash(hash(h, static_cast<std::uint8_t>(value)), static_cast<std::uint8_t>(value >> 8));
    }
    return h;
}

}  // namespace

int main(int argc, char** argv) {
    bool equal = true;
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        const gruve::Preset preset = gruve::deserialise(bytes);
        const gruve::Network network(preset.model);
        gruve::Network::State state(network);
        gruve::ReferenceState reference(preset.model);
        const auto fast = hash_of_outputs(preset.model, [&](const auto& x, auto& y) { network.step(state, x, y); });
        const auto specified = hash_of_outputs(preset.model, [&](const auto& x, auto& y) { gruve::reference_step(preset.model, reference, x, y); });
        std::printf("%016llx  %s\n", static_cast<unsigned long long>(fast), preset.name.c_str());
        if (fast != specified) {
            std::fprintf(stderr, "%s: kernels for %s give %016llx, the reference %016llx\n", argv[i], network.isa().c_str(), static_cast<unsigned long long>(fast),
                         static_cast<unsigned long long>(specified));
            equal = false;
        }
    }
    return equal && argc > 1 ? 0 : 1;
}
