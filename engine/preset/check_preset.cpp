#include "engine/preset/check_preset.h"

#include <algorithm>
#include <cmath>

#include "engine/model/check_model.h"

namespace gruve {
namespace {

// NaN fails every comparison and is refused too.
std::string check_range(const std::string& what, double value, double low, double high, const std::string& unit) {
    if (value >= low && value <= high) return "";
    const auto text = [](double v) {
        std::string s = std::to_string(v);
        s.erase(s.find_last_not_of('0') + 1);
        if (s.back() == '.') s.pop_back();
        return s;
    };
    return what + ": " + text(value) + unit + ", allowed " + text(low) + ".." + text(high) + unit;
}

std::string check_count(const std::string& where, const StreamCount& count) {
    constexpr double most_s = 1e9;
    if (count.hits > count.words)
        return where + ": " + std::to_string(count.hits) + " hits of " + std::to_string(count.words) + " words";
    std::string error = check_range(where + ", time heard", count.heard_s, 0, most_s, " s");
    return error.empty() ? check_range(where + ", time recorded", count.recorded_s, 0, count.heard_s, " s") : error;
}

/// The thresholds of operating point i: in range, none above the point before it, and all on one side of the own ones.
std::string check_thresholds(const Preset& preset, const std::string& where, std::size_t i) {
    const std::vector<float>& own = preset.detection.threshold;
    const std::vector<float>& threshold = preset.detection.points[i].threshold;
    if (threshold.size() != preset.labels.size())
        return where + ": " + std::to_string(threshold.size()) + " thresholds for " +
               std::to_string(preset.labels.size()) + " labels";
    bool above = false, below = false;
    for (std::size_t l = 0; l < threshold.size(); ++l) {
        const double highest = i == 0 ? 1.0 : double{preset.detection.points[i - 1].threshold[l]};
        if (auto error = check_range(where + ", threshold of " + preset.labels[l], threshold[l], 0, highest, "");
            !error.empty())
            return error;
        above |= threshold[l] > own[l];
        below |= threshold[l] < own[l];
    }
    return above && below ? where + ": thresholds on both sides of the preset's own" : "";
}

std::string check_points(const Preset& preset) {
    const std::vector<OperatingPoint>& points = preset.detection.points;
    if (points.size() > most_operating_points)
        return std::to_string(points.size()) + " operating points, allowed 0.." + std::to_string(most_operating_points);
    double least = 0.001;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::string where = "operating point " + std::to_string(i);
        for (const std::string& error : {check_range(where, points[i].alarms_per_hour, least, 10000, " alarms an hour"),
                                         check_thresholds(preset, where, i), check_count(where, points[i].counted)})
            if (!error.empty()) return error;
        least = points[i].alarms_per_hour;
    }
    return check_count("counts of the thresholds", preset.detection.counted);
}

std::string check_keywords(const Preset& preset) {
    const LogMelConfig& m = preset.log_mel;
    const DetectionConfig& d = preset.detection;
    for (const std::string& error :
         {check_range("log-mel window", m.window_s, 0.005, 0.1, " s"),
          check_range("log-mel hop", m.hop_s, 0.001, m.window_s, " s"),
          check_range("log-mel bands", m.bands, 1, 256, ""), check_range("log-mel low edge", m.low_hz, 0, 20000, " Hz"),
          check_range("log-mel high edge", m.high_hz, m.low_hz + 100, 96000, " Hz"),
          check_range("log-mel floor", m.floor_db, -200, 0, " dB"),
          check_range("log-mel rise of the noise floor", m.rise_s, m.fall_s > 0 ? 0.01 : 0, m.fall_s > 0 ? 100 : 0,
                      " s"),
          check_range("log-mel fall of the noise floor", m.fall_s, m.rise_s > 0 ? 0.01 : 0, 100, " s"),
          check_range("log-mel least", m.least_db, -100, 0, " dB"),
          check_range("log-mel range", m.range_db, 1, 200, " dB"),
          check_range("log-mel offset", m.offset_db, -200, 200, " dB"),
          check_range("log-mel scale", m.scale_db, 0.1, 200, " dB"),
          check_range("detection smoothing", d.smoothing_s, 0, 5, " s"),
          check_range("detection refractory time", d.refractory_s, 0, 60, " s"),
          check_range("detection warm-up", d.warm_up_s, 0, 60, " s")})
        if (!error.empty()) return error;
    if (preset.input_size() != m.bands)
        return "model reads " + std::to_string(preset.input_size()) + " features, the front end gives " +
               std::to_string(m.bands);
    if (preset.output_size() != static_cast<int>(preset.labels.size()))
        return "model gives " + std::to_string(preset.output_size()) + " outputs for " +
               std::to_string(preset.labels.size()) + " labels";
    if (d.threshold.size() != preset.labels.size())
        return std::to_string(d.threshold.size()) + " thresholds for " + std::to_string(preset.labels.size()) +
               " labels";
    for (std::size_t i = 0; i < d.threshold.size(); ++i)
        if (auto error = check_range("threshold of " + preset.labels[i], d.threshold[i], 0, 1, ""); !error.empty())
            return error;
    return check_points(preset);
}

std::string check_denoise(const Preset& preset) {
    const DenoiserConfig& d = preset.denoiser;
    for (const std::string& error :
         {check_range("denoiser latency", d.latency_s, 0.001, 0.1, " s"),
          check_range("denoiser window", d.window_s, d.latency_s, 0.1, " s"),
          check_range("denoiser frames per step", d.net_every, 1, 16, ""),
          check_range("denoiser look-ahead", d.look_ahead, 0, d.most_look_ahead(), " frames"),
          check_range("denoiser bands", d.bands, 2, std::min(256.0, std::floor(double{d.high_hz} * double{d.window_s})),
                      ""),
          check_range("denoiser bandwidth", d.high_hz, 500, 96000, " Hz"),
          check_range("denoiser running mean", d.band_mean_s, 0.01, 100, " s"),
          check_range("denoiser level", d.level_s, 0.01, 100, " s"),
          d.floor_s == 0 ? "" : check_range("denoiser noise floor", d.floor_s, 0.1, 100, " s")})
        if (!error.empty()) return error;
    if (preset.input_size() != d.features())
        return "model reads " + std::to_string(preset.input_size()) + " features, the front end gives " +
               std::to_string(d.features());
    if (preset.bands() != 1 && preset.bands() != d.bands)
        return "model of " + std::to_string(preset.bands()) + " bands, the front end has " + std::to_string(d.bands);
    if (d.comb && !d.periodicity) return "denoiser: a comb without periodicity";
    if (d.each_frame && d.net_every < 2) return "denoiser: outputs for each frame of a step, which has one frame";
    if (preset.output_size() != d.outputs())
        return "model gives " + std::to_string(preset.output_size()) + " outputs, the front end takes " +
               std::to_string(d.outputs());
    return "";
}

std::string check_first_stage(const Preset& preset) {
    const Preset& first = preset.before.front();
    if (preset.before.size() > 1) return std::to_string(preset.before.size()) + " first stages, allowed 0..1";
    if (preset.kind != TaskKind::denoise || first.kind != TaskKind::denoise)
        return "first stage: not a denoiser before a denoiser";
    if (!first.before.empty()) return "first stage: a preset of two stages, allowed one of one stage";
    const DenoiserConfig &a = first.denoiser, &b = preset.denoiser;
    if (a.look_ahead != 0) return "first stage: looks ahead, allowed in the second only";
    if (first.rate_hz != preset.rate_hz || a.window_s != b.window_s || a.latency_s != b.latency_s ||
        a.bands != b.bands || a.high_hz != b.high_hz)
        return "first stage: its rate, window, latency, bands and bandwidth differ from the second's";
    if (const std::string error = check(first); !error.empty()) return "first stage: " + error;
    return "";
}

// Programs sort and plot presets by their scores.
std::string check_scores(const std::string& split, const Scores& scores) {
    for (const double value : {scores.float_value, scores.homogeneous8_value, scores.value, scores.ci95})
        if (std::string error = check_range(split + " score", value, -1000, 1000, ""); !error.empty()) return error;
    return "";
}

}  // namespace

std::string check(const Preset& preset) {
    if (preset.is_float() && !preset.model.layers.empty())
        return "model: integer and float layers, allowed one of them";
    if (std::string error = preset.is_float() ? check(preset.float_model) : check(preset.model); !error.empty())
        return error;
    for (const std::string& error : {check_scores("validation", preset.validation), check_scores("test", preset.test)})
        if (!error.empty()) return error;
    if (preset.kind != TaskKind::sequence)
        if (std::string error = check_range("rate", preset.rate_hz, 8000, 192000, " Hz"); !error.empty()) return error;
    if (!preset.before.empty())
        if (std::string error = check_first_stage(preset); !error.empty()) return error;
    if (preset.kind == TaskKind::keywords) return check_keywords(preset);
    if (!preset.detection.points.empty()) return "operating points in a preset that detects no words";
    if (preset.kind == TaskKind::denoise) return check_denoise(preset);
    return "";
}

}  // namespace gruve
