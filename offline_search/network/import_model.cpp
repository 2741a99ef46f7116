#include "offline_search/network/import_model.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/model_json.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

using Json = nlohmann::json;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const auto size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "a scalar" : text;
}

/// Tensors of one file, each taken once.
class Shelf {
public:
    Shelf(std::string file, Tensors tensors) : file_(std::move(file)), tensors_(std::move(tensors)) {}

    [[noreturn]] void fail(const std::string& why) const { throw DataError(file_ + ": " + why); }
    bool has(const std::string& name) const { return tensors_.contains(name); }
    const Tensors& left() const { return tensors_; }

    /// −1: any size.
    Matrix matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
        const Tensor t = take(name, {rows, cols});
        return Eigen::Map<const RowMajor>(t.values.data(), t.shape[0], t.shape[1]);
    }
    /// Zeros where the file has no such tensor: a model trained without biases.
    Vector bias(const std::string& name, std::int64_t size) {
        if (!has(name)) return Vector::Zero(size);
        const Tensor t = take(name, {size});
        return Eigen::Map<const Vector>(t.values.data(), size);
    }

private:
    Tensor take(const std::string& name, const std::vector<std::int64_t>& expected) {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) fail("tensor " + name + " is missing");
        Tensor tensor = std::move(found->second);
        tensors_.erase(found);
        bool fits = tensor.shape.size() == expected.size();
        for (std::size_t i = 0; fits && i < expected.size(); ++i)
            fits = tensor.shape[i] > 0 && (expected[i] < 0 || tensor.shape[i] == expected[i]);
        std::string wanted = shape_text(expected);
        for (auto at = wanted.find("-1"); at != std::string::npos; at = wanted.find("-1")) wanted.replace(at, 2, "any");
        if (!fits) fail("tensor " + name + ": shape " + shape_text(tensor.shape) + ", expected " + wanted);
        for (const float value : tensor.values)
            if (!std::isfinite(value)) fail("tensor " + name + " holds a value that is not finite");
        return tensor;
    }

    std::string file_;
    Tensors tensors_;
};

/// Prefixes that hold a GRU, and those that hold a dense layer.
struct Prefixes {
    std::set<std::string> gru, dense;
};
Prefixes prefixes_in(const Shelf& shelf) {
    Prefixes found;
    for (const auto& [name, tensor] : shelf.left()) {
        if (name.ends_with("_reverse"))
            shelf.fail("tensor " + name + ": a GRU of two directions cannot run on a stream");
        if (name.ends_with("weight_hh_l0"))
            found.gru.insert(name.substr(0, name.size() - 12));
        else if (name == "weight" || name.ends_with(".weight"))
            found.dense.insert(name.substr(0, name.size() - 6));
    }
    return found;
}

void add_gru(Shelf& shelf, const std::string& prefix, std::int64_t& inputs, FloatNetwork& network) {
    for (int k = 0; shelf.has(prefix + "weight_hh_l" + std::to_string(k)); ++k) {
        const auto name = [&](const char* part) { return prefix + part + "_l" + std::to_string(k); };
        FloatGru gru;
        gru.weight_hh = shelf.matrix(name("weight_hh"), -1, -1);
        const std::int64_t size = gru.weight_hh.cols();
        if (gru.weight_hh.rows() != 3 * size)
            shelf.fail("tensor " + name("weight_hh") + ": shape " + shape_text({gru.weight_hh.rows(), size}) +
                       ", expected " + shape_text({3 * size, size}) + " (a GRU's, not an LSTM's)");
        gru.weight_ih = shelf.matrix(name("weight_ih"), 3 * size, inputs);
        gru.bias_ih = shelf.bias(name("bias_ih"), 3 * size);
        gru.bias_hh = shelf.bias(name("bias_hh"), 3 * size);
        inputs = size;
        network.layers.emplace_back(std::move(gru));
    }
}

Activation activation_named(const std::string& place, const std::string& text) {
    // softmax only turns the largest output into the largest probability
    if (text.empty() || text == "none" || text == "linear" || text == "softmax") return Activation::none;
    if (text == "tanh") return Activation::tanh;
    if (text == "sigmoid") return Activation::sigmoid;
    throw DataError(place + ": activation \"" + text +
                    "\", expected none, linear, softmax (as the last), tanh or sigmoid");
}

void refuse_early_softmax(const std::string& place, const std::string& activation, bool last) {
    if (activation == "softmax" && !last) throw DataError(place + ": activation \"softmax\", allowed only as the last");
}

/// Keras keeps inputs × outputs, and gates in the order z, r, h: → outputs × inputs, r, z, n.
Matrix from_keras(const Matrix& kernel) {
    const Eigen::Index size = kernel.cols() / 3;
    Matrix result(kernel.cols(), kernel.rows());
    result.topRows(size) = kernel.middleCols(size, size).transpose();
    result.middleRows(size, size) = kernel.leftCols(size).transpose();
    result.bottomRows(size) = kernel.rightCols(size).transpose();
    return result;
}

FloatNetwork network_of_layers(const std::string& file, std::vector<JsonLayer> layers) {
    FloatNetwork network;
    std::int64_t inputs = -1;
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const auto& [type, activation, reset_after, weights] = layers[k];
        const std::string place = file + ": layer " + std::to_string(k) + " (" + type + ")";
        if (type == "gru" && !activation.empty() && activation != "tanh")
            throw DataError(place + ": activation \"" + activation +
                            "\", expected tanh: this cell's candidate has no other");
        refuse_early_softmax(place, activation, k + 1 == layers.size());
        if (type == "activation") {
            auto* dense = network.layers.empty() ? nullptr : std::get_if<FloatDense>(&network.layers.back());
            if (dense == nullptr) throw DataError(place + ": only after a dense layer");
            dense->activation = activation_named(place, activation);
            continue;
        }
        const std::size_t count = weights.size();
        const bool flat_bias = count > 2 && weights[2].shape.size() == 1;
        Tensors tensors;
        for (std::size_t i = 0; i < count; ++i) tensors[std::to_string(i)] = std::move(layers[k].weights[i]);
        Shelf shelf(place, std::move(tensors));
        if (type == "gru") {
            if (!reset_after)
                throw DataError(place + ": reset_after is false; this cell resets after the recurrent product");
            if (flat_bias)
                throw DataError(
                    place +
                    ": one bias a gate (reset_after=False in Keras); this cell has two, as Keras makes by default");
            FloatGru gru;
            const Matrix kernel = shelf.matrix("0", inputs, -1);
            if (kernel.cols() % 3 != 0)
                throw DataError(place + ": weights 0 have " + std::to_string(kernel.cols()) +
                                " columns, expected 3 gates");
            const std::int64_t size = kernel.cols() / 3;
            gru.weight_ih = from_keras(kernel);
            gru.weight_hh = from_keras(shelf.matrix("1", size, 3 * size));
            const Matrix biases = count > 2 ? shelf.matrix("2", 2, 3 * size) : Matrix::Zero(2, 3 * size);
            gru.bias_ih = from_keras(biases.topRows(1));
            gru.bias_hh = from_keras(biases.bottomRows(1));
            inputs = size;
            network.layers.emplace_back(std::move(gru));
        } else if (type == "dense" || type == "time-distributed-dense") {
            FloatDense dense;
            dense.activation = activation_named(place, activation);
            dense.weight = shelf.matrix("0", inputs, -1).transpose();
            dense.bias = shelf.bias("1", dense.weight.rows());
            inputs = dense.weight.rows();
            network.layers.emplace_back(std::move(dense));
        } else {
            throw DataError(place + ": expected gru, dense, time-distributed-dense or activation");
        }
    }
    return network;
}

}  // namespace

FloatNetwork network_of(const std::string& file, Tensors tensors, const ImportDescription& description) {
    Shelf shelf(file, std::move(tensors));
    const Prefixes found = prefixes_in(shelf);
    auto parts = description.parts;
    if (parts.empty()) {
        // One GRU and at most one dense layer: only one order makes sense.
        if (found.gru.size() != 1 || found.dense.size() > 1)
            shelf.fail(std::to_string(found.gru.size()) + " GRUs and " + std::to_string(found.dense.size()) +
                       " dense layers: their order must be given as \"layers\" in the description");
        parts.push_back({*found.gru.begin(), Activation::none});
        if (!found.dense.empty()) parts.push_back({*found.dense.begin(), Activation::none});
    }
    FloatNetwork network;
    std::int64_t inputs = -1;
    for (const auto& part : parts) {
        if (found.gru.contains(part.prefix)) {
            if (part.activation != Activation::none && part.activation != Activation::tanh)
                shelf.fail("the description gives the GRU " + part.prefix +
                           " another activation than tanh, which this cell's candidate has");
            add_gru(shelf, part.prefix, inputs, network);
        } else if (found.dense.contains(part.prefix)) {
            FloatDense dense;
            dense.activation = part.activation;
            dense.weight = shelf.matrix(part.prefix + "weight", -1, inputs);
            dense.bias = shelf.bias(part.prefix + "bias", dense.weight.rows());
            inputs = dense.weight.rows();
            network.layers.emplace_back(std::move(dense));
        } else {
            shelf.fail("no tensors " + part.prefix + "weight_hh_l0 or " + part.prefix +
                       "weight, which the description names");
        }
    }
    if (!shelf.left().empty())
        shelf.fail("unknown tensor " + shelf.left().begin()->first +
                   ", expected weight_ih_l<k>, weight_hh_l<k>, bias_ih_l<k>, bias_hh_l<k> of a GRU or weight and bias "
                   "of a dense layer");
    return network;
}

FloatNetwork network_of_layers(const std::string& file, const std::string& text) {
    return network_of_layers(file, read_model_json(file, text).layers);
}

ImportDescription read_description(const std::filesystem::path& path) {
    const std::string file = path.string();
    const Json json = parse_small_json(file, read_text(path));
    ImportDescription result;
    try {
        for (const auto& [key, value] : json.items()) {
            if (key == "task")
                value.get_to(result.task);
            else if (key == "labels")
                value.get_to(result.labels);
            else if (key == "layers")
                for (const Json& part : value) {
                    const auto prefix = part.at("prefix").get<std::string>(), activation = part.value("activation", "");
                    refuse_early_softmax(file + ": layer " + prefix, activation, &part == &value.back());
                    result.parts.push_back({prefix, activation_named(file, activation)});
                }
            else
                throw DataError(file + ": unknown entry \"" + key + "\", expected task, labels, layers");
        }
    } catch (const Json::exception& error) {
        throw DataError(file + ": " + error.what());
    }
    return result;
}

FloatNetwork import_model(const std::filesystem::path& path, const ImportDescription& description) {
    const std::string file = path.string(), ending = path.extension().string();
    FloatNetwork network;
    if (ending == ".safetensors") {
        network = network_of(file, read_safetensors(path), description);
    } else if (ending == ".npz") {
        Tensors tensors;
        for (const auto& [name, array] : read_npz(path))
            tensors[name] = {{array.shape.begin(), array.shape.end()}, {array.values.begin(), array.values.end()}};
        network = network_of(file, std::move(tensors), description);
    } else if (ending == ".json") {
        JsonModel json = read_model_json(file, read_text(path));
        network = json.has_layers ? network_of_layers(file, std::move(json.layers))
                                  : network_of(file, std::move(json.tensors), description);
    } else {
        throw DataError(file + ": ending \"" + ending + "\", expected .safetensors, .npz or .json");
    }
    if (network.layers.empty()) throw DataError(file + ": no layers");
    if (!description.labels.empty() && network.output_size() != static_cast<int>(description.labels.size()))
        throw DataError(file + ": " + std::to_string(network.output_size()) + " outputs, the description has " +
                        std::to_string(description.labels.size()) + " labels");
    if (!description.task.empty()) network.metadata["task"] = description.task;
    if (!description.labels.empty()) network.metadata["labels"] = Json(description.labels).dump();
    network.metadata["imported_from"] = path.filename().string();
    return network;
}

}  // namespace gruve
