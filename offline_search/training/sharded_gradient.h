// The gradient of a batch, computed on several threads: the same bits for any number of threads.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "datasets/support/parallel.h"
#include "offline_search/training/backprop.h"

namespace gruve {

/// Every batch is divided into this many shards, whatever the number of threads, and their gradients are added in
/// order. So a training gives the same bits for any number of jobs.
inline constexpr int gradient_shards = 4;

/// Runner: Backprop or QuantisedBackprop.
template <class Runner>
class ShardedGradient {
public:
    /// Copies `runner` for each shard. network: the network that it runs, for the shapes.
    ShardedGradient(const Runner& runner, const FloatNetwork& network)
        : runners_(gradient_shards, runner), gradients_(gradient_shards, zeros_like(network)) {}

    /// shard_loss(shard, runner, gradient) runs its share of the batch forward and backward, adds to `gradient` and
    /// returns its share of the loss. It is called for the shards 0 … gradient_shards − 1 on up to `jobs` threads.
    /// Returns the sum of the losses; gradient() is the sum of the gradients.
    double compute(int jobs,
                   const std::function<double(int shard, Runner& runner, FloatNetwork& gradient)>& shard_loss) {
        double losses[gradient_shards] = {};
        parallel_for(jobs, gradient_shards, [&](int shard) {
            const auto k = static_cast<std::size_t>(shard);
            for (auto values : parameters(gradients_[k])) std::fill(values.begin(), values.end(), 0.0f);
            losses[k] = shard_loss(shard, runners_[k], gradients_[k]);
        });
        double loss = losses[0];
        const auto sum = parameters(gradients_[0]);
        for (std::size_t k = 1; k < gradient_shards; ++k) {
            loss += losses[k];
            const auto share = parameters(gradients_[k]);
            for (std::size_t p = 0; p < sum.size(); ++p)
                for (std::size_t i = 0; i < sum[p].size(); ++i) sum[p][i] += share[p][i];
        }
        return loss;
    }
    FloatNetwork& gradient() { return gradients_.front(); }

private:
    std::vector<Runner> runners_;
    std::vector<FloatNetwork> gradients_;
};

}  // namespace gruve
