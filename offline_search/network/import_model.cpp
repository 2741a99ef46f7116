#include "offline_search/network/import_model.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"
#include "datasets/support/utf8.h"
#include "offline_search/files/small_json.h"
#include "offline_search/files/write_file.h"
#include "offline_search/network/model_json.h"
#include "offline_search/network/safetensors.h"

namespace gruve {
namespace {

using Json = nlohmann::json;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The tensors of one file. Each may be taken once, so that those left over at the end are known.
class TensorSet {
public:
    TensorSet(std::string file, Tensors tensors) : file_(std::move(file)), left_(std::move(tensors)) {}

    [[noreturn]] void fail(const std::string& why) const { throw DataError(file_ + ": " + why); }
    bool has(const std::string& name) const { return left_.contains(name); }
    /// Tensors that have not been taken.
    const Tensors& left() const { return left_; }

    /// rows, cols: the expected size, or any_size.
    Matrix matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
        const Tensor t = take(name, {rows, cols});
        return Eigen::Map<const RowMajor>(t.values.data(), t.shape[0], t.shape[1]);
    }
    /// Zeros if the file has no such tensor, because the model was trained without biases.
    Vector bias(const std::string& name, std::int64_t size) {
        if (!has(name)) return Vector::Zero(size);
        const Tensor t = take(name, {size});
        return Eigen::Map<const Vector>(t.values.data(), size);
    }

private:
    Tensor take(const std::string& name, const std::vector<std::int64_t>& expected) {
        const auto found = left_.find(name);
        if (found == left_.end()) fail("tensor " + name + " is missing");
        const Tensor tensor = std::move(found->second);
        left_.erase(found);
        if (!shape_fits(tensor.shape, expected))
            fail("tensor " + name + ": shape " + shape_text(tensor.shape) + ", expected " +
                 expected_shape_text(expected));
        for (const float value : tensor.values)
            if (!std::isfinite(value)) fail("tensor " + name + " holds a value that is not finite");
        return tensor;
    }

    std::string file_;
    Tensors left_;
};

/// Prefixes of the tensors' names: those of GRUs, and those of dense layers.
struct Prefixes {
    std::set<std::string> gru, dense;
};

Prefixes prefixes_in(const TensorSet& tensors) {
    constexpr std::string_view gru_ending = "weight_hh_l0", dense_ending = "weight";
    Prefixes found;
    for (const auto& [name, tensor] : tensors.left()) {
        if (name.ends_with("_reverse"))
            tensors.fail("tensor " + name + ": a GRU of two directions cannot run on a stream");
        if (name.ends_with(gru_ending))
            found.gru.insert(name.substr(0, name.size() - gru_ending.size()));
        else if (name == "weight" || name.ends_with(".weight"))
            found.dense.insert(name.substr(0, name.size() - dense_ending.size()));
    }
    return found;
}

/// The parts of the signal path, in order. A file with one GRU and at most one dense layer needs no description,
/// because only one order is possible.
std::vector<ImportDescription::Part> parts_of(const TensorSet& tensors, const Prefixes& found,
                                              const ImportDescription& description) {
    if (!description.parts.empty()) return description.parts;
    if (found.gru.size() != 1 || found.dense.size() > 1)
        tensors.fail(std::to_string(found.gru.size()) + " GRUs and " + std::to_string(found.dense.size()) +
                     " dense layers: their order must be given as \"layers\" in the description");
    std::vector<ImportDescription::Part> parts = {{*found.gru.begin(), Activation::none}};
    if (!found.dense.empty()) parts.push_back({*found.dense.begin(), Activation::none});
    return parts;
}

/// Adds the layers l0, l1, … of a PyTorch GRU. `inputs`: of the first layer, or any_size; then the outputs of the last
/// one.
void add_gru(TensorSet& tensors, const std::string& prefix, std::int64_t& inputs, FloatNetwork& network) {
    for (int k = 0; tensors.has(prefix + "weight_hh_l" + std::to_string(k)); ++k) {
        const auto name = [&](const char* part) { return prefix + part + "_l" + std::to_string(k); };
        FloatGru gru;
        gru.weight_hh = tensors.matrix(name("weight_hh"), any_size, any_size);
        const std::int64_t size = gru.weight_hh.cols();
        if (gru.weight_hh.rows() != 3 * size)
            tensors.fail("tensor " + name("weight_hh") + ": shape " + shape_text({gru.weight_hh.rows(), size}) +
                         ", expected " + shape_text({3 * size, size}) + " (a GRU's, not an LSTM's)");
        gru.weight_ih = tensors.matrix(name("weight_ih"), 3 * size, inputs);
        gru.bias_ih = tensors.bias(name("bias_ih"), 3 * size);
        gru.bias_hh = tensors.bias(name("bias_hh"), 3 * size);
        inputs = size;
        network.layers.emplace_back(std::move(gru));
    }
}

void add_dense(TensorSet& tensors, const ImportDescription::Part& part, std::int64_t& inputs, FloatNetwork& network) {
    FloatDense dense;
    dense.activation = part.activation;
    dense.weight = tensors.matrix(part.prefix + "weight", any_size, inputs);
    dense.bias = tensors.bias(part.prefix + "bias", dense.weight.rows());
    inputs = dense.weight.rows();
    network.layers.emplace_back(std::move(dense));
}

Activation activation_named(const std::string& place, const std::string& text) {
    // A final softmax does not change which output is the largest.
    if (text.empty() || text == "none" || text == "linear" || text == "softmax") return Activation::none;
    if (text == "tanh") return Activation::tanh;
    if (text == "sigmoid") return Activation::sigmoid;
    throw DataError(place + ": activation \"" + text +
                    "\", expected none, linear, softmax (in the last layer only), tanh or sigmoid");
}

void refuse_early_softmax(const std::string& place, const std::string& activation, bool is_last) {
    if (activation == "softmax" && !is_last)
        throw DataError(place + ": activation \"softmax\", allowed only in the last layer");
}

/// Keras stores inputs × outputs with the gates in the order z, r, h; the result is outputs × inputs with the order r,
/// z, n.
Matrix from_keras(const Matrix& kernel) {
    const Eigen::Index size = kernel.cols() / 3;
    Matrix result(kernel.cols(), kernel.rows());
    result.topRows(size) = kernel.middleCols(size, size).transpose();
    result.middleRows(size, size) = kernel.leftCols(size).transpose();
    result.bottomRows(size) = kernel.rightCols(size).transpose();
    return result;
}

/// A layer's weights under the names "0", "1", …
Tensors numbered(std::vector<Tensor> weights) {
    Tensors tensors;
    for (std::size_t i = 0; i < weights.size(); ++i) tensors[std::to_string(i)] = std::move(weights[i]);
    return tensors;
}

FloatGru gru_of(const std::string& place, JsonLayer layer, std::int64_t inputs) {
    if (!layer.activation.empty() && layer.activation != "tanh")
        throw DataError(place + ": activation \"" + layer.activation +
                        "\", expected tanh: the candidate of this cell has no other");
    if (!layer.reset_after)
        throw DataError(place + ": reset_after is false, but this cell resets after the recurrent product");
    const bool has_biases = layer.weights.size() > 2;
    if (has_biases && layer.weights[2].shape.size() == 1)
        throw DataError(place +
                        ": one bias per gate (reset_after=False in Keras); this cell has two, which is Keras's "
                        "default");
    TensorSet tensors(place, numbered(std::move(layer.weights)));
    FloatGru gru;
    const Matrix kernel = tensors.matrix("0", inputs, any_size);
    if (kernel.cols() % 3 != 0)
        throw DataError(place + ": weights 0 have " + std::to_string(kernel.cols()) +
                        " columns, expected a multiple of 3, the number of gates");
    const std::int64_t size = kernel.cols() / 3;
    gru.weight_ih = from_keras(kernel);
    gru.weight_hh = from_keras(tensors.matrix("1", size, 3 * size));
    const Matrix biases = has_biases ? tensors.matrix("2", 2, 3 * size) : Matrix::Zero(2, 3 * size);
    gru.bias_ih = from_keras(biases.topRows(1));
    gru.bias_hh = from_keras(biases.bottomRows(1));
    return gru;
}

FloatDense dense_of(const std::string& place, JsonLayer layer, std::int64_t inputs) {
    TensorSet tensors(place, numbered(std::move(layer.weights)));
    FloatDense dense;
    dense.activation = activation_named(place, layer.activation);
    dense.weight = tensors.matrix("0", inputs, any_size).transpose();
    dense.bias = tensors.bias("1", dense.weight.rows());
    return dense;
}

/// An activation that is a layer of its own: it belongs to the dense layer before it.
void set_activation(const std::string& place, const std::string& activation, FloatNetwork& network) {
    auto* dense = network.layers.empty() ? nullptr : std::get_if<FloatDense>(&network.layers.back());
    if (dense == nullptr) throw DataError(place + ": allowed only after a dense layer");
    dense->activation = activation_named(place, activation);
}

FloatNetwork network_of_layers(const std::string& file, std::vector<JsonLayer> layers) {
    FloatNetwork network;
    std::int64_t inputs = any_size;  // then the outputs of the layer before
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const std::string type = layers[k].type, place = file + ": layer " + std::to_string(k) + " (" + type + ")";
        refuse_early_softmax(place, layers[k].activation, k + 1 == layers.size());
        if (type == "activation") {
            set_activation(place, layers[k].activation, network);
        } else if (type == "gru") {
            FloatGru gru = gru_of(place, std::move(layers[k]), inputs);
            inputs = gru.hidden_size();
            network.layers.emplace_back(std::move(gru));
        } else if (type == "dense" || type == "time-distributed-dense") {
            FloatDense dense = dense_of(place, std::move(layers[k]), inputs);
            inputs = dense.weight.rows();
            network.layers.emplace_back(std::move(dense));
        } else {
            throw DataError(place + ": expected gru, dense, time-distributed-dense or activation");
        }
    }
    return network;
}

ImportDescription::Part read_part(const std::string& file, const Json& part, bool is_last) {
    const auto prefix = part.at("prefix").get<std::string>(), activation = part.value("activation", "");
    refuse_early_softmax(file + ": layer " + prefix, activation, is_last);
    return {prefix, activation_named(file, activation)};
}

/// A network is a chain of layers: it can neither add its input to its output nor scale either.
void refuse_surroundings(const std::string& file, const std::vector<std::string>& around) {
    if (around.empty()) return;
    std::string list;
    for (const std::string& one : around) list += (list.empty() ? "" : ", ") + one;
    throw DataError(file + ": " + list +
                    ": this model adds its input to its output, or scales them, which a chain of layers cannot do. "
                    "Train it without, or import the layers alone with {\"bare\": true} in the description");
}

/// The names of GRU cells (torch.nn.GRUCell: cell.weight_ih) as those of a GRU of one layer.
Tensors cells_as_layers(const std::string& file, Tensors tensors) {
    Tensors result;
    for (auto& [name, tensor] : tensors) {
        bool cell = false;
        for (const char* part : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
            cell = cell || name == part || name.ends_with(std::string(".") + part);
        if (!result.emplace(cell ? name + "_l0" : name, std::move(tensor)).second)
            throw DataError(file + ": tensor " + name + " is there twice, with and without _l0");
    }
    return result;
}

/// The network of a file, by the ending of its name.
FloatNetwork read_network(const std::filesystem::path& path, const ImportDescription& description) {
    const std::string file = path.string(), ending = path.extension().string();
    if (ending == ".safetensors") return network_of(file, read_safetensors(path), description);
    if (ending == ".npz") {
        Tensors tensors;
        for (const auto& [name, array] : read_npz(path))
            tensors[name] = {{array.shape.begin(), array.shape.end()}, {array.values.begin(), array.values.end()}};
        return network_of(file, std::move(tensors), description);
    }
    if (ending == ".json") {
        JsonModel json = read_model_json(file, read_text(path));
        if (!description.bare) refuse_surroundings(file, json.around);
        return json.has_layers ? network_of_layers(file, std::move(json.layers))
                               : network_of(file, std::move(json.tensors), description);
    }
    throw DataError(file + ": ending \"" + ending + "\", expected .safetensors, .npz or .json");
}

}  // namespace

FloatNetwork network_of(const std::string& file, Tensors named_tensors, const ImportDescription& description) {
    TensorSet tensors(file, cells_as_layers(file, std::move(named_tensors)));
    const Prefixes found = prefixes_in(tensors);
    FloatNetwork network;
    std::int64_t inputs = any_size;  // then the outputs of the part before
    for (const auto& part : parts_of(tensors, found, description)) {
        if (found.gru.contains(part.prefix)) {
            if (part.activation != Activation::none && part.activation != Activation::tanh)
                tensors.fail("the description gives the GRU " + part.prefix +
                             " an activation other than tanh, but the candidate of this cell has no other");
            add_gru(tensors, part.prefix, inputs, network);
        } else if (found.dense.contains(part.prefix)) {
            add_dense(tensors, part, inputs, network);
        } else {
            tensors.fail("no tensors " + part.prefix + "weight_hh_l0 or " + part.prefix +
                         "weight, but the description names " + part.prefix);
        }
    }
    if (!tensors.left().empty())
        tensors.fail(
            "unknown tensor " + tensors.left().begin()->first +
            ", expected weight_ih_l<k>, weight_hh_l<k>, bias_ih_l<k>, bias_hh_l<k> of a GRU or weight and bias "
            "of a dense layer");
    return network;
}

FloatNetwork network_of_layers(const std::string& file, const std::string& json) {
    return network_of_layers(file, read_model_json(file, json).layers);
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
                for (const Json& part : value) result.parts.push_back(read_part(file, part, &part == &value.back()));
            else if (key == "bare")
                value.get_to(result.bare);
            else
                throw DataError(file + ": unknown entry \"" + key + "\", expected task, labels, layers, bare");
        }
    } catch (const Json::exception& error) {
        throw DataError(file + ": " + error.what());
    }
    return result;
}

FloatNetwork import_model(const std::filesystem::path& path, const ImportDescription& description) {
    const std::string file = path.string();
    FloatNetwork network = read_network(path, description);
    if (network.layers.empty()) throw DataError(file + ": no layers");
    if (!description.labels.empty() && network.output_size() != static_cast<int>(description.labels.size()))
        throw DataError(file + ": " + std::to_string(network.output_size()) + " outputs, but the description has " +
                        std::to_string(description.labels.size()) + " labels");
    if (!description.task.empty()) network.metadata["task"] = description.task;
    if (!description.labels.empty()) network.metadata["labels"] = Json(description.labels).dump();
    network.metadata["imported_from"] = escaped(path.filename().string());
    return network;
}

}  // namespace gruve
