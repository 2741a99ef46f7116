// A safetensors file has 8 bytes of header length, a JSON header {name: {dtype, shape, data_offsets}}, and then the
// values, little-endian and row-major. https://huggingface.co/docs/safetensors
#include "offline_search/network/safetensors.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "datasets/support/data_error.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"

namespace gruve {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied from memory to the file");

using Json = nlohmann::ordered_json;  // keeps the order in which entries are added
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Path = std::filesystem::path;

constexpr std::uint64_t largest_header = 1u << 20;  // bytes
constexpr std::int64_t largest_axis = std::int64_t{1} << 24;

/// Header and values of the file to be written.
struct Writer {
    Json header = Json::object();
    std::string values;

    void add(const std::string& name, std::vector<Eigen::Index> shape, const float* data, std::size_t count) {
        const std::size_t begin = values.size(), bytes = count * sizeof(float);
        values.append(reinterpret_cast<const char*>(data), bytes);
        header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, begin + bytes}}};
    }
    void add(const std::string& name, const Matrix& matrix) {
        const RowMajor rows = matrix;
        add(name, {matrix.rows(), matrix.cols()}, rows.data(), static_cast<std::size_t>(rows.size()));
    }
    void add(const std::string& name, const Vector& vector) {
        add(name, {vector.size()}, vector.data(), static_cast<std::size_t>(vector.size()));
    }
};

float read_f32(const char* bytes) {
    float value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

std::uint16_t read_u16(const char* bytes) {
    std::uint16_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// The upper half of a float.
float read_bf16(const char* bytes) { return std::bit_cast<float>(std::uint32_t{read_u16(bytes)} << 16); }

/// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. Every value is a float.
float read_f16(const char* bytes) {
    const int bits = read_u16(bytes), exponent = bits >> 10 & 31, fraction = bits & 1023;
    const float magnitude = exponent == 0    ? std::ldexp(static_cast<float>(fraction), -24)
                            : exponent == 31 ? (fraction == 0 ? std::numeric_limits<float>::infinity()
                                                              : std::numeric_limits<float>::quiet_NaN())
                                             : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// A number format of tensors: how many bytes a value takes, and the float that it is.
struct Format {
    const char* name;
    std::size_t bytes;
    float (*read)(const char*);
};
constexpr Format formats[] = {{"F32", 4, read_f32}, {"F16", 2, read_f16}, {"BF16", 2, read_bf16}};

/// Null for any other format.
const Format* format_named(const nlohmann::json& name) {
    for (const Format& format : formats)
        if (name == format.name) return &format;
    return nullptr;
}

/// A JSON number as an integer. Others are refused, because converting 2e20, say, would be undefined.
std::int64_t integer(const nlohmann::json& number) {
    if (!number.is_number_integer()) throw std::invalid_argument("not an integer");
    return number.get<std::int64_t>();
}

/// One file in memory. Each of its tensors may be taken once.
class Reader {
public:
    explicit Reader(const Path& path) : path_(path) {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw DataError(path.string() + ": cannot be opened");
        std::ostringstream buffer;
        buffer << file.rdbuf();
        bytes_ = std::move(buffer).str();
        if (bytes_.size() < 8)
            fail("not a safetensors file: " + std::to_string(bytes_.size()) + " bytes, expected at least 8");
        std::uint64_t length = 0;
        std::memcpy(&length, bytes_.data(), 8);
        if (length > largest_header || length > bytes_.size() - 8)
            fail("not a safetensors file: a header of " + std::to_string(length) + " bytes in a file of " +
                 std::to_string(bytes_.size()) + " bytes");
        values_ = 8 + length;
        header_ = parse_small_json(path.string() + ": header", std::string_view(bytes_).substr(8, length));
        for (const auto& [name, entry] : header_.items())
            if (name != "__metadata__") left_.insert(name);
    }

    [[noreturn]] void fail(const std::string& why) const { throw DataError(path_.string() + ": " + why); }

    bool has(const std::string& name) const { return left_.contains(name); }
    /// Names of the tensors that have not been taken.
    const std::set<std::string>& left() const { return left_; }

    std::map<std::string, std::string> metadata() const {
        std::map<std::string, std::string> result;
        const auto found = header_.find("__metadata__");
        if (found == header_.end()) return result;
        if (!found->is_object()) fail("__metadata__ is not a JSON object");
        for (const auto& [key, value] : found->items()) {
            if (!value.is_string()) fail("__metadata__, " + key + ": expected a string");
            result[key] = value.get<std::string>();
        }
        return result;
    }

    /// rows, cols: the expected size, or any_size.
    Matrix matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
        const Tensor tensor = take(name, {rows, cols});
        return Eigen::Map<const RowMajor>(tensor.values.data(), tensor.shape[0], tensor.shape[1]);
    }
    Vector vector(const std::string& name, std::int64_t size) {
        const Tensor tensor = take(name, {size});
        return Eigen::Map<const Vector>(tensor.values.data(), tensor.shape[0]);
    }
    /// A tensor of one or two axes of any size.
    Tensor vector_or_matrix(const std::string& name) {
        const auto& entry = header_.at(name);
        const bool one_axis =
            entry.is_object() && entry.contains("shape") && entry["shape"].is_array() && entry["shape"].size() == 1;
        return take(name, std::vector<std::int64_t>(one_axis ? 1 : 2, any_size));
    }

private:
    /// A tensor's entry in the header.
    struct Entry {
        const Format* format = nullptr;
        std::vector<std::int64_t> shape;
        std::uint64_t begin = 0, end = 0;  // bytes, counted from the end of the header
    };

    Entry entry_of(const std::string& name, const std::string& place) const {
        Entry entry;
        try {
            const auto& json = header_.at(name);
            entry.format = format_named(json.at("dtype"));
            if (entry.format == nullptr)
                fail(place + "dtype " + json.at("dtype").dump() + ", expected \"F32\", \"F16\" or \"BF16\"");
            if (!json.at("shape").is_array()) throw std::invalid_argument("not a list");
            for (const auto& size : json.at("shape")) entry.shape.push_back(integer(size));
            entry.begin = static_cast<std::uint64_t>(integer(json.at("data_offsets").at(0)));
            entry.end = static_cast<std::uint64_t>(integer(json.at("data_offsets").at(1)));
        } catch (const nlohmann::json::exception&) {
            fail(place + "expected dtype, shape and data_offsets");
        } catch (const std::invalid_argument&) {
            fail(place + "expected dtype, shape and data_offsets, where the last two are lists of integers");
        }
        return entry;
    }

    /// Checks an entry before anything is allocated for it; returns the number of values.
    std::size_t check(const Entry& entry, const std::vector<std::int64_t>& expected, const std::string& place) const {
        if (!shape_fits(entry.shape, expected) || std::ranges::max(entry.shape) > largest_axis)
            fail(place + "shape " + shape_text(entry.shape) + ", expected " + expected_shape_text(expected));
        std::uint64_t count = 1;
        for (const auto size : entry.shape) count *= static_cast<std::uint64_t>(size);
        const std::uint64_t available = bytes_.size() - values_;
        const std::uint64_t expected_bytes = count * entry.format->bytes;
        if (entry.begin > entry.end || entry.end > available || entry.end - entry.begin != expected_bytes)
            fail(place + "bytes " + std::to_string(entry.begin) + ".." + std::to_string(entry.end) + " of " +
                 std::to_string(available) + ", expected " + std::to_string(expected_bytes) + " bytes");
        return count;
    }

    Tensor take(const std::string& name, const std::vector<std::int64_t>& expected) {
        const std::string place = "tensor " + name + ": ";
        if (!has(name)) fail(place + "missing");
        Entry entry = entry_of(name, place);
        const std::size_t count = check(entry, expected, place);
        taken_bytes_ += entry.end - entry.begin;
        if (taken_bytes_ > bytes_.size() - values_) fail(place + "shares its bytes with other tensors");
        Tensor tensor{std::move(entry.shape), std::vector<float>(count)};
        const char* from = bytes_.data() + values_ + entry.begin;
        for (std::size_t i = 0; i < count; ++i) tensor.values[i] = entry.format->read(from + i * entry.format->bytes);
        for (std::size_t i = 0; i < count; ++i)
            if (!std::isfinite(tensor.values[i])) fail(place + "value " + std::to_string(i) + " is not finite");
        left_.erase(name);
        return tensor;
    }

    Path path_;
    std::string bytes_;
    std::uint64_t values_ = 0;  // where the header ends
    nlohmann::json header_;
    std::set<std::string> left_;
    std::uint64_t taken_bytes_ = 0;  // of all tensors: a short file must not pass one long tensor off as a hundred
};

Activation activation_named(const Reader& reader, const std::string& key, const std::string& text) {
    if (text == "none") return Activation::none;
    if (text == "sigmoid") return Activation::sigmoid;
    if (text == "tanh") return Activation::tanh;
    reader.fail("__metadata__, " + key + ": \"" + text + "\", expected none, sigmoid or tanh");
}

const char* name_of(Activation activation) {
    return activation == Activation::sigmoid ? "sigmoid" : activation == Activation::tanh ? "tanh" : "none";
}

constexpr int most_bands = 128;
const std::string reverse = "_reverse";

std::string prefix_of(std::size_t layer) { return "layers." + std::to_string(layer) + "."; }

FloatDense read_dense(Reader& reader, const std::string& prefix, std::int64_t inputs, FloatNetwork& network) {
    auto& metadata = network.metadata;
    FloatDense dense;
    dense.weight = reader.matrix(prefix + "weight", any_size, inputs);
    dense.bias = reader.vector(prefix + "bias", dense.weight.rows());
    const auto found = metadata.find(prefix + "activation");
    if (found != metadata.end()) {
        dense.activation = activation_named(reader, found->first, found->second);
        metadata.erase(found);
    }
    if (network.bands == 1) return dense;
    if (reader.has(prefix + "by_band"))
        dense.by_band = reader.matrix(prefix + "by_band", dense.weight.rows(), network.bands);
    dense.adds = metadata.erase(prefix + "adds") > 0;
    return dense;
}

/// suffix: "", or "_reverse" as in PyTorch for the direction from the last band to the first.
FloatGru read_gru(Reader& reader, const std::string& prefix, std::int64_t inputs, const std::string& suffix = "") {
    FloatGru gru;
    const std::string state = prefix + "weight_hh_l0" + suffix;
    gru.weight_hh = reader.matrix(state, any_size, any_size);
    const std::int64_t size = gru.weight_hh.cols();
    if (gru.weight_hh.rows() != 3 * size)
        reader.fail("tensor " + state + ": shape " + shape_text({gru.weight_hh.rows(), size}) + ", expected " +
                    shape_text({3 * size, size}));
    gru.weight_ih = reader.matrix(prefix + "weight_ih_l0" + suffix, 3 * size, inputs);
    gru.bias_ih = reader.vector(prefix + "bias_ih_l0" + suffix, 3 * size);
    gru.bias_hh = reader.vector(prefix + "bias_hh_l0" + suffix, 3 * size);
    return gru;
}

void add_gru(Writer& writer, const std::string& prefix, const FloatGru& gru, const std::string& suffix = "") {
    writer.add(prefix + "weight_ih_l0" + suffix, gru.weight_ih);
    writer.add(prefix + "weight_hh_l0" + suffix, gru.weight_hh);
    writer.add(prefix + "bias_ih_l0" + suffix, gru.bias_ih);
    writer.add(prefix + "bias_hh_l0" + suffix, gru.bias_hh);
}

/// Takes "bands" from the metadata; 1 if there is none.
int take_bands(const Reader& reader, std::map<std::string, std::string>& metadata) {
    const auto found = metadata.find("bands");
    if (found == metadata.end()) return 1;
    int bands = 0;
    const std::string& text = found->second;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), bands).ptr;
    if (end != text.data() + text.size() || bands < 1 || bands > most_bands)
        reader.fail("__metadata__, bands: \"" + text + "\", allowed 1.." + std::to_string(most_bands));
    metadata.erase(found);
    return bands;
}

/// The first fault in the order and the shapes of a network of bands, or nothing.
std::string fault_of_bands(const FloatNetwork& network) {
    const auto& layers = network.layers;
    const auto is_dense = [&](std::size_t k) { return std::holds_alternative<FloatDense>(layers[k]); };
    if (!is_dense(0) || !is_dense(layers.size() - 1)) return "the first and the last layer must be dense";
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const std::string place = "layer " + std::to_string(k) + ": ";
        if (!is_dense(k) && !is_dense(k + 1)) return place + "a GRU must be followed by a dense layer";
        const auto* dense = std::get_if<FloatDense>(&layers[k]);
        if (dense == nullptr || !dense->adds) continue;
        if (k < 2 || is_dense(k - 1)) return place + "adds, but doesn't follow a GRU";
        if (output_size(layers[k]) != input_size(layers[k - 1]))
            return place + "adds " + std::to_string(output_size(layers[k])) + " channels to " +
                   std::to_string(input_size(layers[k - 1]));
        if (dense->activation != Activation::none) return place + "adds, but has an activation";
    }
    return "";
}

}  // namespace

// safetensors has nothing but named tensors and metadata, so a dense layer's activation is stored in the metadata, as
// "layers.<k>.activation".
void save_safetensors(const Path& path, const FloatNetwork& network) {
    Writer writer;
    auto metadata = network.metadata;
    if (network.bands > 1) metadata["bands"] = std::to_string(network.bands);
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        const std::string prefix = prefix_of(k);
        if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
            writer.add(prefix + "weight", dense->weight);
            writer.add(prefix + "bias", dense->bias);
            metadata[prefix + "activation"] = name_of(dense->activation);
            if (dense->by_band.size() > 0) writer.add(prefix + "by_band", dense->by_band);
            if (dense->adds) metadata[prefix + "adds"] = "yes";
        } else if (const auto* both = std::get_if<FloatBandGru>(&network.layers[k])) {
            add_gru(writer, prefix, both->forward);
            add_gru(writer, prefix, both->backward, reverse);
        } else {
            add_gru(writer, prefix, std::get<FloatGru>(network.layers[k]));
        }
    }
    if (!metadata.empty()) writer.header["__metadata__"] = metadata;
    std::string header = writer.header.dump();
    header.append((8 - header.size() % 8) % 8, ' ');  // aligns the values to 8 bytes
    const std::uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    write_file(path, bytes + header + writer.values);
}

Tensors read_safetensors(const Path& path) {
    Reader reader(path);
    Tensors tensors;
    const std::set<std::string> names = reader.left();
    for (const std::string& name : names) tensors[name] = reader.vector_or_matrix(name);
    return tensors;
}

FloatNetwork load_safetensors(const Path& path) {
    Reader reader(path);
    FloatNetwork network;
    network.metadata = reader.metadata();
    network.bands = take_bands(reader, network.metadata);
    std::int64_t inputs = any_size;  // then the outputs of the layer before
    for (std::size_t k = 0;; ++k) {
        const std::string prefix = prefix_of(k);
        if (reader.has(prefix + "weight")) {
            FloatDense dense = read_dense(reader, prefix, inputs, network);
            inputs = dense.weight.rows();
            network.layers.emplace_back(std::move(dense));
        } else if (reader.has(prefix + "weight_hh_l0")) {
            FloatGru gru = read_gru(reader, prefix, inputs);
            inputs = gru.hidden_size();
            if (network.bands > 1 && reader.has(prefix + "weight_hh_l0" + reverse)) {
                FloatGru back = read_gru(reader, prefix, gru.input_size(), reverse);
                if (back.hidden_size() != gru.hidden_size())
                    reader.fail("tensor " + prefix + "weight_hh_l0" + reverse + ": " +
                                std::to_string(back.hidden_size()) + " units, expected " +
                                std::to_string(gru.hidden_size()));
                inputs *= 2;
                network.layers.emplace_back(FloatBandGru{std::move(gru), std::move(back)});
                continue;
            }
            network.layers.emplace_back(std::move(gru));
        } else {
            break;
        }
    }
    if (!reader.left().empty())
        reader.fail("unknown tensor " + *reader.left().begin() +
                    ", expected layers.<k>.weight and .bias, or layers.<k>.weight_ih_l0, weight_hh_l0, bias_ih_l0, "
                    "bias_hh_l0, with k counting from 0");
    if (network.layers.empty()) reader.fail("no tensors, expected layers.0.weight or layers.0.weight_hh_l0");
    if (network.bands > 1)
        if (const std::string fault = fault_of_bands(network); !fault.empty()) reader.fail(fault);
    return network;
}

}  // namespace gruve
