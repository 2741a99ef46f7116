// A preset: a network ready to run, the settings of its front end, the meaning of its outputs, and its provenance.
// File format: FlatBuffers (preset.fbs) with weights packed at their widths, in an envelope with a checksum
// (preset_file.h).
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

/// sequence: rows of numbers, without an audio front end.
enum class TaskKind : std::uint8_t { keywords, denoise, sequence };

/// Log-mel energies of one frame each hop. Times are in seconds and frequencies in Hz, so that features do not depend
/// on the sample rate.
struct LogMelConfig {
    float window_s = 0.032f, hop_s = 0.020f;
    std::int32_t bands = 40;
    float low_hz = 60.0f, high_hz = 7600.0f;
    float floor_db = -90.0f;                    // lower band powers (re full scale) are raised to it
    float offset_db = 60.0f, scale_db = 20.0f;  // feature = (dB + offset_db) / scale_db
    // If rise_s and fall_s are above 0, dB are relative to each band's own noise floor. It is a mean that follows
    // falling powers with time constant fall_s and rising powers with rise_s (faster at first), at most range_db below
    // the loudest band of the recent past. Features are at least least_db above the floor. Digital silence gives
    // least_db and leaves the floors unchanged.
    float rise_s = 0.0f, fall_s = 0.0f, least_db = -10.0f, range_db = 45.0f;
    bool operator==(const LogMelConfig&) const = default;
};

/// The denoiser's analysis and synthesis. The synthesis window is latency_s long, the hop half of that.
struct DenoiserConfig {
    float window_s = 0.020f;
    float latency_s = 0.010f;    // 0.005 "live" or 0.010 "quality"
    std::int32_t net_every = 1;  // frames per network step
    std::int32_t bands = 40;     // one gain each
    float high_hz = 8000.0f;     // trained bandwidth; above it a mean of gains applies (BandLayout)
    float band_mean_s = 1.0f;    // time constant of each band's running mean
    float level_s = 2.0f;        // time constant of the broadband level
    float floor_s = 0.0f;        // time constant with which a band's noise floor rises; 0: no such feature
    bool periodicity = false;    // whether a feature says how much of each band repeats with the voice's period
    bool comb = false;  // whether the network sets the share of the signal one period earlier; needs periodicity
    std::int32_t look_ahead = 0;  // frames by which the sound is delayed behind what the network hears
    bool each_frame = false;      // whether each of the net_every frames has outputs of its own, or all have the same
    /// Inputs of the network: two features per band, one more with a noise floor, one more with periodicity.
    int features() const { return (2 + (floor_s > 0) + periodicity) * bands; }
    /// What a frame is played with: one gain per band, then, with `comb`, one share per band.
    int frame_outputs() const { return (1 + comb) * bands; }
    /// Outputs of the network: those of the frame that it hears, then, with `each_frame`, those of the frames after it.
    int outputs() const { return (each_frame ? net_every : 1) * frame_outputs(); }
    /// The delay from input to output: the synthesis window, and half of that for each frame of look-ahead.
    double delay_s() const { return latency_s * (1 + 0.5 * look_ahead); }
    /// The most frames of look-ahead that may follow this latency_s: 16, and no more than a delay of 0.1 s.
    int most_look_ahead() const;
    bool operator==(const DenoiserConfig&) const = default;
};

/// Events in streams with known words, and without any.
struct StreamCount {
    std::uint32_t alarms = 0;  // false ones, in the streams without words
    double heard_s = 0;        // length of those streams
    double recorded_s = 0;     // length of the different recordings in them: the same speech is heard in many noises
    std::uint32_t hits = 0, words = 0;  // words hit, of those that were played
    bool operator==(const StreamCount&) const = default;
};

/// Thresholds for a rate of false alarms, and what they gave on validation streams.
struct OperatingPoint {
    float alarms_per_hour = 0;     // aimed at
    std::vector<float> threshold;  // one per label, 0..1
    StreamCount counted;
    bool operator==(const OperatingPoint&) const = default;
};

inline constexpr int most_operating_points = 16;

/// From posteriors to detections.
struct DetectionConfig {
    float smoothing_s = 0.20f;     // moving average of posteriors
    float refractory_s = 1.0f;     // no detection for this long after one (Detector::hear() has a further condition)
    float warm_up_s = 1.5f;        // no detection for this long after a reset or a change of preset
    std::vector<float> threshold;  // one per label, 0..1
    // For engine/streaming/sensitivity.h, from few alarms an hour to many; none in older presets. No threshold rises
    // from one to the next, and none lies above its own one (`threshold`) where another lies below.
    std::vector<OperatingPoint> points = {};
    StreamCount counted = {};  // with `threshold`; of presets with points
    bool operator==(const DetectionConfig&) const = default;
};

/// The search's measurements. metric: the id of a Metric (metric.h).
struct Scores {
    std::string metric;
    // On `split`: the float network, the one with all operators at 8 bits, this preset, and the half-width of its 95 %
    // confidence interval.
    double float_value = 0, homogeneous8_value = 0, value = 0, ci95 = 0;
    std::uint32_t n = 0;  // sequences or mixtures
    std::string split;    // "validation" or "test"
    bool operator==(const Scores&) const = default;
};

struct Preset {
    std::string name, task;  // task: "wake_words", "digits", "row_mnist", "denoise", or the user's own
    TaskKind kind = TaskKind::sequence;
    std::vector<std::string> labels;  // keywords: output i is labels[i]; the first may be "other", never detected
    std::int32_t rate_hz = 0;         // sample rate of the training; 0 for sequences
    LogMelConfig log_mel;             // kind keywords
    DetectionConfig detection;        // kind keywords
    DenoiserConfig denoiser;          // kind denoise
    Scores validation, test;
    std::string provenance;  // data, licence, command and seed, for people
    std::string model_hash;  // of the float networks that were searched, for programs; empty in older presets
    Model model;
    FloatModel float_model;  // in place of `model`: the network before quantisation, for comparison
    /// kind denoise: empty, or the one denoiser that the sound passes first, frame by frame, with the same windows and
    /// bands. What it leaves is this preset's input. It has no first stage of its own.
    std::vector<Preset> before;
    bool is_float() const { return !float_model.layers.empty(); }
    const Preset* first_stage() const { return before.empty() ? nullptr : &before.front(); }
    int bands() const { return is_float() ? float_model.bands : model.bands; }
    int input_size() const { return is_float() ? float_model.input_size() : model.input_size(); }
    int output_size() const { return is_float() ? float_model.output_size() : model.output_size(); }
    bool operator==(const Preset&) const = default;
};

/// The newest version of the file format. Older readers must refuse what they don't know: version 2 is that of
/// networks of bands, version 3 that of two stages or of operating points, version 4 that of look-ahead, version 5 that
/// of outputs for each frame. Every other preset is still written as version 1.
inline constexpr std::uint32_t preset_format_version = 5;
inline std::uint32_t format_version_of(const Preset& preset) {
    if (preset.denoiser.each_frame) return 5;
    if (preset.denoiser.look_ahead > 0) return 4;
    return !preset.before.empty() || !preset.detection.points.empty() ? 3 : preset.bands() > 1 ? 2 : 1;
}

/// Bytes of the parameters of all its networks.
std::size_t parameter_bytes(const Preset&);

/// A fault of a preset or of its bytes, in one sentence: "layer 0, operator sigmoid_z: 9 bits, allowed 2..8".
struct PresetError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace gruve
