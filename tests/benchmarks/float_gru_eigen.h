// Included once per instruction set, with Eigen's namespace renamed by the build.
#include <Eigen/Core>

#include "tests/benchmarks/float_gru.h"

namespace gruve::benchmarks {
namespace {

/// I and H: sizes, or Eigen::Dynamic.
template <int I, int H>
class EigenGru final : public FloatGru {
    static constexpr int three = H == Eigen::Dynamic ? Eigen::Dynamic : 3 * H;

public:
    EigenGru(int inputs, int hidden)
        : w_i_(3 * hidden, inputs),
          w_h_(3 * hidden, hidden),
          b_i_(3 * hidden),
          b_h_(3 * hidden),
          from_x_(3 * hidden),
          from_h_(3 * hidden),
          h_(hidden) {
        const float size = 1.0f / std::sqrt(static_cast<float>(hidden));
        w_i_.setRandom();
        w_i_ *= size;
        w_h_.setRandom();
        w_h_ *= size;
        b_i_.setRandom();
        b_h_.setRandom();
        h_.setZero();
    }

    const float* step(const float* x) override {
        const auto n = h_.size();
        const Eigen::Map<const Eigen::Matrix<float, I, 1>> input(x, w_i_.cols());
        from_x_ = b_i_;
        from_x_.noalias() += w_i_ * input;
        from_h_ = b_h_;
        from_h_.noalias() += w_h_ * h_;
        const auto r = (from_x_.head(n) + from_h_.head(n)).array().logistic();
        from_h_.tail(n).array() *= r;
        z_ = (from_x_.segment(n, n) + from_h_.segment(n, n)).array().logistic();
        n_ = (from_x_.tail(n) + from_h_.tail(n)).array().tanh();
        h_.array() = n_ + z_ * (h_.array() - n_);
        return h_.data();
    }

private:
    Eigen::Matrix<float, three, I> w_i_;
    Eigen::Matrix<float, three, H> w_h_;
    Eigen::Matrix<float, three, 1> b_i_, b_h_, from_x_, from_h_;
    Eigen::Matrix<float, H, 1> h_;
    Eigen::Array<float, H, 1> z_, n_;
};

template <int I, int H>
std::unique_ptr<FloatGru> fixed_gru(int inputs, int hidden) {
    return inputs == I && hidden == H ? std::make_unique<EigenGru<I, H>>(I, H) : nullptr;
}

template <class... Makers>
std::unique_ptr<FloatGru> first_of(Makers... makers) {
    std::unique_ptr<FloatGru> made;
    ((made = made ? std::move(made) : makers()), ...);
    return made;
}

std::unique_ptr<FloatGru> make(int i, int h, bool fixed) {
    if (!fixed) return std::make_unique<EigenGru<Eigen::Dynamic, Eigen::Dynamic>>(i, h);
    return first_of([=] { return fixed_gru<1, 8>(i, h); }, [=] { return fixed_gru<1, 16>(i, h); },
                    [=] { return fixed_gru<40, 32>(i, h); }, [=] { return fixed_gru<40, 64>(i, h); },
                    [=] { return fixed_gru<40, 96>(i, h); }, [=] { return fixed_gru<40, 128>(i, h); },
                    [=] { return fixed_gru<40, 144>(i, h); }, [=] { return fixed_gru<64, 256>(i, h); });
}

}  // namespace
}  // namespace gruve::benchmarks
