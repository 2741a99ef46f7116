#include "offline_search/quantisation/strategy.h"

#include "offline_search/quantisation/activation_range.h"
#include "offline_search/quantisation/plain_quantiser.h"

namespace gruve {
namespace {

class CalibratedStrategy final : public Strategy {
public:
    QuantisedMatrix weights(const Eigen::MatrixXd& weights, const ErrorFeedback& input, int width,
                            bool row_scales) const override {
        return quantise_matrix(weights, input, width, row_scales, true);
    }
    double scale(const Samples& samples, int bits, Activation activation) const override {
        return search_scale(samples, bits, activation);
    }
    InputQuantiser input(const Samples& samples, int bits) const override { return search_input(samples, bits); }
};

class PlainStrategy final : public Strategy {
public:
    QuantisedMatrix weights(const Eigen::MatrixXd& weights, const ErrorFeedback&, int width,
                            bool row_scales) const override {
        return quantise_plainly(weights, width, row_scales);
    }
    double scale(const Samples& samples, int bits, Activation) const override { return plain_scale(samples, bits); }
    InputQuantiser input(const Samples& samples, int bits) const override { return plain_input(samples, bits); }
};

}  // namespace

const Strategy& calibrated_strategy() {
    static const CalibratedStrategy strategy;
    return strategy;
}

const Strategy& plain_strategy() {
    static const PlainStrategy strategy;
    return strategy;
}

}  // namespace gruve
