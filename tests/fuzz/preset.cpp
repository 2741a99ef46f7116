// Fuzzes the preset reader. A preset that deserialise() accepts must pass check(), must survive writing and reading,
// and must run: a few steps of the reference and of this machine's kernels give the same integers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "engine/kernels/network.h"
#include "engine/model/reference.h"
#include "engine/preset/check_preset.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "engine/streaming/sensitivity.h"
#include "engine/streaming/stream_network.h"
#include "tests/fuzz/bounded_memory.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

void run(const gruve::Model& model) {
    constexpr int steps = 3;
    const gruve::Network network(model);
    gruve::Network::State state(network);
    gruve::ReferenceState reference(model);
    std::vector<std::int8_t> x(static_cast<std::size_t>(model.input_size()));
    std::vector<std::int16_t> y(static_cast<std::size_t>(model.output_size())), expected(y.size());
    for (int t = 0; t < steps; ++t) {
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = static_cast<std::int8_t>(t == 0 ? -128 : t == 1 ? 127 : static_cast<int>(i * 37 % 256) - 128);
        gruve::reference_step(model, reference, x, expected);
        network.step(state, x, y);
        require(y == expected, "kernels equal the reference");
    }
}

void run(const gruve::FloatModel& model) {
    const auto stream = gruve::stream_of(std::make_shared<const gruve::PlayableFloatModel>(model));
    const std::vector<float> x(static_cast<std::size_t>(model.input_size()), 0.5f);
    std::vector<float> y(static_cast<std::size_t>(model.output_size()));
    for (int t = 0; t < 3; ++t) stream->step(x, y);
}

/// More sensitivity never raises a threshold, and none leaves 0..1.
void move_thresholds(const gruve::DetectionConfig& detection) {
    std::vector<float> before(detection.threshold.size(), 1.0f), now(before.size());
    for (const float sensitivity : {-1.0f, -0.6f, 0.0f, 0.3f, 1.0f}) {
        gruve::thresholds_at(detection, sensitivity, now);
        for (std::size_t l = 0; l < now.size(); ++l)
            require(now[l] >= 0.0f && now[l] <= before[l], "no threshold rises with sensitivity");
        before = now;
    }
    for (std::size_t i = 0; i < detection.points.size(); ++i)
        require(std::abs(gruve::sensitivity_of(detection, i)) <= 1.0f, "points lie between -1 and 1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    try {
        const gruve::fuzz::BoundedMemory memory;
        gruve::Preset preset;
        try {
            preset = gruve::deserialise(bytes);
        } catch (const gruve::PresetError&) {
            memory.check(size);
            return 0;
        }
        memory.check(size);
        require(gruve::check(preset).empty(), "what was read passes check()");
        const auto again = gruve::serialise(preset);
        require(gruve::serialise(gruve::deserialise(again)) == again, "what was read is written and read again");
        if (preset.kind == gruve::TaskKind::keywords) move_thresholds(preset.detection);
        if (preset.is_float())
            run(preset.float_model);
        else
            run(preset.model);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "unexpected exception: %s\n", error.what());
        std::abort();
    }
    return 0;
}

// Mutates the payload and renews the checksum, which would otherwise reject all mutations.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    constexpr unsigned raw_of = 16;  // one in sixteen keeps its checksum, to test the envelope itself
    const std::size_t header = gruve::wrap_preset({}).size();
    if (seed % raw_of == 0 || size < header || max_size <= header) return LLVMFuzzerMutate(data, size, max_size);
    const std::size_t payload = LLVMFuzzerMutate(data + header, size - header, max_size - header);
    const auto sealed = gruve::wrap_preset({data + header, payload});
    std::copy(sealed.begin(), sealed.end(), data);
    return sealed.size();
}
