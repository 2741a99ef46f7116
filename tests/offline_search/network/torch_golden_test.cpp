#include <boost/test/unit_test.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "offline_search/network/safetensors.h"
#include "offline_search/training/backprop.h"

using namespace gruve;

namespace {

const std::string folder = std::string(GRUVE_SOURCE_DIR) + "/tests/offline_search/golden/";

Matrix matrix_of(const nlohmann::json& rows) {
    Matrix matrix(static_cast<Eigen::Index>(rows.at(0).size()), static_cast<Eigen::Index>(rows.size()));
    for (Eigen::Index t = 0; t < matrix.cols(); ++t) {
        for (Eigen::Index i = 0; i < matrix.rows(); ++i)
            matrix(i, t) = rows.at(static_cast<std::size_t>(t)).at(static_cast<std::size_t>(i)).get<float>();
    }
    return matrix;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(torch_golden)

BOOST_AUTO_TEST_CASE(a_network_saved_by_pytorch_gives_pytorchs_outputs) {
    const FloatNetwork network = load_safetensors(folder + "torch_gru.safetensors");
    const auto golden = nlohmann::json::parse(std::ifstream(folder + "torch_gru.json"));
    const Matrix x = matrix_of(golden.at("input")), expected = matrix_of(golden.at("output"));
    BOOST_TEST(network.layers.size() == 4u);
    BOOST_TEST((network.forward(x) - expected).cwiseAbs().maxCoeff() < 1e-5f);
    Backprop backprop(network);
    BOOST_TEST((backprop.forward(x, 1) - expected).cwiseAbs().maxCoeff() < 1e-5f);
}

BOOST_AUTO_TEST_CASE(another_gate_order_would_not_pass) {
    FloatNetwork network = load_safetensors(folder + "torch_gru.safetensors");
    const auto golden = nlohmann::json::parse(std::ifstream(folder + "torch_gru.json"));
    auto& gru = std::get<FloatGru>(network.layers[1]);
    const int size = gru.hidden_size();
    Matrix z_first = gru.weight_ih;
    z_first.topRows(size) = gru.weight_ih.middleRows(size, size);
    z_first.middleRows(size, size) = gru.weight_ih.topRows(size);
    gru.weight_ih = z_first;
    BOOST_TEST((network.forward(matrix_of(golden.at("input"))) - matrix_of(golden.at("output"))).cwiseAbs().maxCoeff() >
               1e-2f);
}

BOOST_AUTO_TEST_SUITE_END()
