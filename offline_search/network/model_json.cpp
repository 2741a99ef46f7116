#include "offline_search/network/model_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "datasets/support/data_error.h"

namespace gruve {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_axes = 3, most_layers = 64, most_weights = 8, most_tensors = 1024;
constexpr const char* list_expected = "expected a list of numbers";

/// Builds a tensor from nested lists of numbers, one JSON event after another. Each event returns the fault that it
/// found, or nullptr.
class TensorBuilder {
public:
    using Fault = const char*;

    bool is_open() const { return !counts_.empty(); }
    Tensor take() { return std::move(tensor_); }

    Fault open_list() {
        if (counts_.size() == most_axes) return "lists nested more than three deep";
        const bool has_values = !tensor_.values.empty();
        if (has_values && counts_.size() == tensor_.shape.size()) return uneven;
        if (is_open()) ++counts_.back();
        counts_.push_back(0);
        if (!has_values) tensor_.shape.resize(std::max(tensor_.shape.size(), counts_.size()), unknown);
        return nullptr;
    }
    Fault number(double value) {
        if (counts_.size() != tensor_.shape.size()) return uneven;
        ++counts_.back();
        tensor_.values.push_back(static_cast<float>(value));
        return nullptr;
    }
    Fault close_list() {
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
    std::vector<std::int64_t> counts_;  // items so far in each open list
};

/// What the outermost object holds.
struct Outline {
    bool layers = false, state_dict = false;
    std::vector<std::string> around;  // see JsonModel
};

/// Throws DataError if the text is not a JSON object.
Outline outline_of(const std::string& file, std::string_view text) {
    Outline outline;
    std::string name, part;  // the last keys of the outermost object and of model_data
    const auto note = [&](const std::string& key, const Json& value) {
        if (value.is_boolean() ? value.get<bool>() : value.is_number() && value.get<double>() != 0)
            outline.around.push_back(key + " " + value.dump());
    };
    const auto look = [&](int depth, Json::parse_event_t event, const Json& value) {
        if (depth == 0 && event == Json::parse_event_t::array_start) throw DataError(file + ": not a JSON object");
        if (event == Json::parse_event_t::key && depth == 1) {
            name = value.get<std::string>();
            outline.layers = outline.layers || name == "layers";
            outline.state_dict = outline.state_dict || name == "state_dict";
        }
        if (event == Json::parse_event_t::key && depth == 2) part = value.get<std::string>();
        if (event == Json::parse_event_t::value && depth == 1 &&
            (name == "in_skip" || name == "in_gain" || name == "out_gain"))
            note(name, value);
        if (event == Json::parse_event_t::value && depth == 2 && part == "skip") note(part, value);
        // Keeps only the outermost object, without its contents, and looks into model_data.
        return depth == 0 || (depth == 1 && event == Json::parse_event_t::object_start && name == "model_data");
    };
    try {
        if (Json::parse(text, look).is_object()) return outline;
    } catch (const Json::exception& error) {
        throw DataError(file + ": not a JSON object: " + error.what());
    }
    throw DataError(file + ": not a JSON object");
}

/// Reads a model event by event. Depths: 1 is the outermost object. A state dict has its tensors there, or at 2 if it
/// is called state_dict. Of a model of layers, 2 is their list, 3 a layer, 4 its list of weights, and the tensors lie
/// in that list.
class Reader final : public nlohmann::json_sax<Json> {
public:
    Reader(const std::string& file, Outline outline)
        : file_(file),
          inside_(!outline.layers && outline.state_dict),
          tensor_depth_(outline.layers ? 5
                        : inside_      ? 3
                                       : 2) {
        model_.has_layers = outline.layers;
        model_.around = std::move(outline.around);
    }
    JsonModel take() { return std::move(model_); }

    bool start_object(std::size_t) override {
        const bool outermost = skipped_ == 0 && depth_ == 0;
        const bool new_layer = skipped_ == 0 && depth_ == 2 && model_.has_layers;
        const bool state_dict = skipped_ == 0 && depth_ == 1 && inside_ && key_ == "state_dict";
        if (!outermost && !new_layer && !state_dict) return skip();
        if (new_layer) {
            if (model_.layers.size() == most_layers) fail("more than " + std::to_string(most_layers) + " layers");
            model_.layers.emplace_back();
        }
        return enter();
    }
    bool start_array(std::size_t) override {
        if (skipped_ == 0 && depth_ >= tensor_depth_ - 1) {
            if (!builder_.is_open()) begin_tensor();
            check(builder_.open_list());
        } else if (skipped_ == 0 && depth_ == 1 && key_ == "layers") {
            model_.layers.clear();
        } else if (in_layer() && key_ == "weights") {
            layer().weights.clear();
        } else {
            return skip();
        }
        return enter();
    }
    bool end_object() override { return leave(); }
    bool end_array() override {
        if (skipped_ > 0 || !builder_.is_open()) return leave();
        check(builder_.close_list());
        if (!builder_.is_open()) end_tensor();
        return leave();
    }
    bool key(std::string& name) override {
        if (skipped_ == 0) key_ = name;
        return true;
    }
    bool string(std::string& text) override {
        if (in_layer() && key_ == "type")
            layer().type = text;
        else if (in_layer() && key_ == "activation")
            layer().activation = text;
        else
            refuse_unless_ignored();
        return true;
    }
    bool boolean(bool value) override {
        if (in_layer() && key_ == "reset_after")
            layer().reset_after = value;
        else
            refuse_unless_ignored();
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

    /// Directly inside a layer's object; a tensor of a state dict may be as deep.
    bool in_layer() const { return skipped_ == 0 && model_.has_layers && depth_ == 3; }
    JsonLayer& layer() { return model_.layers.back(); }

    std::string place() const {
        if (!model_.has_layers) return "tensor " + key_ + ": ";
        const std::string of_layer = "layer " + std::to_string(model_.layers.size() - 1) + ", " + key_;
        if (depth_ == 3) return of_layer + ": ";
        return of_layer + " " + std::to_string(model_.layers.back().weights.size()) + ": ";
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
    void end_tensor() {
        if (model_.has_layers)
            layer().weights.push_back(builder_.take());
        else
            model_.tensors[key_] = builder_.take();
    }
    bool number(double value) {
        if (skipped_ > 0 || !builder_.is_open()) return other();
        check(builder_.number(value));
        return true;
    }

    bool enter() {
        ++depth_;
        return true;
    }
    bool leave() {
        --(skipped_ > 0 ? skipped_ : depth_);
        return true;
    }
    /// Enters an object or list whose contents are ignored.
    bool skip() {
        refuse_unless_ignored();
        ++skipped_;
        return true;
    }
    bool other() const {
        refuse_unless_ignored();
        return true;
    }

    /// A value that no rule accepts is allowed only in a place that is ignored.
    void refuse_unless_ignored() const {
        if (skipped_ > 0) return;
        if (depth_ >= tensor_depth_ - 1) fail(place() + list_expected);
        if (depth_ == 2 || (depth_ == 1 && key_ == "layers")) fail("layers: expected a list of objects");
        if (depth_ == 3 && (key_ == "type" || key_ == "activation")) fail(place() + "expected a string");
        if (depth_ == 3 && key_ == "reset_after") fail(place() + "expected true or false");
        if (depth_ == 3 && key_ == "weights") fail(place() + "expected a list of tensors");
    }

    const std::string& file_;
    const bool inside_;            // the tensors lie in state_dict
    const int tensor_depth_;       // of a tensor's outermost list
    int depth_ = 0, skipped_ = 0;  // open objects and lists: those that are read, and those that are ignored
    std::string key_;              // the last one read
    TensorBuilder builder_;
    JsonModel model_;
};

}  // namespace

JsonModel read_model_json(const std::string& file, std::string_view text) {
    Reader reader(file, outline_of(file, text));
    Json::sax_parse(text, &reader);
    return reader.take();
}

}  // namespace gruve
