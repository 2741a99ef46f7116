// What a run was made of, in a few words: so that a checkpoint is never continued with something else.
#include <cstdint>
#include <cstdio>

#include "offline_search/search_run.h"

namespace gruve {
namespace {

/// FNV-1a, 64 bits.
class Hash {
public:
    void add(const void* data, std::size_t bytes) {
        const auto* p = static_cast<const unsigned char*>(data);
        for (std::size_t i = 0; i < bytes; ++i) value_ = (value_ ^ p[i]) * 0x100000001b3u;
    }
    template <typename Derived>
    void add(const Eigen::PlainObjectBase<Derived>& values) {
        const std::int64_t shape[] = {values.rows(), values.cols()};
        add(shape, sizeof shape);
        add(values.data(), static_cast<std::size_t>(values.size()) * sizeof(typename Derived::Scalar));
    }
    std::string text() const {
        char buffer[17];
        std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(value_));
        return buffer;
    }

private:
    std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace

std::string model_hash(const std::vector<FloatNetwork>& networks) {
    Hash model;
    for (const FloatNetwork& network : networks)
        for (const FloatLayer& layer : network.layers) {
            if (const auto* gru = std::get_if<FloatGru>(&layer)) {
                model.add(gru->weight_ih), model.add(gru->weight_hh), model.add(gru->bias_ih), model.add(gru->bias_hh);
            } else {
                const auto& dense = std::get<FloatDense>(layer);
                model.add(&dense.activation, sizeof dense.activation), model.add(dense.weight), model.add(dense.bias);
            }
        }
    return model.text();
}

Fingerprint fingerprint(const Task& task, const std::vector<FloatNetwork>& networks, const std::vector<Matrix>& calibration, const Score& float_score,
                        GeneScheme scheme, const SearchSettings& settings) {
    Hash data;
    for (const Matrix& sequence : calibration) data.add(sequence);
    data.add(&float_score.value, sizeof float_score.value);  // stands for the validation split
    data.add(&float_score.n, sizeof float_score.n);
    return {task.name(), name_of(scheme), model_hash(networks), data.text(), settings.seed, settings.population};
}

}  // namespace gruve
