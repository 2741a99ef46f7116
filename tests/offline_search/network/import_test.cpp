// Models of other programs give the outputs of PyTorch, and files that do not fit are refused with clear messages.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/import_model.h"
#include "offline_search/network/model_json.h"
#include "tests/datasets/temporary_folder.h"

using namespace gruve;

namespace {

const std::string folder = std::string(GRUVE_SOURCE_DIR) + "/tests/offline_search/golden/";

ImportDescription described() {
    return {
        "", {"a", "b", "c"}, {{"dense.", Activation::tanh}, {"gru.", Activation::none}, {"head.", Activation::none}}};
}

/// Turns a list of steps into a matrix with one column per step.
Matrix columns_of(const nlohmann::json& steps) {
    Matrix matrix(static_cast<Eigen::Index>(steps[0].size()), static_cast<Eigen::Index>(steps.size()));
    for (std::size_t t = 0; t < steps.size(); ++t)
        for (std::size_t i = 0; i < steps[t].size(); ++i)
            matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(t)) = steps[t][i].get<float>();
    return matrix;
}

float distance_to_pytorch(const FloatNetwork& network) {
    const auto golden = nlohmann::json::parse(std::ifstream(folder + "torch_gru.json"));
    return (network.forward(columns_of(golden.at("input"))) - columns_of(golden.at("output"))).cwiseAbs().maxCoeff();
}

template <typename Call>
void refuses(const Call& call, const std::string& part) {
    BOOST_CHECK_EXCEPTION(call(), DataError, [&](const DataError& error) {
        BOOST_TEST_MESSAGE(error.what());
        return std::string(error.what()).find(part) != std::string::npos;
    });
}

Tensor zeros(std::vector<std::int64_t> shape) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    return {std::move(shape), std::vector<float>(count)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(import)

BOOST_AUTO_TEST_CASE(every_format_gives_pytorchs_outputs) {
    for (const char* name : {"import_state_dict.safetensors", "import_state_dict.npz", "import_layers.json"}) {
        const FloatNetwork network = import_model(folder + name, described());
        BOOST_TEST(network.layers.size() == 4u, name);
        BOOST_TEST(distance_to_pytorch(network) < 1e-5f, name);
        BOOST_TEST(network.metadata.at("labels") == "[\"a\",\"b\",\"c\"]");
    }
}

BOOST_AUTO_TEST_CASE(a_single_gru_needs_no_description_and_missing_biases_are_zero) {
    const FloatNetwork network = network_of("f",
                                            {{"rnn.weight_ih_l0", zeros({9, 2})},
                                             {"rnn.weight_hh_l0", zeros({9, 3})},
                                             {"out.weight", zeros({4, 3})},
                                             {"out.bias", zeros({4})}},
                                            {});
    BOOST_TEST(network.layers.size() == 2u);
    BOOST_TEST(network.input_size() == 2);
    BOOST_TEST(std::get<FloatGru>(network.layers[0]).bias_hh.size() == 9);
}

BOOST_AUTO_TEST_CASE(a_state_dict_of_nested_lists_is_read) {
    const auto path = std::filesystem::temp_directory_path() / "gruve_import_test.json";
    write_file(path,
               R"({"weight_ih_l0": [[1], [2], [3]], "weight_hh_l0": [[4], [5], [6]], "bias_ih_l0": [7, 8, -9.5]})");
    const FloatNetwork network = import_model(path, {});
    std::filesystem::remove(path);
    const auto& gru = std::get<FloatGru>(network.layers.at(0));
    BOOST_TEST(gru.weight_ih(2, 0) == 3);
    BOOST_TEST(gru.weight_hh(0, 0) == 4);
    BOOST_TEST(gru.bias_ih(2) == -9.5f);
}

BOOST_AUTO_TEST_CASE(what_else_a_layer_file_holds_is_skipped) {
    const std::string text = R"({"in_shape":[null,null,1],"history":{"layers":[{}],"weights":[[1,[2]]]},
        "layers":[{"shape":[null,[{}]],"weights":[[[1,2]],[0,0.5]],"name":{"type":"conv"},"type":"dense","units":2}]})";
    const FloatNetwork network = network_of_layers("f", text);
    BOOST_TEST(network.layers.size() == 1u);
    BOOST_TEST(std::get<FloatDense>(network.layers[0]).bias(1) == 0.5f);
}

BOOST_AUTO_TEST_CASE(json_that_is_no_model_is_refused_with_its_place) {
    const auto refused = [](const std::string& text, const std::string& part) {
        refuses([&] { read_model_json("f", text); }, part);
    };
    for (const char* text : {"", "[1]", "7", "{", "{\"a\":[1}", "{\"a\":[1e999]}"})
        refused(text, "f: not a JSON object");
    refused(R"({"state_dict":{"a":3}})", "f: tensor a: expected a list of numbers");
    refused(R"({"state_dict":{"a":[[1],2]}})", "f: tensor a: rows of different lengths");
    refused("{\"a\":[[1],2]}", "f: tensor a: rows of different lengths");
    refused("{\"a\":[1,[2]]}", "f: tensor a: rows of different lengths");
    refused("{\"a\":[[[1]],[2]]}", "f: tensor a: rows of different lengths");
    refused("{\"a\":[[[[1]]]]}", "f: tensor a: lists nested more than three deep");
    for (const char* value : {"1", "{}", "[]", "[null]", "[[1],[]]", "[\"1\"]", "true"})
        refused(std::string("{\"a\":") + value + "}", "f: tensor a: expected a list of numbers");
    for (const char* text : {R"({"reset_after":[[true]]})", R"({"type":[["gru"]]})", R"({"activation":[["tanh"]]})",
                             R"({"weights":[[true]]})"})  // these keys matter only inside a layer
        refused(text, ": expected a list of numbers");
    refused(R"({"layers":[7]})", "f: layers: expected a list of objects");
    refused(R"({"layers":{},"a":1,"b":[{"layers":[]}]})", "f: layers: expected a list of objects");
    refused(R"({"layers":[{"type":1}]})", "f: layer 0, type: expected a string");
    refused(R"({"layers":[{},{"reset_after":"yes"}]})", "f: layer 1, reset_after: expected true or false");
    refused(R"({"layers":[{"weights":3}]})", "f: layer 0, weights: expected a list of tensors");
    refused(R"({"layers":[{"weights":[[1],2]}]})", "f: layer 0, weights 1: expected a list of numbers");
    refused(R"({"layers":[{"weights":[[1],[1],[1],[1],[1],[1],[1],[1],[1]]}]})", "more than 8 weights");
    std::string layers = "{\"layers\":[{}", tensors = "{\"t\":[1]";
    for (int i = 0; i < 64; ++i) layers += ",{}";
    for (int i = 0; i < 1024; ++i) tensors += ",\"" + std::to_string(i) + "\":[1]";
    refused(layers + "]}", "more than 64 layers");
    refused(tensors + "}", "more than 1024 tensors");
}

BOOST_AUTO_TEST_CASE(small_json_is_small) {
    const std::string deep = "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}";
    refuses([&] { parse_small_json("f", deep); }, "f: JSON nested deeper than 3 levels");
    std::string many = "{\"a\":[1";
    for (int i = 0; i < 1024; ++i) many += ",1";
    refuses([&] { parse_small_json("f", many + "]}"); }, "f: JSON of more than 1024 values");
    refuses([&] { parse_small_json("f", "{\"a\":}"); }, "line 1, column 6");
    BOOST_TEST(parse_small_json("f", "{\"a\": 1 /* comment */}").at("a") == 1);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_with_what_was_expected) {
    const Tensors gru = {{"weight_ih_l0", zeros({9, 2})}, {"weight_hh_l0", zeros({9, 3})}};
    const auto with = [&](const std::string& name, const Tensor& tensor) {
        Tensors more = gru;
        more[name] = tensor;
        return more;
    };
    refuses(
        [&] {
            network_of("f", with("weight_hh_l0", zeros({12, 3})), {});
        },
        "expected 9 x 3 (a GRU's, not an LSTM's)");
    refuses([&] { network_of("f", with("weight_ih_l0_reverse", zeros({9, 2})), {}); }, "two directions");
    refuses([&] { network_of("f", with("attention.query", zeros({9, 2})), {}); }, "unknown tensor attention.query");
    refuses([&] { network_of("f", with("out.weight", zeros({4, 5})), {}); }, "shape 4 x 5, expected any x 3");
    refuses([&] { network_of("f", with("bias_ih_l0", {{9}, std::vector<float>(9, NAN)}), {}); }, "not finite");
    refuses([&] { network_of("f", {}, {}); }, "0 GRUs");
    refuses([&] { import_model(folder + "make_imports.py", {}); }, "expected .safetensors, .npz or .json");
    ImportDescription two = described();
    two.labels.pop_back();
    refuses([&] { import_model(folder + "import_layers.json", two); }, "3 outputs, but the description has 2 labels");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"lstm\",\"weights\":[]}]}"); },
            "layer 0 (lstm): expected gru, dense");
    refuses(
        [&] { network_of_layers("f", "{\"layers\":[{\"type\":\"gru\",\"weights\":[[[1,2,3]],[[1,2,3]],[1,2,3]]}]}"); },
        "reset_after=False");
    refuses(
        [&] {
            network_of_layers("f",
                              "{\"layers\":[{\"type\":\"dense\",\"activation\":\"relu\",\"weights\":[[[1]],[1]]}]}");
        },
        "activation \"relu\"");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"dense\",\"weights\":[[[1,2],[1]],[1]]}]}"); },
            "rows of different lengths");
    refuses(
        [&] {
            network_of_layers(
                "f",
                R"({"layers":[{"type":"gru","activation":"relu","weights":[[[1,2,3]],[[1,2,3]],[[1,2,3],[1,2,3]]]}]})");
        },
        "layer 0 (gru): activation \"relu\", expected tanh");
    const auto softmax = [](const std::string& before, const std::string& after) {
        const std::string dense = R"({"type":"dense","weights":[[[1]],[1]])";
        return network_of_layers("f", "{\"layers\":[" + dense + before + "}," + dense + after + "}]}");
    };
    BOOST_TEST(softmax("", R"(,"activation":"softmax")").layers.size() == 2u);
    refuses([&] { softmax(R"(,"activation":"softmax")", ""); },
            "layer 0 (dense): activation \"softmax\", allowed only in the last layer");
    refuses([&] { softmax(R"(},{"type":"activation","activation":"softmax")", ""); },
            "layer 1 (activation): activation \"softmax\", allowed only in the last layer");
    const test::TemporaryFolder folder_of_descriptions;
    const auto description = [&](const char* text) {
        return read_description(folder_of_descriptions.file("d.json", text));
    };
    refuses([&] { description(R"({"layers":[{"prefix":"a.","activation":"softmax"},{"prefix":"b."}]})"); },
            "layer a.: activation \"softmax\", allowed only in the last layer");
    refuses([&] { network_of("f", gru, description(R"({"layers":[{"prefix":"","activation":"sigmoid"}]})")); },
            "an activation other than tanh");
}

BOOST_AUTO_TEST_CASE(a_gru_cell_is_a_gru_of_one_layer) {
    const Tensors named = {{"cell.weight_ih", zeros({9, 2})},
                           {"cell.weight_hh", zeros({9, 3})},
                           {"cell.bias_ih", {{9}, std::vector<float>(9, 0.5f)}},
                           {"out.weight", zeros({4, 3})}};
    const FloatNetwork network = network_of("f", named, {});
    BOOST_TEST(network.layers.size() == 2u);
    BOOST_TEST(std::get<FloatGru>(network.layers[0]).bias_ih(8) == 0.5f);
    Tensors twice = named;
    twice["cell.weight_ih_l0"] = zeros({9, 2});
    refuses([&] { network_of("f", twice, {}); }, "tensor cell.weight_ih_l0 is there twice");
}

BOOST_AUTO_TEST_CASE(a_guitarml_model_is_read_and_its_skip_is_not_ignored) {
    const test::TemporaryFolder folder_of_models;
    const auto model = [&](const std::string& skip) {
        return folder_of_models.file(
            "m.json", R"({"model_data": {"model": "SimpleRNN", "unit_type": "GRU", "hidden_size": 1, "skip": )" + skip +
                          R"(}, "state_dict": {"rec.weight_ih_l0": [[1], [2], [3]], "rec.weight_hh_l0": [[4], [5], [6]],
                          "rec.bias_ih_l0": [0, 0, 0], "lin.weight": [[7]], "lin.bias": [8]}})");
    };
    const FloatNetwork network = import_model(model("0"), {});
    BOOST_TEST(std::get<FloatGru>(network.layers.at(0)).weight_hh(2, 0) == 6);
    BOOST_TEST(std::get<FloatDense>(network.layers.at(1)).bias(0) == 8);
    refuses([&] { import_model(model("1"), {}); }, "m.json: skip 1: this model adds its input to its output");
    refuses([&] { import_model(model("true"), {}); }, "m.json: skip true: ");
    ImportDescription bare;
    bare.bare = true;
    BOOST_TEST(import_model(model("1"), bare).layers.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_a_model_does_around_its_layers_is_not_ignored) {
    const test::TemporaryFolder folder_of_models;
    const auto import = [&](const std::string& around, const ImportDescription& description = {}) {
        return import_model(
            folder_of_models.file("m.json", "{" + around + R"("layers":[{"type":"dense","weights":[[[1]],[1]]}]})"),
            description);
    };
    BOOST_TEST(import(R"("in_shape":[null,null,1],"in_skip":0,"in_gain":0.0,"out_gain":0,)").layers.size() == 1u);
    refuses([&] { import(R"("in_skip":1,)"); }, "m.json: in_skip 1: this model adds");
    refuses([&] { import(R"("in_gain":-6.5,"out_gain":3,)"); }, "in_gain -6.5, out_gain 3");
    const auto description = folder_of_models.file("d.json", R"({"bare": true})");
    BOOST_TEST(import(R"("in_skip":1,)", read_description(description)).layers.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
