#include "engine/preset/deserialise_preset.h"

#include <string>

#include "engine/model/packing.h"
#include "engine/preset/check_preset.h"
#include "engine/preset/preset_file.h"
#include "preset_generated.h"

namespace gruve {
namespace {

[[noreturn]] void fail(const std::string& place, const std::string& what) { throw PresetError(place + ": " + what); }

// Reads parts of a verified buffer. All counts are checked against the bytes of the file before anything is allocated.
class Reader {
public:
    // FlatBuffers lets many tables share one vector, so that a small file could unpack to much memory. Everything
    // unpacked is therefore charged to a budget. Honest files need up to 9 bytes for each byte (binary weights and
    // multipliers). Together with the aligned copy of the file, memory stays below 16 times the file's size.
    explicit Reader(std::size_t file_bytes) : budget_(12 * file_bytes) {}

    Linear linear(const std::string& place, const fbs::Linear* in) {
        if (!in || !in->weights() || !in->multiplier()) fail(place, "missing weights");
        if (in->rows() < 1 || in->cols() < 1)
            fail(place, "shape " + std::to_string(in->rows()) + " x " + std::to_string(in->cols()));
        if (!weight_width_allowed(in->width()))
            fail(place, std::to_string(in->width()) + " bits, allowed " + allowed_widths(Operator::linear_ir));
        const auto weights = static_cast<std::uint64_t>(in->rows()) * static_cast<std::uint64_t>(in->cols());  // < 2^62
        charge(place, weights + 2 * std::uint64_t{in->multiplier()->size()});
        const auto count = static_cast<std::size_t>(weights);  // fits, as the budget does
        const auto bytes = packed(place, in->weights(), packed_weight_bytes(count, in->width()));
        return {in->rows(),
                in->cols(),
                in->width(),
                unpack_weights(bytes, count, in->width()),
                {in->multiplier()->begin(), in->multiplier()->end()}};
    }

    Bias bias(const std::string& place, const fbs::Bias* in, std::size_t count) {
        if (!in || !in->values()) fail(place, "missing values");
        if (in->width() != 8 && in->width() != 16) fail(place, std::to_string(in->width()) + " bits, allowed 8 or 16");
        charge(place, 2 * count);
        return {in->width(), in->shift(),
                unpack_fields(packed(place, in->values(), packed_field_bytes(count, in->width())), count, in->width(),
                              true)};
    }

    Table table(const std::string& place, const fbs::Lut* in, bool is_signed) {
        if (!in || !in->values()) fail(place, "missing table");
        for (int width : {int{in->input_width()}, int{in->output_width()}})
            if (width < min_width || width > max_width) fail(place, std::to_string(width) + " bits, allowed 2..8");
        const std::size_t count = std::size_t{1} << in->input_width();
        charge(place, 2 * count);
        return {in->input_width(), in->output_width(),
                unpack_fields(packed(place, in->values(), packed_field_bytes(count, in->output_width())), count,
                              in->output_width(), is_signed)};
    }

    std::string string(const std::string& place, const flatbuffers::String* in, std::size_t longest) {
        if (!in) return {};
        if (in->size() > longest)
            fail(place, std::to_string(in->size()) + " characters, allowed 0.." + std::to_string(longest));
        charge(place, in->size());
        return in->str();
    }

    std::vector<float> floats(const std::string& place, const flatbuffers::Vector<float>* in) {
        if (!in) fail(place, "missing values");
        charge(place, sizeof(float) * std::uint64_t{in->size()});
        return {in->begin(), in->end()};
    }

    void charge(const std::string& place, std::uint64_t bytes) {
        if (bytes > budget_) fail(place, "claims more data than the file can hold");
        budget_ -= bytes;
    }

private:
    static std::span<const std::uint8_t> packed(const std::string& place, const flatbuffers::Vector<std::uint8_t>* in,
                                                std::size_t expected) {
        if (in->size() != expected)
            fail(place, std::to_string(in->size()) + " packed bytes, expected " + std::to_string(expected));
        return {in->data(), in->size()};
    }
    std::uint64_t budget_;
};

Requantiser requantiser(const std::string& place, const fbs::Requantiser* in) {
    if (!in) fail(place, "missing requantiser");
    return {in->multiplier(), in->shift()};
}

template <class V>
void expect_count(const std::string& place, const V* vector, unsigned count) {
    if (!vector || vector->size() != count)
        fail(place, std::to_string(vector ? vector->size() : 0) + " entries, expected " + std::to_string(count));
}

GruLayer read_gru(Reader& reader, const std::string& place, const fbs::Gru& in) {
    expect_count(place + ", widths", in.widths(), operator_count);
    expect_count(place + ", linears", in.linears(), linear_count);
    expect_count(place + ", biases", in.biases(), 4);
    expect_count(place + ", shifts", in.shifts(), 5);
    expect_count(place + ", tables", in.tables(), 3);
    const auto at = [&](Operator op) { return place + ", operator " + std::string(name_of(op)); };
    GruLayer gru;
    gru.narrow_state = in.narrow_state();
    for (unsigned i = 0; i < operator_count; ++i) gru.widths[i] = in.widths()->Get(i);
    Linear* const linears[] = {&gru.ir, &gru.iz, &gru.in, &gru.hr, &gru.hz, &gru.hn};
    for (unsigned i = 0; i < linear_count; ++i)
        *linears[i] = reader.linear(at(static_cast<Operator>(i)), in.linears()->Get(i));
    gru.input_size = gru.ir.cols;
    gru.hidden_size = gru.hr.rows;
    Bias* const biases[] = {&gru.bias_r, &gru.bias_z, &gru.bias_n, &gru.bias_hn};
    for (unsigned i = 0; i < 4; ++i)
        *biases[i] = reader.bias(place + ", bias " + std::to_string(i), in.biases()->Get(i),
                                 static_cast<std::size_t>(gru.hidden_size));
    std::int8_t* const shifts[] = {&gru.shift_r, &gru.shift_z, &gru.shift_n, &gru.shift_hn, &gru.shift_state};
    for (unsigned i = 0; i < 5; ++i) *shifts[i] = in.shifts()->Get(i);
    gru.table_r = reader.table(at(Operator::sigmoid_r), in.tables()->Get(0), false);
    gru.table_z = reader.table(at(Operator::sigmoid_z), in.tables()->Get(1), false);
    gru.table_n = reader.table(at(Operator::tanh_n), in.tables()->Get(2), true);
    gru.reset = requantiser(at(Operator::product_reset), in.reset());
    gru.one_minus = requantiser(at(Operator::one_minus_z), in.one_minus());
    gru.candidate = requantiser(at(Operator::product_candidate), in.candidate());
    gru.keep = requantiser(at(Operator::product_state), in.keep());
    gru.copy = requantiser(at(Operator::state), in.copy());
    gru.m_p = in.m_p();
    gru.m_a = in.m_a();
    gru.m_b = in.m_b();
    return gru;
}

Activation activation(const std::string& place, std::uint8_t number) {
    if (number > static_cast<std::uint8_t>(Activation::tanh))
        fail(place, "activation " + std::to_string(number) + ", allowed 0..2");
    return static_cast<Activation>(number);
}

DenseLayer read_dense(Reader& reader, const std::string& place, const fbs::Dense& in, int bands) {
    DenseLayer dense;
    dense.activation = activation(place, in.activation());
    dense.widths = {in.weight_width(), in.pre_activation_width(), in.output_width()};
    dense.linear = reader.linear(place, in.linear());
    const auto rows = static_cast<std::size_t>(dense.linear.rows);
    dense.bias = reader.bias(place + ", bias", in.bias(), rows);
    dense.shift = in.shift();
    if (dense.activation != Activation::none)
        dense.table = reader.table(place, in.table(), dense.activation == Activation::tanh);
    if (in.by_band())
        dense.by_band = reader.bias(place + ", by_band", in.by_band(), static_cast<std::size_t>(bands) * rows);
    dense.adds = in.adds();
    dense.lift = in.lift();
    if (dense.adds) dense.copy = requantiser(place + ", copy of the path", in.copy());
    dense.copy_width = in.copy_width();
    return dense;
}

BandGruLayer read_band_gru(Reader& reader, const std::string& place, const fbs::BandGru& in) {
    if (!in.forward() || !in.backward()) fail(place, "missing direction");
    return {read_gru(reader, place + ", forward", *in.forward()),
            read_gru(reader, place + ", backward", *in.backward())};
}

Layer read_layer(Reader& reader, const std::string& place, const fbs::Layer& in, int bands) {
    if ((in.gru() != nullptr) + (in.dense() != nullptr) + (in.band_gru() != nullptr) != 1)
        fail(place, "must be either a GRU or a dense layer");
    if (in.gru()) return read_gru(reader, place, *in.gru());
    if (in.band_gru()) return read_band_gru(reader, place, *in.band_gru());
    return read_dense(reader, place, *in.dense(), bands);
}

FloatModel::Gru read_float_gru(Reader& reader, const std::string& place, const fbs::FloatGru& in) {
    return {in.input_size(),
            in.hidden_size(),
            reader.floats(place, in.weight_ih()),
            reader.floats(place, in.weight_hh()),
            reader.floats(place, in.bias_ih()),
            reader.floats(place, in.bias_hh())};
}

FloatModel::Layer read_float_layer(Reader& reader, const std::string& place, const fbs::FloatLayer& in) {
    if ((in.gru() != nullptr) + (in.dense() != nullptr) + (in.band_gru() != nullptr) != 1)
        fail(place, "must be either a GRU or a dense layer");
    if (const auto* gru = in.gru()) return read_float_gru(reader, place, *gru);
    if (const auto* gru = in.band_gru()) {
        if (!gru->forward() || !gru->backward()) fail(place, "missing direction");
        return FloatModel::BandGru{read_float_gru(reader, place, *gru->forward()),
                                   read_float_gru(reader, place, *gru->backward())};
    }
    const fbs::FloatDense& dense = *in.dense();
    return FloatModel::Dense{activation(place, dense.activation()),
                             dense.input_size(),
                             dense.output_size(),
                             reader.floats(place, dense.weight()),
                             reader.floats(place, dense.bias()),
                             dense.by_band() ? reader.floats(place, dense.by_band()) : std::vector<float>(),
                             dense.adds()};
}

Scores read_scores(Reader& reader, const fbs::Scores* in) {
    if (!in) return {};
    return {reader.string("scores", in->metric(), 64),
            in->float_value(),
            in->homogeneous8_value(),
            in->value(),
            in->ci95(),
            in->n(),
            reader.string("scores", in->split(), 64)};
}

StreamCount read_count(const fbs::StreamCount* in) {
    if (!in) return {};
    return {in->alarms(), in->heard_s(), in->recorded_s(), in->hits(), in->words()};
}

DetectionConfig read_detection(Reader& reader, const fbs::Detection& in) {
    DetectionConfig detection = {in.smoothing_s(), in.refractory_s(), in.warm_up_s(), {}};
    if (in.threshold()) detection.threshold.assign(in.threshold()->begin(), in.threshold()->end());
    if (!in.points()) return detection;
    if (in.points()->size() > static_cast<unsigned>(most_operating_points))
        fail("operating points",
             std::to_string(in.points()->size()) + ", allowed 0.." + std::to_string(most_operating_points));
    for (unsigned i = 0; i < in.points()->size(); ++i) {
        const fbs::OperatingPoint& point = *in.points()->Get(i);
        detection.points.push_back({point.alarms_per_hour(),
                                    reader.floats("operating point " + std::to_string(i), point.threshold()),
                                    read_count(point.counted())});
    }
    detection.counted = read_count(in.counted());
    return detection;
}

// Everything but the network.
void read_description(Reader& reader, const fbs::Preset& in, Preset& preset) {
    preset.name = reader.string("name", in.name(), 256);
    preset.task = reader.string("task", in.task(), 256);
    if (in.kind() > static_cast<std::uint8_t>(TaskKind::sequence))
        fail("kind", std::to_string(in.kind()) + ", allowed 0..2");
    preset.kind = static_cast<TaskKind>(in.kind());
    if (in.labels()) {
        reader.charge("labels", sizeof(std::string) * std::uint64_t{in.labels()->size()});
        preset.labels.reserve(in.labels()->size());
        for (const auto* label : *in.labels()) preset.labels.push_back(reader.string("labels", label, 128));
    }
    preset.rate_hz = in.rate_hz();
    if (const auto* m = in.log_mel())
        preset.log_mel = {m->window_s(),  m->hop_s(),    m->bands(),  m->low_hz(), m->high_hz(),  m->floor_db(),
                          m->offset_db(), m->scale_db(), m->rise_s(), m->fall_s(), m->least_db(), m->range_db()};
    if (const auto* t = in.detection()) preset.detection = read_detection(reader, *t);
    if (const auto* d = in.denoiser())
        preset.denoiser = {d->window_s(),    d->latency_s(),   d->net_every(),  d->bands(),
                           d->high_hz(),     d->band_mean_s(), d->level_s(),    d->floor_s(),
                           d->periodicity(), d->comb(),        d->look_ahead(), d->each_frame()};
    preset.validation = read_scores(reader, in.validation());
    preset.test = read_scores(reader, in.test());
    preset.provenance = reader.string("provenance", in.provenance(), 65536);
    preset.model_hash = reader.string("model_hash", in.model_hash(), 64);
}

template <class Layers>
void expect_layers(const std::string& place, const Layers& layers, int bands) {
    if (layers.size() > static_cast<unsigned>(most_layers(bands)))
        fail(place, std::to_string(layers.size()) + " layers, allowed 1.." + std::to_string(most_layers(bands)));
}

void read_layers(Reader& reader, const fbs::Preset& in, Preset& preset) {
    const int bands = in.bands();
    if (bands < 1 || bands > max_bands)
        fail("bands", std::to_string(bands) + ", allowed 1.." + std::to_string(max_bands));
    preset.model.input = {in.input_bits(), in.input_scale(), in.input_zero_point()};
    preset.model.output_scale = in.output_scale();
    if (in.layers()) {
        expect_layers("model", *in.layers(), bands);
        preset.model.layers.reserve(in.layers()->size());
        for (unsigned i = 0; i < in.layers()->size(); ++i)
            preset.model.layers.push_back(
                read_layer(reader, "layer " + std::to_string(i), *in.layers()->Get(i), bands));
    }
    if (in.float_layers()) {
        expect_layers("float model", *in.float_layers(), bands);
        for (unsigned i = 0; i < in.float_layers()->size(); ++i)
            preset.float_model.layers.push_back(
                read_float_layer(reader, "float layer " + std::to_string(i), *in.float_layers()->Get(i)));
    }
    (preset.is_float() ? preset.float_model.bands : preset.model.bands) = bands;
}

enum class Stages { any, one };  // what a file may hold

Preset deserialise(std::span<const std::uint8_t> bytes, Stages allowed) {
    const auto payload = unwrap_preset(bytes);
    // The verifier needs aligned memory, and the caller's bytes may be unaligned.
    const std::vector<std::uint64_t> aligned = [&] {
        std::vector<std::uint64_t> words((payload.size() + 7) / 8);
        std::copy(payload.begin(), payload.end(), reinterpret_cast<std::uint8_t*>(words.data()));
        return words;
    }();
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(aligned.data()), payload.size(), 16, 10000);
    if (!verifier.VerifyBuffer<fbs::Preset>(nullptr))
        throw PresetError("preset is damaged: its tables are inconsistent");
    const fbs::Preset& in = *flatbuffers::GetRoot<fbs::Preset>(aligned.data());
    if (!in.rounding_rule() || in.rounding_rule()->str() != rounding_rule)
        throw PresetError("preset was made for another rounding rule, this build has " + std::string(rounding_rule));

    Reader reader(bytes.size());
    Preset preset;
    read_description(reader, in, preset);
    read_layers(reader, in, preset);
    if (const auto* first = in.first_stage()) {
        if (allowed == Stages::one) fail("first stage", "a preset of two stages, allowed one of one stage");
        try {
            preset.before.push_back(deserialise({first->data(), first->size()}, Stages::one));
        } catch (const PresetError& e) {
            fail("first stage", e.what());
        }
    }
    if (const std::string error = check(preset); !error.empty()) throw PresetError(error);
    return preset;
}

}  // namespace

Preset deserialise(std::span<const std::uint8_t> bytes) { return deserialise(bytes, Stages::any); }

}  // namespace gruve
