// safetensors: 8 bytes of header length, a JSON header {name: {dtype, shape, data_offsets}}, then the values (little endian,
// row-major). https://huggingface.co/docs/safetensors
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "datasets/support/data_error.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/float_network.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/network/tensors.h"

namespace gruve {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in memory");

using Json = nlohmann::ordered_json;  // keeps the order in which it is written
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Path = std::filesystem::path;

constexpr std::uint64_t largest_header = 1u << 20;
const char* const gru_parts[] = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"};

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

/// A JSON number that is a whole one: converting 2e20 to an integer would not be defined.
std::int64_t whole(const nlohmann::json& number) {
    if (!number.is_number_integer()) throw std::invalid_argument("not a whole number");
    return number.get<std::int64_t>();
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::ostringstream text;
    for (std::size_t i = 0; i < shape.size(); ++i) text << (i ? " x " : "") << shape[i];
    return shape.empty() ? "a scalar" : text.str();
}

/// One file in memory: tensors by name, each taken once.
class Reader {
public:
    explicit Reader(const Path& path) : path_(path) {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw DataError(path.string() + ": can't be opened");
        std::ostringstream buffer;
        buffer << file.rdbuf();
        bytes_ = std::move(buffer).str();
        if (bytes_.size() < 8)
            fail("not a safetensors file: " + std::to_string(bytes_.size()) + " bytes, at least 8 expected");
        std::uint64_t length = 0;
        std::memcpy(&length, bytes_.data(), 8);
        if (length > largest_header || length > bytes_.size() - 8) {
            fail("not a safetensors file: a header of " + std::to_string(length) + " bytes in a file of " +
                 std::to_string(bytes_.size()));
        }
        values_ = 8 + length;
        header_ = parse_small_json(path.string() + ": header", std::string_view(bytes_).substr(8, length));
        for (const auto& [name, entry] : header_.items()) {
            if (name != "__metadata__") left_.insert(name);
        }
    }

    [[noreturn]] void fail(const std::string& what) const { throw DataError(path_.string() + ": " + what); }

    bool has(const std::string& name) const { return left_.contains(name); }
    const std::set<std::string>& left() const { return left_; }

    std::map<std::string, std::string> metadata() const {
        std::map<std::string, std::string> result;
        const auto found = header_.find("__metadata__");
        if (found == header_.end()) return result;
        if (!found->is_object()) fail("__metadata__ is not a JSON object");
        for (const auto& [key, value] : found->items()) {
            if (!value.is_string()) fail("__metadata__, " + key + ": a string expected");
            result[key] = value.get<std::string>();
        }
        return result;
    }

    /// rows, cols: expected, or −1 where any positive size will do.
    Matrix matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
        const auto shape = take(name, {rows, cols});
        return Eigen::Map<const RowMajor>(taken_.data(), shape[0], shape[1]);
    }
    /// Of any shape of one or two axes.
    Tensor any(const std::string& name) {
        const auto& entry = header_.at(name);
        const bool flat =
            entry.is_object() && entry.contains("shape") && entry["shape"].is_array() && entry["shape"].size() == 1;
        const auto shape = take(name, flat ? std::vector<std::int64_t>{-1} : std::vector<std::int64_t>{-1, -1});
        return {shape, taken_};
    }
    Vector vector(const std::string& name, std::int64_t size) {
        const auto shape = take(name, {size});
        return Eigen::Map<const Vector>(taken_.data(), shape[0]);
    }

private:
    std::vector<std::int64_t> take(const std::string& name, const std::vector<std::int64_t>& expected) {
        const std::string place = "tensor " + name + ": ";
        if (!has(name)) fail(place + "missing");
        std::vector<std::int64_t> shape;
        std::uint64_t begin = 0, end = 0;
        try {
            const auto& entry = header_.at(name);
            if (entry.at("dtype") != "F32") fail(place + "dtype " + entry.at("dtype").dump() + ", expected \"F32\"");
            if (!entry.at("shape").is_array()) throw std::invalid_argument("not a list");
            for (const auto& size : entry.at("shape")) shape.push_back(whole(size));
            begin = static_cast<std::uint64_t>(whole(entry.at("data_offsets").at(0)));
            end = static_cast<std::uint64_t>(whole(entry.at("data_offsets").at(1)));
        } catch (const nlohmann::json::exception&) {
            fail(place + "dtype, shape and data_offsets expected");
        } catch (const std::invalid_argument&) {
            fail(place + "dtype, shape and data_offsets expected, the last two lists of whole numbers");
        }
        bool fits = shape.size() == expected.size();
        std::uint64_t count = 1;
        for (std::size_t i = 0; fits && i < shape.size(); ++i) {
            fits = shape[i] > 0 && shape[i] <= (std::int64_t{1} << 24) && (expected[i] < 0 || shape[i] == expected[i]);
            count *= static_cast<std::uint64_t>(std::max<std::int64_t>(shape[i], 1));
        }
        if (!fits) {
            std::string wanted = shape_text(expected);
            for (auto at = wanted.find("-1"); at != std::string::npos; at = wanted.find("-1"))
                wanted.replace(at, 2, "any");
            fail(place + "shape " + shape_text(shape) + ", expected " + wanted);
        }
        const std::uint64_t available = bytes_.size() - values_;
        if (begin > end || end > available || end - begin != count * sizeof(float)) {
            fail(place + "bytes " + std::to_string(begin) + ".." + std::to_string(end) + " of " +
                 std::to_string(available) + ", expected " + std::to_string(count * sizeof(float)) + " bytes");
        }
        if ((taken_bytes_ += end - begin) > available) fail(place + "shares its bytes with other tensors");
        taken_.resize(count);
        std::memcpy(taken_.data(), bytes_.data() + values_ + begin, count * sizeof(float));
        for (std::size_t i = 0; i < taken_.size(); ++i) {
            if (!std::isfinite(taken_[i])) fail(place + "value " + std::to_string(i) + " is not finite");
        }
        left_.erase(name);
        return shape;
    }

    Path path_;
    std::string bytes_;
    std::uint64_t values_ = 0;
    nlohmann::json header_;
    std::set<std::string> left_;
    std::vector<float> taken_;
    std::uint64_t taken_bytes_ = 0;  // of all tensors: a short file may not hold one long tensor a hundred times
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

}  // namespace

// safetensors holds no structure beside names, so a dense layer's activation is kept in the metadata: "layers.<k>.activation".
void save_safetensors(const Path& path, const FloatNetwork& network) {
    Writer writer;
    auto metadata = network.metadata;
    for (std::size_t k = 0; k < network.layers.size(); ++k) {
        const std::string prefix = "layers." + std::to_string(k) + ".";
        if (const auto* dense = std::get_if<FloatDense>(&network.layers[k])) {
            writer.add(prefix + "weight", dense->weight);
            writer.add(prefix + "bias", dense->bias);
            metadata[prefix + "activation"] = name_of(dense->activation);
        } else {
            const auto& gru = std::get<FloatGru>(network.layers[k]);
            writer.add(prefix + gru_parts[0], gru.weight_ih);
            writer.add(prefix + gru_parts[1], gru.weight_hh);
            writer.add(prefix + gru_parts[2], gru.bias_ih);
            writer.add(prefix + gru_parts[3], gru.bias_hh);
        }
    }
    if (!metadata.empty()) writer.header["__metadata__"] = metadata;
    std::string header = writer.header.dump();
    header.append((8 - header.size() % 8) % 8, ' ');  // values start aligned
    const std::uint64_t length = header.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    write_file(path, bytes + header + writer.values);
}

Tensors read_safetensors(const Path& path) {
    Reader reader(path);
    Tensors tensors;
    for (const std::string& name : std::set<std::string>(reader.left())) tensors[name] = reader.any(name);
    return tensors;
}

FloatNetwork load_safetensors(const Path& path) {
    Reader reader(path);
    FloatNetwork network;
    auto metadata = reader.metadata();
    std::int64_t inputs = -1;  // what the layer before gives
    for (std::size_t k = 0;; ++k) {
        const std::string prefix = "layers." + std::to_string(k) + ".";
        if (reader.has(prefix + "weight")) {
            FloatDense dense;
            dense.weight = reader.matrix(prefix + "weight", -1, inputs);
            dense.bias = reader.vector(prefix + "bias", dense.weight.rows());
            const auto found = metadata.find(prefix + "activation");
            if (found != metadata.end()) {
                dense.activation = activation_named(reader, found->first, found->second);
                metadata.erase(found);
            }
            inputs = dense.weight.rows();
            network.layers.emplace_back(std::move(dense));
        } else if (reader.has(prefix + gru_parts[1])) {
            FloatGru gru;
            gru.weight_hh = reader.matrix(prefix + gru_parts[1], -1, -1);
            const std::int64_t size = gru.weight_hh.cols();
            if (gru.weight_hh.rows() != 3 * size) {
                reader.fail("tensor " + prefix + gru_parts[1] + ": shape " + shape_text({gru.weight_hh.rows(), size}) +
                            ", expected " + shape_text({3 * size, size}));
            }
            gru.weight_ih = reader.matrix(prefix + gru_parts[0], 3 * size, inputs);
            gru.bias_ih = reader.vector(prefix + gru_parts[2], 3 * size);
            gru.bias_hh = reader.vector(prefix + gru_parts[3], 3 * size);
            inputs = size;
            network.layers.emplace_back(std::move(gru));
        } else {
            break;
        }
    }
    if (!reader.left().empty()) {
        reader.fail("unknown tensor " + *reader.left().begin() +
                    ", expected layers.<k>.weight and .bias, or layers.<k>." + gru_parts[0] + ", " + gru_parts[1] +
                    ", " + gru_parts[2] + ", " + gru_parts[3] + ", with k counting from 0");
    }
    if (network.layers.empty()) reader.fail("no tensors, expected layers.0.weight or layers.0.weight_hh_l0");
    network.metadata = std::move(metadata);
    return network;
}

}  // namespace gruve
