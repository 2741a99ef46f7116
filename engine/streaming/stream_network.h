// What the front ends ask of a network: the features of one frame in, its outputs out.
#pragma once

#include <memory>
#include <span>
#include <variant>

#include "engine/kernels/network.h"
#include "engine/model/float_model.h"

namespace gruve {

struct Preset;

/// Integers to be played, or the float network that they stand for. Immutable; shared among streams.
using PlayableNetwork = std::variant<std::shared_ptr<const Network>, std::shared_ptr<const FloatModel>>;

/// What a preset holds, laid out to be played. Throws as Network's constructor does.
PlayableNetwork playable(const Preset&);
bool holds_network(const PlayableNetwork&);
/// Throws std::invalid_argument where there is none.
int input_size(const PlayableNetwork&);
int output_size(const PlayableNetwork&);

/// One stream through a network. Allocates when made, never afterwards; everything else is real-time safe.
class StreamNetwork {
public:
    virtual ~StreamNetwork() = default;
    virtual void reset() noexcept = 0;
    /// features (input_size) → outputs (output_size), each to be multiplied by output_scale().
    virtual void step(std::span<const float> features, std::span<float> outputs) noexcept = 0;
    virtual float output_scale() const noexcept = 0;
};

std::unique_ptr<StreamNetwork> stream_of(const PlayableNetwork&);

}  // namespace gruve
