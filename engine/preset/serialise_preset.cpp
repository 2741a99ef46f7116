#include "engine/preset/serialise_preset.h"

#include "engine/model/packing.h"
#include "engine/preset/check_preset.h"
#include "engine/preset/preset_file.h"
#include "preset_generated.h"

namespace gruve {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

auto write(Builder& b, const Linear& linear) {
    const auto weights = b.CreateVector(pack_weights(linear.weights, linear.width));
    return fbs::CreateLinear(b, linear.rows, linear.cols, linear.width, weights, b.CreateVector(linear.multiplier));
}

auto write(Builder& b, const Bias& bias) {
    return fbs::CreateBias(b, bias.width, bias.shift, b.CreateVector(pack_fields(bias.values, bias.width)));
}

auto write(Builder& b, const Table& table) {
    return fbs::CreateLut(b, table.input_width, table.output_width,
                          b.CreateVector(pack_fields(table.values, table.output_width)));
}

fbs::Requantiser write(const Requantiser& requantiser) { return {requantiser.multiplier, requantiser.shift}; }

auto write(Builder& b, const GruLayer& gru) {
    const auto widths = b.CreateVector(gru.widths.data(), gru.widths.size());
    const auto linears = b.CreateVector(std::vector{write(b, gru.ir), write(b, gru.iz), write(b, gru.in),
                                                    write(b, gru.hr), write(b, gru.hz), write(b, gru.hn)});
    const auto biases = b.CreateVector(
        std::vector{write(b, gru.bias_r), write(b, gru.bias_z), write(b, gru.bias_n), write(b, gru.bias_hn)});
    const auto shifts =
        b.CreateVector(std::vector<std::int8_t>{gru.shift_r, gru.shift_z, gru.shift_n, gru.shift_hn, gru.shift_state});
    const auto tables =
        b.CreateVector(std::vector{write(b, gru.table_r), write(b, gru.table_z), write(b, gru.table_n)});
    const auto reset = write(gru.reset), one_minus = write(gru.one_minus), candidate = write(gru.candidate),
               keep = write(gru.keep), copy = write(gru.copy);
    return fbs::CreateGru(b, gru.narrow_state, widths, linears, biases, shifts, tables, &reset, &one_minus, &candidate,
                          &keep, &copy, gru.m_p, gru.m_a, gru.m_b);
}

auto write(Builder& b, const DenseLayer& dense) {
    const auto linear = write(b, dense.linear);
    const auto bias = write(b, dense.bias);
    const flatbuffers::Offset<fbs::Bias> by_band = dense.by_band.values.empty() ? 0 : write(b, dense.by_band);
    const auto copy = write(dense.copy);
    const flatbuffers::Offset<fbs::Lut> table = dense.activation == Activation::none ? 0 : write(b, dense.table);
    return fbs::CreateDense(b, static_cast<std::uint8_t>(dense.activation), dense.widths.weights,
                            dense.widths.pre_activation, dense.widths.output, linear, bias, dense.shift, table, by_band,
                            dense.adds, dense.lift, dense.adds ? &copy : nullptr, dense.copy_width);
}

auto write(Builder& b, const Layer& layer) {
    if (const auto* gru = std::get_if<GruLayer>(&layer)) return fbs::CreateLayer(b, write(b, *gru), 0);
    if (const auto* gru = std::get_if<BandGruLayer>(&layer)) {
        const auto forward = write(b, gru->forward), backward = write(b, gru->backward);
        return fbs::CreateLayer(b, 0, 0, fbs::CreateBandGru(b, forward, backward));
    }
    return fbs::CreateLayer(b, 0, write(b, std::get<DenseLayer>(layer)));
}

auto write(Builder& b, const StreamCount& c) {
    return fbs::CreateStreamCount(b, c.alarms, c.heard_s, c.recorded_s, c.hits, c.words);
}

auto write(Builder& b, const DetectionConfig& d) {
    const auto threshold = b.CreateVector(d.threshold);
    // Presets without operating points keep the bytes of version 1.
    if (d.points.empty()) return fbs::CreateDetection(b, d.smoothing_s, d.refractory_s, d.warm_up_s, threshold);
    std::vector<flatbuffers::Offset<fbs::OperatingPoint>> points;
    for (const OperatingPoint& point : d.points) {
        const auto thresholds = b.CreateVector(point.threshold);
        points.push_back(fbs::CreateOperatingPoint(b, point.alarms_per_hour, thresholds, write(b, point.counted)));
    }
    const auto all = b.CreateVector(points);
    return fbs::CreateDetection(b, d.smoothing_s, d.refractory_s, d.warm_up_s, threshold, all, write(b, d.counted));
}

auto write(Builder& b, const Scores& s) {
    const auto metric = b.CreateString(s.metric), split = b.CreateString(s.split);
    return fbs::CreateScores(b, metric, s.float_value, s.homogeneous8_value, s.value, s.ci95, s.n, split);
}

auto write(Builder& b, const FloatModel::Gru& gru) {
    return fbs::CreateFloatGru(b, gru.input_size, gru.hidden_size, b.CreateVector(gru.weight_ih),
                               b.CreateVector(gru.weight_hh), b.CreateVector(gru.bias_ih), b.CreateVector(gru.bias_hh));
}

auto write(Builder& b, const FloatModel::Layer& layer) {
    if (const auto* gru = std::get_if<FloatModel::Gru>(&layer)) return fbs::CreateFloatLayer(b, write(b, *gru));
    if (const auto* gru = std::get_if<FloatModel::BandGru>(&layer)) {
        const auto forward = write(b, gru->forward), backward = write(b, gru->backward);
        return fbs::CreateFloatLayer(b, 0, 0, fbs::CreateFloatBandGru(b, forward, backward));
    }
    const auto& dense = std::get<FloatModel::Dense>(layer);
    const flatbuffers::Offset<flatbuffers::Vector<float>> by_band =
        dense.by_band.empty() ? 0 : b.CreateVector(dense.by_band);
    return fbs::CreateFloatLayer(
        b, 0,
        fbs::CreateFloatDense(b, static_cast<std::uint8_t>(dense.activation), dense.input_size, dense.output_size,
                              b.CreateVector(dense.weight), b.CreateVector(dense.bias), by_band, dense.adds));
}

}  // namespace

std::vector<std::uint8_t> serialise(const Preset& preset) {
    if (const std::string error = check(preset); !error.empty()) throw PresetError(error);
    Builder b;
    const auto rule = b.CreateString(rounding_rule), name = b.CreateString(preset.name),
               task = b.CreateString(preset.task), provenance = b.CreateString(preset.provenance);
    const auto labels = b.CreateVectorOfStrings(preset.labels);
    const LogMelConfig& m = preset.log_mel;
    const auto log_mel = fbs::CreateLogMel(b, m.window_s, m.hop_s, m.bands, m.low_hz, m.high_hz, m.floor_db,
                                           m.offset_db, m.scale_db, m.rise_s, m.fall_s, m.least_db, m.range_db);
    const auto detection = write(b, preset.detection);
    const DenoiserConfig& d = preset.denoiser;
    const auto denoiser =
        fbs::CreateDenoiser(b, d.window_s, d.latency_s, d.net_every, d.bands, d.high_hz, d.band_mean_s, d.level_s,
                            d.floor_s, d.periodicity, d.comb, d.look_ahead, d.each_frame);
    const auto validation = write(b, preset.validation), test = write(b, preset.test);
    std::vector<flatbuffers::Offset<fbs::Layer>> layers;
    for (const Layer& layer : preset.model.layers) layers.push_back(write(b, layer));
    const auto layer_vector = b.CreateVector(layers);
    std::vector<flatbuffers::Offset<fbs::FloatLayer>> float_layers;
    for (const auto& layer : preset.float_model.layers) float_layers.push_back(write(b, layer));
    const auto float_vector = float_layers.empty()
                                  ? flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fbs::FloatLayer>>>()
                                  : b.CreateVector(float_layers);
    // An empty hash is not written, so that older presets keep their bytes.
    const auto model_hash =
        preset.model_hash.empty() ? flatbuffers::Offset<flatbuffers::String>() : b.CreateString(preset.model_hash);
    const auto first_stage = preset.before.empty() ? flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>()
                                                   : b.CreateVector(serialise(preset.before.front()));
    const InputQuantiser& input = preset.model.input;
    b.Finish(fbs::CreatePreset(b, rule, name, task, static_cast<std::uint8_t>(preset.kind), labels, preset.rate_hz,
                               log_mel, detection, denoiser, validation, test, provenance, input.bits, input.scale,
                               input.zero_point, preset.model.output_scale, layer_vector, float_vector, model_hash,
                               preset.bands(), first_stage));
    return wrap_preset({b.GetBufferPointer(), b.GetSize()}, format_version_of(preset));
}

}  // namespace gruve
