// Models of other programs: the same outputs as PyTorch's, and clear refusals.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/audio_file.h"
#include "offline_search/import_model.h"

using namespace gruve;

namespace {

const std::string folder = std::string(GRUVE_SOURCE_DIR) + "/tests/offline_search/golden/";

ImportDescription described() { return {"", {"a", "b", "c"}, {{"dense.", Activation::tanh}, {"gru.", Activation::none}, {"head.", Activation::none}}}; }

/// Steps × values, one row a step, as columns.
Matrix columns_of(const nlohmann::json& steps) {
    Matrix matrix(static_cast<Eigen::Index>(steps[0].size()), static_cast<Eigen::Index>(steps.size()));
    for (std::size_t t = 0; t < steps.size(); ++t)
        for (std::size_t i = 0; i < steps[t].size(); ++i) matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(t)) = steps[t][i].get<float>();
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
    const FloatNetwork network = network_of("f", {{"rnn.weight_ih_l0", zeros({9, 2})}, {"rnn.weight_hh_l0", zeros({9, 3})}, {"out.weight", zeros({4, 3})}, {"out.bias", zeros({4})}}, {});
    BOOST_TEST(network.layers.size() == 2u);
    BOOST_TEST(network.input_size() == 2);
    BOOST_TEST(std::get<FloatGru>(network.layers[0]).bias_hh.size() == 9);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_with_what_was_expected) {
    const Tensors gru = {{"weight_ih_l0", zeros({9, 2})}, {"weight_hh_l0", zeros({9, 3})}};
    const auto with = [&](const std::string& name, const Tensor& tensor) {
        Tensors more = gru;
        more[name] = tensor;
        return more;
    };
    refuses([&] { network_of("f", with("weight_hh_l0", zeros({12, 3})), {}); }, "expected 9 x 3 (a GRU's, not an LSTM's)");
    refuses([&] { network_of("f", with("weight_ih_l0_reverse", zeros({9, 2})), {}); }, "two directions");
    refuses([&] { network_of("f", with("attention.query", zeros({9, 2})), {}); }, "unknown tensor attention.query");
    refuses([&] { network_of("f", with("out.weight", zeros({4, 5})), {}); }, "shape 4 x 5, expected any x 3");
    refuses([&] { network_of("f", with("bias_ih_l0", {{9}, std::vector<float>(9, NAN)}), {}); }, "not finite");
    refuses([&] { network_of("f", {}, {}); }, "0 GRUs");
    refuses([&] { import_model(folder + "make_imports.py", {}); }, "expected .safetensors, .npz or .json");
    ImportDescription two = described();
    two.labels.pop_back();
    refuses([&] { import_model(folder + "import_layers.json", two); }, "3 outputs, the description has 2 labels");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"lstm\",\"weights\":[]}]}"); }, "layer 0 (lstm): expected gru, dense");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"gru\",\"weights\":[[[1,2,3]],[[1,2,3]],[1,2,3]]}]}"); }, "reset_after=False");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"dense\",\"activation\":\"relu\",\"weights\":[[[1]],[1]]}]}"); }, "activation \"relu\"");
    refuses([&] { network_of_layers("f", "{\"layers\":[{\"type\":\"dense\",\"weights\":[[[1,2],[1]],[1]]}]}"); }, "rows of different lengths");
}

BOOST_AUTO_TEST_SUITE_END()
