#include "offline_search/network/model_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_axes = 3, most_layers = 64, most_weights = 8, most_tensors = 1024;
constexpr const char* list_expected = "a list of numbers expected";

/// Nested lists of numbers, one event after another, as a tensor. Each event returns what is wrong with it, or nothing.
class TensorBuilder {
public:
    using Fault = const char*;

    bool is_open() const { return !counts_.empty(); }
    Tensor take() { return std::move(tensor_); }

    Fault open() {
        if (counts_.size() == most_axes) return "lists nested too deep";
        if (!tensor_.values.empty() && counts_.size() == tensor_.shape.size()) return uneven;
        if (is_open()) ++counts_.back();
        counts_.push_back(0);
        if (tensor_.values.empty()) tensor_.shape.resize(std::max(tensor_.shape.size(), counts_.size()), unknown);
        return nullptr;
    }
    Fault number(double value) {
        if (counts_.size() != tensor_.shape.size()) return uneven;
        ++counts_.back();
        tensor_.values.push_back(static_cast<float>(value));
        return nullptr;
    }
    Fault close() {
        std::int64_t& size = tensor_.shape[counts_.size() - 1];
        if (counts_.back() == 0) return list_expected;
        if (size != unknown && size != counts_.back()) return uneven;
        size = counts_.back();
        counts_.pop_back();
        return nullptr;
    }

private:
    static constexpr std::int64_t unknown = -1;
    static constexpr Fault uneven = "rows of different lengths";
    Tensor tensor_;
    std::vector<std::int64_t> counts_;  // items seen in each open list
};

/// Whether the outermost object has a list of layers.
bool names_layers(const std::string& file, std::string_view text) {
    bool found = false;
    const auto look = [&](int depth, Json::parse_event_t event, const Json& name) {
        if (depth == 0 && event == Json::parse_event_t::array_start) throw DataError(file + ": not a JSON object");
        if (event == Json::parse_event_t::key) found = found || (depth == 1 && name == "layers");
        return depth == 0;  // keeps nothing else
    };
    try {
        if (Json::parse(text, look).is_object()) return found;
    } catch (const Json::exception& error) {
        throw DataError(file + ": not a JSON object: " + error.what());
    }
    throw DataError(file + ": not a JSON object");
}

/// Depth 1 is the outermost object. A state dict has its tensors there; otherwise there are the list of layers (2), a layer (3), its list of
/// weights (4) and tensors therein.
class Reader final : public nlohmann::json_sax<Json> {
public:
    Reader(const std::string& file, bool layers) : file_(file), tensor_depth_(layers ? 5 : 2) {
        model_.has_layers = layers;
    }
    JsonModel take() { return std::move(model_); }

    bool start_object(std::size_t) override {
        if (skipped_ == 0 && depth_ == 2 && model_.has_layers) {
            if (model_.layers.size() == most_layers) fail("more than " + std::to_string(most_layers) + " layers");
            model_.layers.emplace_back();
        } else if (skipped_ > 0 || depth_ > 0) {
            return other(), skip();
        }
        return ++depth_, true;
    }
    bool start_array(std::size_t) override {
        if (skipped_ == 0 && depth_ >= tensor_depth_ - 1) {
            if (!builder_.is_open()) begin_tensor();
            check(builder_.open());
        } else if (skipped_ == 0 && depth_ == 1 && key_ == "layers") {
            model_.layers.clear();
        } else if (in_layer() && key_ == "weights") {
            layer().weights.clear();
        } else {
            return other(), skip();
        }
        return ++depth_, true;
    }
    bool end_object() override { return leave(); }
    bool end_array() override {
        if (skipped_ > 0 || !builder_.is_open()) return leave();
        check(builder_.close());
        if (!builder_.is_open()) {
            if (model_.has_layers)
                layer().weights.push_back(builder_.take());
            else
                model_.tensors[key_] = builder_.take();
        }
        return leave();
    }
    bool key(std::string& name) override {
        if (skipped_ == 0) key_ = name;
        return true;
    }
    bool string(std::string& text) override {
        if (!in_layer() || (key_ != "type" && key_ != "activation")) return other();
        (key_ == "type" ? layer().type : layer().activation) = text;
        return true;
    }
    bool boolean(bool value) override {
        if (!in_layer() || key_ != "reset_after") return other();
        layer().reset_after = value;
        return true;
    }
    bool number_integer(std::int64_t value) override { return number(static_cast<double>(value)); }
    bool number_unsigned(std::uint64_t value) override { return number(static_cast<double>(value)); }
    bool number_float(double value, const std::string&) override { return number(value); }
    bool null() override { return other(); }
    bool binary(Json::binary_t&) override { return other(); }
    bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
        fail(std::string("not a JSON object: ") + error.what());
    }

private:
    [[noreturn]] void fail(const std::string& why) const { throw DataError(file_ + ": " + why); }
    bool in_layer() const {
        return skipped_ == 0 && model_.has_layers && depth_ == 3;
    }  // a tensor of a state dict may be as deep
    JsonLayer& layer() { return model_.layers.back(); }
    std::string place() const {
        if (!model_.has_layers) return "tensor " + key_ + ": ";
        const std::string of_layer = "layer " + std::to_string(model_.layers.size() - 1) + ", " + key_;
        return depth_ == 3 ? of_layer + ": "
                           : of_layer + " " + std::to_string(model_.layers.back().weights.size()) + ": ";
    }
    void check(TensorBuilder::Fault fault) const {
        if (fault != nullptr) fail(place() + fault);
    }
    void begin_tensor() {
        if (model_.has_layers && layer().weights.size() == most_weights)
            fail(place() + "more than " + std::to_string(most_weights) + " weights");
        if (model_.tensors.size() == most_tensors) fail("more than " + std::to_string(most_tensors) + " tensors");
        builder_ = {};
    }
    bool number(double value) {
        if (skipped_ > 0 || !builder_.is_open()) return other();
        check(builder_.number(value));
        return true;
    }
    bool skip() { return ++skipped_, true; }
    bool leave() { return --(skipped_ > 0 ? skipped_ : depth_), true; }

    /// A value that no rule expects: it may only be where nobody looks.
    bool other() const {
        if (skipped_ > 0) return true;
        if (depth_ >= tensor_depth_ - 1) fail(place() + list_expected);
        if (depth_ == 2 || (depth_ == 1 && key_ == "layers")) fail("layers: a list of objects expected");
        if (depth_ == 3 && (key_ == "type" || key_ == "activation")) fail(place() + "a text expected");
        if (depth_ == 3 && key_ == "reset_after") fail(place() + "true or false expected");
        if (depth_ == 3 && key_ == "weights") fail(place() + "a list of tensors expected");
        return true;
    }

    const std::string& file_;
    const int tensor_depth_;  // of the innermost open list while a tensor begins
    int depth_ = 0, skipped_ = 0;
    std::string key_;
    TensorBuilder builder_;
    JsonModel model_;
};

}  // namespace

JsonModel read_model_json(const std::string& file, std::string_view text) {
    Reader reader(file, names_layers(file, text));
    Json::sax_parse(text, &reader);
    return reader.take();
}

}  // namespace gruve
