// A network on a stream, integer or float: the features of one frame in, its outputs out.
#pragma once

#include <memory>
#include <span>
#include <variant>

#include "engine/float_kernels/playable_float_model.h"
#include "engine/kernels/network.h"

namespace gruve {

struct Preset;

/// An integer network, or a float network before quantisation. Immutable; streams may share it.
struct PlayableNetwork : std::variant<std::shared_ptr<const Network>, std::shared_ptr<const PlayableFloatModel>> {
    using variant::variant;
    std::shared_ptr<const PlayableNetwork> first_stage;  // of a preset of two stages; otherwise null
};

/// The network of a preset, and that of its first stage, laid out to be played. Throws like Network's constructor.
PlayableNetwork playable(const Preset&);
/// False for a null pointer.
bool holds_network(const PlayableNetwork&);
/// Both throw std::invalid_argument if there is no network.
int input_size(const PlayableNetwork&);
int output_size(const PlayableNetwork&);

/// One stream through a network. Only the constructor allocates; everything else is real-time safe. Not thread-safe.
class StreamNetwork {
public:
    virtual ~StreamNetwork() = default;
    virtual void reset() noexcept = 0;
    /// features (input_size) → outputs (output_size). Real values are outputs · output_scale().
    virtual void step(std::span<const float> features, std::span<float> outputs) noexcept = 0;
    virtual float output_scale() const noexcept = 0;
};

/// A new stream, in the initial state. Throws std::invalid_argument if there is no network.
std::unique_ptr<StreamNetwork> stream_of(const PlayableNetwork&);

}  // namespace gruve
