// Preset files with consistent tables and a correct checksum that lack a part or claim wrong sizes. Each is refused,
// and the message names the place.
#include <boost/test/unit_test.hpp>
#include <optional>

#include "engine/preset/deserialise_preset.h"
#include "engine/preset/preset.h"
#include "engine/preset/preset_file.h"
#include "preset_generated.h"

using namespace gruve;

namespace {

/// What a file claims about its one dense layer of 1 input and 2 outputs, and about the preset.
struct Claims {
    int rows = 2, cols = 1;
    std::uint8_t width = 8;
    std::optional<std::size_t> weights = 2, bias = 2;              // bytes; absent if empty
    std::uint8_t bias_width = 8, activation = 0, table_width = 0;  // table_width 0: no table
    enum Kind { dense, empty_gru, nothing, empty_float_dense, empty_float } layer = dense;
    std::size_t layers = 1, name_length = 4;
    std::uint8_t kind = 2;
    std::string rule{rounding_rule};
};

std::string refusal(const Claims& claims) {
    flatbuffers::FlatBufferBuilder b;
    const auto bytes = [&](std::size_t count) { return b.CreateVector(std::vector<std::uint8_t>(count, 1)); };
    const auto rule = b.CreateString(claims.rule), name = b.CreateString(std::string(claims.name_length, 'n'));
    flatbuffers::Offset<fbs::Linear> linear;
    if (claims.weights)
        linear = fbs::CreateLinear(b, claims.rows, claims.cols, claims.width, bytes(*claims.weights),
                                   b.CreateVector(std::vector<std::int16_t>{1}));
    flatbuffers::Offset<fbs::Bias> bias;
    if (claims.bias) bias = fbs::CreateBias(b, claims.bias_width, 0, bytes(*claims.bias));
    flatbuffers::Offset<fbs::Lut> table;
    if (claims.table_width) table = fbs::CreateLut(b, claims.table_width, 8, bytes(256));
    const auto dense = fbs::CreateDense(b, claims.activation, claims.width, 8, 8, linear, bias, 0, table);
    const bool is_float = claims.layer == Claims::empty_float_dense || claims.layer == Claims::empty_float;
    const auto layer = claims.layer == Claims::dense       ? fbs::CreateLayer(b, 0, dense)
                       : claims.layer == Claims::empty_gru ? fbs::CreateLayer(b, fbs::CreateGru(b))
                                                           : fbs::CreateLayer(b);
    const auto float_layer = claims.layer == Claims::empty_float_dense
                                 ? fbs::CreateFloatLayer(b, 0, fbs::CreateFloatDense(b, 0, 1, 2))
                                 : fbs::CreateFloatLayer(b);
    const auto layers = b.CreateVector(std::vector(is_float ? 0 : claims.layers, layer));
    const auto float_layers = b.CreateVector(std::vector(is_float ? claims.layers : 0, float_layer));
    fbs::PresetBuilder preset(b);
    preset.add_rounding_rule(rule);
    preset.add_name(name);
    preset.add_kind(claims.kind);
    preset.add_input_bits(8);
    preset.add_input_scale(1.0f);
    preset.add_output_scale(1.0f);
    preset.add_layers(layers);
    if (is_float) preset.add_float_layers(float_layers);
    b.Finish(preset.Finish());
    try {
        deserialise(wrap_preset({b.GetBufferPointer(), b.GetSize()}));
    } catch (const PresetError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(incomplete_preset)

BOOST_AUTO_TEST_CASE(a_complete_preset_is_read) { BOOST_TEST(refusal({}) == ""); }

BOOST_AUTO_TEST_CASE(missing_parts_are_named_with_their_place) {
    BOOST_TEST(refusal({.weights = {}}) == "layer 0: missing weights");
    BOOST_TEST(refusal({.bias = {}}) == "layer 0, bias: missing values");
    BOOST_TEST(refusal({.activation = 1}) == "layer 0: missing table");
    BOOST_TEST(refusal({.layer = Claims::nothing}) == "layer 0: must be either a GRU or a dense layer");
    BOOST_TEST(refusal({.layer = Claims::empty_gru}) == "layer 0, widths: 0 entries, expected 17");
    BOOST_TEST(refusal({.layer = Claims::empty_float_dense}) == "float layer 0: missing values");
    BOOST_TEST(refusal({.layer = Claims::empty_float}) == "float layer 0: must be either a GRU or a dense layer");
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_match_the_bytes_are_refused) {
    BOOST_TEST(refusal({.weights = 3}) == "layer 0: 3 packed bytes, expected 2");
    BOOST_TEST(refusal({.bias = 3}) == "layer 0, bias: 3 packed bytes, expected 2");
    BOOST_TEST(refusal({.rows = 0}) == "layer 0: shape 0 x 1");
    BOOST_TEST(refusal({.rows = 1 << 30, .cols = 1 << 30}) == "layer 0: claims more data than the file can hold");
    BOOST_TEST(refusal({.width = 10}).starts_with("layer 0: 10 bits, allowed "));
    BOOST_TEST(refusal({.bias_width = 12}) == "layer 0, bias: 12 bits, allowed 8 or 16");
    BOOST_TEST(refusal({.activation = 3}) == "layer 0: activation 3, allowed 0..2");
    BOOST_TEST(refusal({.activation = 1, .table_width = 9}) == "layer 0: 9 bits, allowed 2..8");
    BOOST_TEST(refusal({.layers = 9}) == "model: 9 layers, allowed 1..8");
    BOOST_TEST(refusal({.layer = Claims::empty_float_dense, .layers = 9}) == "float model: 9 layers, allowed 1..8");
    BOOST_TEST(refusal({.name_length = 257}) == "name: 257 characters, allowed 0..256");
    BOOST_TEST(refusal({.kind = 3}) == "kind: 3, allowed 0..2");
    BOOST_TEST(refusal({.rule = "half to even"}).starts_with("preset was made for another rounding rule"));
}

BOOST_AUTO_TEST_SUITE_END()
