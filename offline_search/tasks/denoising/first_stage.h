// The denoise preset that a second network is trained behind.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/streaming/denoiser_stage.h"

namespace gruve {

/// A preset whose output is the input of the network that is trained, searched or judged. Immutable; threads may share
/// it.
struct FirstStage {
    Preset preset;
    PlayableNetwork network;
    std::string mark;  // "NAME HASH" of the file, kept in the metadata of models

    /// A stream of its own. rate_hz: as DenoiserStage takes it.
    DenoiserStage stage(double rate_hz) const { return {preset.denoiser, network, rate_hz}; }
};

/// Throws DataError naming the file if it isn't an integer denoise preset of one stage with the windows and bands of
/// `config`.
std::shared_ptr<const FirstStage> read_first_stage(const std::filesystem::path&, const DenoiserConfig& config);

}  // namespace gruve
