// Networks of bands in float: they do in each band and over bands what chains do, on every kernel.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/float_kernels/playable_float_model.h"
#include "tests/engine/tiny_bands.h"
#include "tests/real_time/violations.h"

namespace {

using namespace gruve;
using float_kernels::Kernel;

constexpr float tolerance = 1e-5f;

std::vector<const Kernel*> kernels_here() {
    std::vector<const Kernel*> here;
    for (const Kernel* kernel : float_kernels::all())
        if (kernel->runs_here()) here.push_back(kernel);
    return here;
}

using Values = std::vector<float>;

/// A chain and its state.
class Chain {
public:
    explicit Chain(const FloatModel& model) : model_(model, float_kernels::plain), state_(model_) {}
    Values step(const Values& x) {
        Values y(static_cast<std::size_t>(model_.output_size()));
        model_.step(state_, x, y);
        return y;
    }

private:
    PlayableFloatModel model_;
    PlayableFloatModel::State state_;
};

FloatModel::Dense without_bands(FloatModel::Dense dense, int band) {
    for (std::size_t row = 0; row < dense.bias.size() && !dense.by_band.empty(); ++row)
        dense.bias[row] += dense.by_band[static_cast<std::size_t>(band) * dense.bias.size() + row];
    dense.by_band.clear();
    dense.adds = false;
    return dense;
}

/// The network, layer by layer, from chains of one layer: the definition in Model, in other words.
class ByChains {
public:
    explicit ByChains(const FloatModel& model) : model_(model) {
        for (const auto& layer : model.layers) {
            auto& chains = chains_.emplace_back();
            for (int b = 0; b < model.bands; ++b) {
                if (const auto* dense = std::get_if<FloatModel::Dense>(&layer))
                    chains.emplace_back(FloatModel{{without_bands(*dense, b)}});
                if (const auto* gru = std::get_if<FloatModel::Gru>(&layer)) chains.emplace_back(FloatModel{{*gru}});
            }
        }
    }
    Values step(const Values& x) {
        const auto bands = static_cast<std::size_t>(model_.bands);
        std::vector<Values> read(bands), path(bands);
        for (std::size_t i = 0; i < x.size(); ++i) read[i % bands].push_back(x[i]);
        for (std::size_t i = 0; i < model_.layers.size(); ++i) {
            const auto& layer = model_.layers[i];
            if (const auto* gru = std::get_if<FloatModel::BandGru>(&layer)) {
                std::vector<Values> up, down;
                Chain forward({{gru->forward}}), backward({{gru->backward}});
                for (std::size_t b = 0; b < bands; ++b) {
                    up.push_back(forward.step(read[b]));
                    down.insert(down.begin(), backward.step(read[bands - 1 - b]));
                }
                for (std::size_t b = 0; b < bands; ++b) {
                    read[b] = up[b];
                    read[b].insert(read[b].end(), down[b].begin(), down[b].end());
                }
                continue;
            }
            const auto* dense = std::get_if<FloatModel::Dense>(&layer);
            for (std::size_t b = 0; b < bands; ++b) {
                read[b] = chains_[i][b].step(read[b]);
                if (dense == nullptr) continue;
                for (std::size_t c = 0; dense->adds && c < read[b].size(); ++c) read[b][c] += path[b][c];
                path[b] = read[b];
            }
        }
        Values y;
        for (std::size_t c = 0; c < read[0].size(); ++c)
            for (std::size_t b = 0; b < bands; ++b) y.push_back(read[b][c]);
        return y;
    }

private:
    FloatModel model_;
    std::vector<std::vector<Chain>> chains_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(float_networks_of_bands)

BOOST_AUTO_TEST_CASE(every_kernel_is_close_to_what_chains_give) {
    tiny::Random random(1);
    for (const int channels : {1, 3, 8, 16, 17, 24, 40}) {
        const tiny::BandSizes sizes{.bands = tiny::uniform(random, 2, 9),
                                    .inputs = tiny::uniform(random, 1, 5),
                                    .channels = channels,
                                    .hidden = tiny::uniform(random, 1, channels),
                                    .outputs = tiny::uniform(random, 1, 3)};
        const FloatModel model = tiny::random_float_bands(static_cast<unsigned>(channels), sizes);
        BOOST_REQUIRE_EQUAL(check(model), "");
        for (const Kernel* kernel : kernels_here()) {
            const PlayableFloatModel playable(model, *kernel);
            PlayableFloatModel::State state(playable);
            Values y(static_cast<std::size_t>(model.output_size()));
            for (int round = 0; round < 2; ++round) {
                ByChains chains(model);
                for (int t = 0; t < 8; ++t) {
                    const Values x = tiny::random_floats(random, model.input_size(), 2.0f);
                    playable.step(state, x, y);
                    const Values expected = chains.step(x);
                    BOOST_REQUIRE_EQUAL(y.size(), expected.size());
                    for (std::size_t i = 0; i < y.size(); ++i)
                        BOOST_TEST(std::abs(y[i] - expected[i]) <= tolerance,
                                   kernel->name << ", " << channels << " channels, step " << t);
                }
                state.reset();
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(steps_are_real_time_safe) {
    for (const Kernel* kernel : kernels_here()) {
        const PlayableFloatModel playable(tiny::random_float_bands(2, {}), *kernel);
        PlayableFloatModel::State state(playable);
        const Values x(static_cast<std::size_t>(playable.input_size()), 0.5f);
        Values y(static_cast<std::size_t>(playable.output_size()));
        const auto found = test::violations_of([&] {
            for (int t = 0; t < 3; ++t) playable.step(state, x, y);
            state.reset();
        });
        BOOST_TEST((found == test::Violations{}), kernel->name << ": " << to_string(found));
    }
}

BOOST_AUTO_TEST_SUITE_END()
