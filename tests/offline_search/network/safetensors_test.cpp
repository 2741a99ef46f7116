#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "datasets/support/data_error.h"
#include "offline_search/network/float_network.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/training/backprop.h"
#include "tests/offline_search/small_network_of_bands.h"

using namespace gruve;

namespace {

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "gruve_safetensors_test";
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

FloatNetwork small_network() {
    FloatNetwork network;
    network.layers = {random_dense(3, 4, Activation::tanh, 1), random_gru(4, 2, 2),
                      random_dense(2, 5, Activation::none, 3)};
    network.metadata = {{"task", "words"}, {"labels", R"(["a","ü \" b"])"}};
    return network;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

/// Writes a file of `header` and `values` bytes of floats, all `fill`.
std::filesystem::path write_raw(const Folder& folder, const std::string& header, std::size_t values,
                                float fill = 0.0f) {
    const auto path = folder.path / "raw.safetensors";
    std::ofstream file(path, std::ios::binary);
    const std::uint64_t length = header.size();
    file.write(reinterpret_cast<const char*>(&length), 8);
    file << header;
    for (std::size_t i = 0; i < values / 4; ++i) file.write(reinterpret_cast<const char*>(&fill), 4);
    return path;
}

void refused(const std::filesystem::path& path, const std::string& expected) {
    try {
        load_safetensors(path);
        BOOST_ERROR("accepted, expected: " << expected);
    } catch (const DataError& error) {
        const std::string message = error.what();
        BOOST_TEST(message.find(path.filename().string()) != std::string::npos, message);
        BOOST_TEST(message.find(expected) != std::string::npos, "\"" << message << "\" lacks \"" << expected << '"');
    }
}

std::string dense_header(const std::string& weight, const std::string& bias) {
    return R"({"layers.0.weight":)" + weight + R"(,"layers.0.bias":)" + bias + "}";
}
const std::string good_weight = R"({"dtype":"F32","shape":[2,3],"data_offsets":[0,24]})";
const std::string good_bias = R"({"dtype":"F32","shape":[2],"data_offsets":[24,32]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(what_is_saved_is_loaded) {
    const Folder folder;
    const auto path = folder.path / "model.safetensors";
    FloatNetwork saved = small_network();
    save_safetensors(path, saved);
    FloatNetwork loaded = load_safetensors(path);
    BOOST_TEST(loaded.layers.size() == 3u);
    BOOST_TEST((loaded.metadata == saved.metadata));
    BOOST_TEST((std::get<FloatDense>(loaded.layers[0]).activation == Activation::tanh));
    const auto a = parameters(saved), b = parameters(loaded);
    for (std::size_t p = 0; p < a.size(); ++p)
        BOOST_TEST(std::equal(a[p].begin(), a[p].end(), b[p].begin(), b[p].end()));
    save_safetensors(folder.path / "again.safetensors", loaded);
    BOOST_TEST(text_of(path) == text_of(folder.path / "again.safetensors"));
    BOOST_TEST(!std::filesystem::exists(path.string() + ".part"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_an_error) {
    const Folder folder;
    BOOST_CHECK_THROW(save_safetensors(folder.path / "missing" / "model.safetensors", small_network()), DataError);
}

BOOST_AUTO_TEST_CASE(the_handmade_file_is_sound) {
    const Folder folder;
    BOOST_TEST(load_safetensors(write_raw(folder, dense_header(good_weight, good_bias), 32)).output_size() == 2);
}

BOOST_AUTO_TEST_CASE(malformed_files_are_refused_with_what_was_expected) {
    const Folder folder;
    const auto refuse = [&](const std::string& header, std::size_t values, const std::string& expected,
                            float fill = 0.0f) { refused(write_raw(folder, header, values, fill), expected); };
    refused(folder.path / "absent.safetensors", "cannot be opened");
    refuse("[]", 0, "not a JSON object");
    refuse("{", 0, "not a JSON object");
    refuse("{}", 0, "no tensors");
    refuse(dense_header(good_weight, good_bias), 32, "tensor layers.0.weight: value 0 is not finite", std::nanf(""));
    refuse(dense_header(good_weight, good_bias), 28, "bytes 24..32 of 28");
    refuse(dense_header(good_weight, R"({"dtype":"F32","shape":[3],"data_offsets":[24,36]})"), 36,
           "shape 3, expected 2");
    refuse(dense_header(good_weight, R"({"dtype":"F32","shape":[2],"data_offsets":[24,28]})"), 32, "expected 8 bytes");
    refuse(dense_header(good_weight, R"({"dtype":"F32","shape":[2],"data_offsets":[32,24]})"), 32, "bytes 32..24");
    refuse(dense_header(good_weight, R"({"dtype":"F64","shape":[2],"data_offsets":[24,32]})"), 32, "dtype \"F64\"");
    refuse(dense_header(good_weight, R"({"dtype":"F32","shape":"two"})"), 32, "expected dtype, shape and data_offsets");
    refuse(dense_header(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,24]})", good_bias), 32,
           "expected any x any");
    refuse(dense_header(R"({"dtype":"F32","shape":[-2,3],"data_offsets":[0,24]})", good_bias), 32, "shape -2 x 3");
    refuse(R"({"layers.0.weight":)" + good_weight + "}", 24, "tensor layers.0.bias: missing");
    refuse(R"({"conv.weight":)" + good_weight + R"(,"layers.0.weight":)" + good_weight + R"(,"layers.0.bias":)" +
               good_bias + "}",
           32, "unknown tensor conv.weight");
    refuse(R"({"__metadata__":{"layers.0.activation":"relu"},"layers.0.weight":)" + good_weight +
               R"(,"layers.0.bias":)" + good_bias + "}",
           32, "\"relu\", expected none, sigmoid or tanh");
    refuse(R"({"layers.0.weight_hh_l0":{"dtype":"F32","shape":[5,2],"data_offsets":[0,40]}})", 40, "expected 6 x 2");
    refuse(dense_header(good_weight, R"({"dtype":"F32","shape":[2],"data_offsets":[16,24]})"), 24,
           "shares its bytes with other tensors");
    refuse(R"({"a":[[[[1]]]]})", 0, "nested deeper than 3 levels");
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_refused) {
    const Folder folder;
    const auto path = folder.path / "model.safetensors";
    save_safetensors(path, small_network());
    const std::string whole = text_of(path);
    for (std::size_t length = 0; length < whole.size(); length += 7) {
        const auto cut = folder.path / "cut.safetensors";
        std::ofstream(cut, std::ios::binary) << whole.substr(0, length);
        BOOST_CHECK_THROW(load_safetensors(cut), DataError);
    }
}

BOOST_AUTO_TEST_CASE(a_layer_that_does_not_fit_the_one_before_is_refused) {
    const Folder folder;
    FloatNetwork network = small_network();
    std::get<FloatDense>(network.layers[2]) = random_dense(3, 5, Activation::none, 3);
    const auto path = folder.path / "model.safetensors";
    save_safetensors(path, network);
    refused(path, "layers.2.weight: shape 5 x 3, expected any x 2");
}

/// A file of one dense layer of 2 outputs and 3 inputs in a format of 16 bits, with these bits in every number.
std::filesystem::path write_halves(const Folder& folder, const std::string& format, std::uint16_t bits) {
    const std::string header = R"({"layers.0.weight":{"dtype":")" + format +
                               R"(","shape":[2,3],"data_offsets":[0,12]},"layers.0.bias":{"dtype":")" + format +
                               R"(","shape":[2],"data_offsets":[12,16]}})";
    float two = 0;
    const std::uint32_t pair = std::uint32_t{bits} << 16 | bits;
    std::memcpy(&two, &pair, sizeof two);
    return write_raw(folder, header, 16, two);
}

BOOST_AUTO_TEST_CASE(numbers_of_16_bits_are_widened) {
    const Folder folder;
    const auto first = [&](const std::string& format, std::uint16_t bits) {
        const FloatNetwork network = load_safetensors(write_halves(folder, format, bits));
        const auto& dense = std::get<FloatDense>(network.layers.at(0));
        BOOST_TEST(dense.bias(1) == dense.weight(0, 0));
        return dense.weight(1, 2);
    };
    // IEEE 754 binary16: 1, −2, the largest, the smallest normal, the smallest subnormal, −0, 1/3.
    BOOST_TEST(first("F16", 0x3c00) == 1.0f);
    BOOST_TEST(first("F16", 0xc000) == -2.0f);
    BOOST_TEST(first("F16", 0x7bff) == 65504.0f);
    BOOST_TEST(first("F16", 0x0400) == 0x1p-14f);
    BOOST_TEST(first("F16", 0x0001) == 0x1p-24f);
    BOOST_TEST(std::signbit(first("F16", 0x8000)));
    BOOST_TEST(first("F16", 0x3555) == 0.333251953125f);
    // bfloat16: the upper half of a float.
    BOOST_TEST(first("BF16", 0x3f80) == 1.0f);
    BOOST_TEST(first("BF16", 0xc000) == -2.0f);
    BOOST_TEST(first("BF16", 0x3eab) == 0.333984375f);
    BOOST_TEST(first("BF16", 0x0001) == 0x1p-133f);
    for (const auto& [format, bits] :
         {std::pair<const char*, std::uint16_t>{"F16", 0x7c00}, {"F16", 0x7e00}, {"BF16", 0x7f80}, {"BF16", 0xffc0}})
        refused(write_halves(folder, format, bits), "is not finite");
    refused(write_halves(folder, "F8_E4M3", 0), "dtype \"F8_E4M3\", expected \"F32\", \"F16\" or \"BF16\"");
}

BOOST_AUTO_TEST_CASE(a_network_of_bands_is_saved_and_loaded) {
    const Folder folder;
    const FloatNetwork network = small_network_of_bands();
    const auto path = folder.path / "bands.safetensors";
    save_safetensors(path, network);
    const FloatNetwork loaded = load_safetensors(path);
    BOOST_TEST(loaded.bands == 3);
    BOOST_TEST(loaded.metadata.empty());
    const Matrix input = Matrix::Random(6, 9);
    BOOST_TEST((loaded.forward(input) == network.forward(input)));
    BOOST_CHECK_THROW(require_chain(loaded), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_damaged_network_of_bands_is_refused) {
    const Folder folder;
    const auto path = folder.path / "bands.safetensors";
    const auto with = [&](auto change) {
        FloatNetwork network = small_network_of_bands();
        change(network);
        save_safetensors(path, network);
    };
    with([](FloatNetwork& n) { n.bands = 129; });
    refused(path, "allowed 1..128");
    with([](FloatNetwork& n) { n.bands = 4; });
    refused(path, "layers.0.by_band");
    with([](FloatNetwork& n) { n.layers.pop_back(), n.layers.pop_back(); });
    refused(path, "first and the last layer must be dense");
    with([](FloatNetwork& n) { std::get<FloatDense>(n.layers[5]).adds = true; });
    refused(path, "doesn't follow a GRU");
    with([](FloatNetwork& n) { std::get<FloatDense>(n.layers[2]).activation = Activation::tanh; });
    refused(path, "has an activation");
}

BOOST_AUTO_TEST_SUITE_END()
