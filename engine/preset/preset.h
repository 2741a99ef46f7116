// A preset: a model ready to run, how its input is made, what its output means, where it comes from.
// File format: FlatBuffers (preset.fbs), weights packed at their widths, checksum over everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/model/float_model.h"
#include "engine/model/model.h"

namespace gruve {

enum class TaskKind : std::uint8_t { keywords, denoise, sequence };  // sequence: rows of numbers, no audio front end

/// Log-mel energies of one frame each hop. All in seconds and Hz, so that any sample rate gives the same features.
struct LogMelConfig {
    float window_s = 0.032f, hop_s = 0.020f;
    std::int32_t bands = 40;
    float low_hz = 60.0f, high_hz = 7600.0f;
    float floor_db = -90.0f;                    // band powers below it (re full scale) are raised to it
    float offset_db = 60.0f, scale_db = 20.0f;  // feature = (dB + offset_db) / scale_db
    // Where both are above 0, dB counts from each band's own noise floor: a mean that follows falling powers within fall_s and rising
    // ones within rise_s (sooner at first), and lies at most range_db below what was the loudest band not long ago. least_db: less above
    // the floor counts as this, and so does digital silence, which moves no floor.
    float rise_s = 0.0f, fall_s = 0.0f, least_db = -10.0f, range_db = 45.0f;
    bool operator==(const LogMelConfig&) const = default;
};

/// The denoiser's analysis and synthesis. latency_s = synthesis window; hop = half of it.
struct DenoiserConfig {
    float window_s = 0.020f;
    float latency_s = 0.010f;    // 0.005 "live" or 0.010 "quality"
    std::int32_t net_every = 1;  // frames per network step
    std::int32_t bands = 40;     // gains
    float high_hz = 8000.0f;     // trained bandwidth; above it the top bands' gain is used
    float band_mean_s = 1.0f;    // running mean per band
    float level_s = 2.0f;        // slow broadband level
    float floor_s = 0.0f;        // time a band's noise floor takes to rise; 0: the network doesn't see it
    bool periodicity = false;    // whether the network sees how much of each band repeats with the voice's period
    bool comb =
        false;  // whether it says of each band how much of what was there one period earlier to mix in; needs periodicity
    /// What the network reads: two features a band, one more with the noise floor, one more with the periodicity.
    int features() const { return (2 + (floor_s > 0) + periodicity) * bands; }
    /// What it gives: a gain a band, then with `comb` a share a band.
    int outputs() const { return (1 + comb) * bands; }
    bool operator==(const DenoiserConfig&) const = default;
};

/// Posteriors → detections.
struct DetectionConfig {
    float smoothing_s = 0.20f;  // moving average of posteriors
    float refractory_s =
        1.0f;  // after a detection; the same label besides waits until its mean fell below half its threshold
    float warm_up_s = 1.5f;        // after reset or swap
    std::vector<float> threshold;  // one per label, 0..1
    bool operator==(const DetectionConfig&) const = default;
};

/// What the search measured; `metric` is "accuracy" or "si_sdr_gain_db".
struct Scores {
    std::string metric;
    double float_value = 0, homogeneous8_value = 0, value = 0, ci95 = 0;  // on `split`
    std::uint32_t n = 0;
    std::string split;
    bool operator==(const Scores&) const = default;
};

struct Preset {
    std::string name, task;  // task: "wake_words", "digits", "row_mnist", "denoise", or the user's own
    TaskKind kind = TaskKind::sequence;
    std::vector<std::string> labels;  // keywords: output i means labels[i]; the first may be "other" (never detected)
    std::int32_t rate_hz = 0;         // rate it was trained at; 0 for sequences
    LogMelConfig log_mel;             // kind keywords
    DetectionConfig detection;        // kind keywords
    DenoiserConfig denoiser;          // kind denoise
    Scores validation, test;
    std::string provenance;  // data, licence, command, seed
    std::string model_hash;  // of the float networks that were searched; empty in older presets
    Model model;
    FloatModel float_model;  // instead of `model`: the network before quantisation, for comparison
    bool is_float() const { return !float_model.layers.empty(); }
    int input_size() const { return is_float() ? float_model.input_size() : model.input_size(); }
    int output_size() const { return is_float() ? float_model.output_size() : model.output_size(); }
    bool operator==(const Preset&) const = default;
};

inline constexpr std::uint32_t preset_format_version = 1;

/// Whatever is wrong with a preset's bytes, in one sentence: "layer 0, operator sigmoid_z: 9 bits, allowed 2..8".
struct PresetError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace gruve
