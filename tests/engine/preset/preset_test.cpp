// The promises of a preset file: it loses nothing, and reading it never gives an unsound preset.
#include "engine/preset/preset.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>

#include "engine/front_end/denoiser_bands.h"
#include "engine/model/check_model.h"
#include "engine/preset/check_preset.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset_file.h"
#include "engine/preset/serialise_preset.h"
#include "tests/engine/tiny_models.h"

using namespace gruve;

namespace {

/// The message with which deserialise() refuses `bytes`; empty if it accepts them.
std::string refusal(std::span<const std::uint8_t> bytes) {
    try {
        deserialise(bytes);
    } catch (const PresetError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// GRU → dense without activation: the shape of a keyword spotter.
Model classifier(std::uint64_t seed, int inputs, int hidden, int outputs,
                 const GruWidths& widths = tiny::all_widths(8)) {
    tiny::Random random(seed);
    Model model;
    model.layers.emplace_back(tiny::random_gru(random, inputs, hidden, widths));
    model.layers.emplace_back(tiny::random_dense(random, hidden, outputs, Activation::none, {8, wide_width, 8}));
    return model;
}

Preset keyword_preset() {
    Preset preset = *tiny::keyword_preset(1, 0.5f, 3);
    preset.labels = {"other", "yes", "no"};
    preset.model = classifier(1, preset.log_mel.bands, 16, 3);
    return preset;
}

GruLayer& gru_of(Model& model) { return std::get<GruLayer>(model.layers[0]); }
DenseLayer& dense_of(Model& model) { return std::get<DenseLayer>(model.layers[1]); }

}  // namespace

BOOST_AUTO_TEST_SUITE(preset)

BOOST_AUTO_TEST_CASE(everything_survives_the_file_at_every_width) {
    for (int width : {1, 2, 3, 4, 5, 6, 7, 8, int{ternary_width}}) {
        Preset before = *tiny::denoiser_preset(static_cast<unsigned>(width));
        GruWidths widths;
        for (int i = 0; i < operator_count; ++i)
            widths[static_cast<std::size_t>(i)] =
                static_cast<std::uint8_t>(i < linear_count ? width : std::clamp(width, 2, 8));
        tiny::Random random(5);
        const bool even = width % 2 == 0;
        before.model.layers[1] = tiny::random_gru(random, 24, 24, widths, !even, even, even ? 16 : 8);
        before.validation = {"si_sdr_gain_db", 6.1, 6.0, 5.9, 0.2, 96, "validation"};
        before.test = {"si_sdr_gain_db", 5.1, 5.0, 4.9, 0.3, 90, "test"};
        before.model_hash = even ? "0123456789abcdef" : "";
        const auto bytes = serialise(before);
        BOOST_TEST((deserialise(bytes) == before));
        BOOST_TEST((serialise(before) == bytes));
    }
    const Preset comb = *tiny::denoiser_preset(1, tiny::with_comb());
    BOOST_TEST((deserialise(serialise(comb)) == comb));
    const Preset keywords = keyword_preset();
    BOOST_TEST((deserialise(serialise(keywords)) == keywords));
}

BOOST_AUTO_TEST_CASE(file_is_hardly_larger_than_its_packed_parameters) {
    Preset preset = keyword_preset();
    preset.model = classifier(1, 40, 64, 3, tiny::all_widths(2));
    const std::size_t parameters = parameter_bytes(preset.model).total();
    BOOST_TEST(parameters < 7200u);
    BOOST_TEST(serialise(preset).size() < parameters + 1500u);
}

BOOST_AUTO_TEST_CASE(parameter_bytes_are_those_of_the_definition) {
    const Model model = classifier(1, 40, 64, 7);
    const ParameterBytes bytes = parameter_bytes(model);
    BOOST_TEST(bytes.weights == 3u * 64 * (40 + 64) + 7 * 64);
    BOOST_TEST(bytes.multipliers == 2u * (6 * 64 + 7));
    BOOST_TEST(bytes.biases == 2u * (4 * 64 + 7));
    BOOST_TEST(bytes.tables == 3u * 256);
    BOOST_TEST(bytes.total() == bytes.weights + bytes.multipliers + bytes.biases + bytes.tables + bytes.scalars);
}

BOOST_AUTO_TEST_CASE(crc32_is_that_of_the_standard) {
    const std::string text = "123456789";
    BOOST_TEST(crc32({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}) == 0xcbf43926u);
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_flipped_byte_is_refused) {
    const auto bytes = serialise(keyword_preset());
    for (std::size_t size = 0; size < bytes.size(); size += size < 64 ? 1 : 97)
        BOOST_TEST(!refusal({bytes.data(), size}).empty(), "cut at " << size);
    for (std::size_t at = 0; at < bytes.size(); at += at < 64 ? 1 : 89) {
        auto damaged = bytes;
        damaged[at] ^= 0x20;
        BOOST_TEST(!refusal(damaged).empty(), "flipped byte " << at);
    }
    auto longer = bytes;
    longer.push_back(0);
    BOOST_TEST(contains(refusal(longer), "expected"));
}

BOOST_AUTO_TEST_CASE(messages_name_the_fault_of_a_file) {
    const auto bytes = serialise(keyword_preset());
    BOOST_TEST(contains(refusal({}), "not a Gruve preset"));
    auto newer = bytes;
    newer[8] = 9;
    BOOST_TEST(contains(refusal(newer), "version 9"));
    BOOST_TEST(contains(refusal(newer), "newer"));
    BOOST_TEST(contains(refusal({bytes.data(), bytes.size() / 2}), "cut short"));
    auto damaged = bytes;
    damaged.back() ^= 1;
    BOOST_TEST(contains(refusal(damaged), "checksum"));
}

// A checksum does not protect against malice: payloads that are altered and sealed again must be refused or harmless.
BOOST_AUTO_TEST_CASE(resealed_damage_never_gives_an_unsound_model) {
    const auto bytes = serialise(*tiny::denoiser_preset(3, {}, 9));
    const auto payload = unwrap_preset(bytes);
    std::mt19937 random(7);
    int accepted = 0;
    for (int trial = 0; trial < 4000; ++trial) {
        std::vector<std::uint8_t> altered(payload.begin(), payload.end());
        for (int i = 0; i <= trial % 4; ++i) altered[random() % altered.size()] = static_cast<std::uint8_t>(random());
        try {
            const Preset preset = deserialise(wrap_preset(altered));
            BOOST_REQUIRE_EQUAL(check(preset), "");
            ++accepted;
        } catch (const PresetError&) {
        }
    }
    BOOST_TEST(accepted > 0);  // a changed weight is still a weight; without any, this test would prove nothing
    BOOST_TEST(accepted < 4000);
}

BOOST_AUTO_TEST_CASE(a_comb_without_the_period_or_its_outputs_is_refused) {
    Preset preset = *tiny::denoiser_preset(1, tiny::with_comb());
    BOOST_TEST(check(preset) == "");
    preset.denoiser.comb = false;
    BOOST_TEST(check(preset) == "model gives 80 outputs, the front end takes 40");
    DenoiserConfig no_period;
    no_period.comb = true;
    BOOST_TEST(check(*tiny::denoiser_preset(1, no_period)) == "denoiser: a comb without periodicity");
    BOOST_CHECK_THROW(DenoiserBands(no_period, 48000), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(models_out_of_range_are_named) {
    struct Case {
        std::string expected;
        std::function<void(Preset&)> spoil;
    };
    const std::vector<Case> cases = {
        {"layer 0, operator sigmoid_z: 9 bits, allowed 2..8",
         [](Preset& p) { gru_of(p.model).widths[static_cast<std::size_t>(Operator::sigmoid_z)] = 9; }},
        {"operator product_state: 12 bits, allowed 2..8, 16",
         [](Preset& p) { gru_of(p.model).widths[static_cast<std::size_t>(Operator::product_state)] = 12; }},
        {"operator linear_hn: weight [0][0] is 3, not a level of width 9",
         [](Preset& p) {
             gru_of(p.model).widths[static_cast<std::size_t>(Operator::linear_hn)] = ternary_width;
             gru_of(p.model).hn.width = ternary_width;
             std::fill(gru_of(p.model).hn.weights.begin(), gru_of(p.model).hn.weights.end(), std::int8_t{3});
         }},
        {"weight [0][0] is -128", [](Preset& p) { gru_of(p.model).ir.weights[0] = -128; }},
        {"multiplier -1, allowed 0..32767", [](Preset& p) { gru_of(p.model).iz.multiplier[0] = -1; }},
        {"number of multipliers", [](Preset& p) { gru_of(p.model).iz.multiplier.resize(2); }},
        {"operator add_r: shift 47, allowed 0..46", [](Preset& p) { gru_of(p.model).shift_r = 47; }},
        {"shift -1", [](Preset& p) { gru_of(p.model).reset.shift = -1; }},
        {"operator tanh_n: table entry", [](Preset& p) { gru_of(p.model).table_n.values[3] = 200; }},
        {"operator sigmoid_r: number of table entries 3, allowed 256",
         [](Preset& p) { gru_of(p.model).table_r.values.resize(3); }},
        {"layer 0: hidden size 0, allowed 1..2048", [](Preset& p) { gru_of(p.model).hidden_size = 0; }},
        {"input: 1 bits, allowed 2..8", [](Preset& p) { p.model.input.bits = 1; }},
        {"input: scale", [](Preset& p) { p.model.input.scale = std::nanf(""); }},
        {"0 layers, allowed 1..8", [](Preset& p) { p.model.layers.clear(); }},
        {"layer 1: input size",
         [](Preset& p) { dense_of(p.model) = std::get<DenseLayer>(classifier(1, 4, 5, 3).layers[1]); }},
        {"outputs for 2 labels", [](Preset& p) { p.labels.pop_back(); }},
        {"threshold of no: 2, allowed 0..1", [](Preset& p) { p.detection.threshold[2] = 2.0f; }},
        {"log-mel hop: 0 s, allowed 0.001..0.032 s", [](Preset& p) { p.log_mel.hop_s = 0.0f; }},
        {"log-mel rise of the noise floor: 3 s, allowed 0..0 s", [](Preset& p) { p.log_mel.rise_s = 3.0f; }},
        {"log-mel fall of the noise floor: 0.001 s, allowed 0.01..100 s",
         [](Preset& p) { p.log_mel.rise_s = 3.0f, p.log_mel.fall_s = 0.001f; }},
        {"test score: nan, allowed -1000..1000", [](Preset& p) { p.test.value = std::nan(""); }},
        {"validation score: 2000, allowed -1000..1000", [](Preset& p) { p.validation.homogeneous8_value = 2000; }},
        {"rate: 4000 Hz, allowed 8000..192000 Hz", [](Preset& p) { p.rate_hz = 4000; }},
        {"model reads 40 features, the front end gives 41", [](Preset& p) { p.log_mel.bands = 41; }},
    };
    for (const Case& c : cases) {
        Preset preset = keyword_preset();
        BOOST_REQUIRE_EQUAL(check(preset), "");
        c.spoil(preset);
        const std::string error = check(preset);
        BOOST_TEST(contains(error, c.expected), "expected \"" << c.expected << "\", got \"" << error << "\"");
        BOOST_CHECK_THROW(serialise(preset), PresetError);
    }
}

BOOST_AUTO_TEST_CASE(a_float_network_survives_the_file_and_is_refused_where_it_is_wrong) {
    for (const auto& preset : {tiny::as_float(*tiny::denoiser_preset(3), 1), tiny::as_float(keyword_preset(), 2)}) {
        const auto bytes = serialise(*preset);
        BOOST_TEST((deserialise(bytes) == *preset));
        BOOST_TEST(bytes.size() < preset->float_model.parameter_bytes() + 2000);
        for (std::size_t length = 0; length < bytes.size(); length += bytes.size() / 50 + 1)
            BOOST_TEST(!refusal({bytes.data(), length}).empty());
    }
    const Preset good = *tiny::as_float(keyword_preset(), 2);
    const auto wrong = [&](const std::function<void(FloatModel::Gru&, FloatModel::Dense&, Preset&)>& change) {
        Preset preset = good;
        change(std::get<FloatModel::Gru>(preset.float_model.layers[0]),
               std::get<FloatModel::Dense>(preset.float_model.layers[1]), preset);
        return check(preset);
    };
    BOOST_TEST(check(good).empty());
    BOOST_TEST(wrong([](auto& gru, auto&, auto&) { gru.bias_ih[3] = NAN; }) == "float layer 0: a value is not finite");
    BOOST_TEST(wrong([](auto& gru, auto&, auto&) { gru.weight_hh.pop_back(); }) ==
               "float layer 0: 767 values, expected 768");
    BOOST_TEST(wrong([](auto&, auto& dense, auto&) { dense.input_size = 8; }) ==
               "float layer 1: reads 8 values, the previous layer gives 16");
    BOOST_TEST(wrong([](auto& gru, auto&, auto&) { gru.hidden_size = 5000; }) ==
               "float layer 0: size 5000, allowed 1..4096");
    BOOST_TEST(contains(wrong([](auto&, auto& dense, auto&) {
                            dense.output_size = 2;
                            dense.weight.resize(32);
                            dense.bias.resize(2);
                        }),
                        "2 outputs for 3 labels"));
    BOOST_TEST(wrong([](auto&, auto&, Preset& preset) { preset.model = keyword_preset().model; }) ==
               "model: integer and float layers, allowed one of them");
}

// 127 · 128 · 2048 < 2^31, so that the largest size is also within the bound of accumulators.
BOOST_AUTO_TEST_CASE(sizes_whose_accumulators_could_overflow_are_refused) {
    Model model;
    DenseLayer dense;
    dense.linear = {1, 2048, 8, std::vector<std::int8_t>(2048, 127), {1}};
    dense.bias.values = {0};
    model.layers.emplace_back(dense);
    BOOST_TEST(check(model) == "");
    Linear& linear = std::get<DenseLayer>(model.layers[0]).linear;
    linear.cols = 140000;
    linear.weights.assign(140000, 127);
    BOOST_TEST(contains(check(model), "140000, allowed 1..2048"), check(model));
}

BOOST_AUTO_TEST_SUITE_END()
