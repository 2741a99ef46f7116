#include "offline_search/tasks/denoising/gains.h"

#include <algorithm>
#include <cmath>

namespace gruve {
namespace {

float smoothing_rate(float time_constant_s, double step_s) {
    return time_constant_s > 0.0f ? static_cast<float>(1.0 - std::exp(-step_s / time_constant_s)) : 1.0f;
}

}  // namespace

PlayedGains::PlayedGains(const DenoiserSettings& settings, const DenoiserConfig& config, double hop_s)
    : bands_(config.bands),
      net_every_(config.net_every),
      look_ahead_(config.look_ahead),
      frames_of_outputs_(config.each_frame ? config.net_every : 1),
      least_gain_(settings.reduction_limit_db >= 60.0f
                      ? 0.0f
                      : std::min(1.0f, std::pow(10.0f, -settings.reduction_limit_db / 20.0f))),
      attack_(smoothing_rate(settings.attack_s, hop_s)),
      release_(smoothing_rate(settings.release_s, hop_s)) {}

Matrix PlayedGains::operator()(const Matrix& wanted) const {
    Matrix all = of_all_frames(wanted);
    if (look_ahead_ == 0) return all;
    return all.rightCols(std::max<Eigen::Index>(all.cols() - look_ahead_, 0));
}

Matrix PlayedGains::of_all_frames(const Matrix& wanted) const {
    Matrix played(wanted.rows() / frames_of_outputs_, wanted.cols() * net_every_);
    for (Eigen::Index f = 0; f < played.cols(); ++f) {
        played.col(f) = of_frame(wanted, f);
        auto gains = played.col(f).head(bands_).array();
        gains = gains.max(least_gain_);
        if (f == 0) continue;
        const auto before = played.col(f - 1).head(bands_).array();
        gains = before + (gains > before).select(attack_ * (gains - before), release_ * (gains - before));
    }
    return played;
}

Matrix PlayedGains::adjoint(const Matrix& wanted, const Matrix& played, const Matrix& gradient) const {
    Matrix made;
    const Matrix& all = look_ahead_ == 0 ? played : made = of_all_frames(wanted);
    const Eigen::Index unplayed = all.cols() - gradient.cols();
    Matrix result = Matrix::Zero(wanted.rows(), wanted.cols());
    Eigen::ArrayXf arriving = Eigen::ArrayXf::Zero(all.rows());  // gradient from later frames
    for (Eigen::Index f = all.cols() - 1; f >= 0; --f) {
        if (f >= unplayed) arriving += gradient.col(f - unplayed).array();
        const auto wanted_here = of_frame(wanted, f);
        auto result_here = of_frame(result, f);
        for (Eigen::Index b = bands_; b < all.rows(); ++b) {
            result_here(b) += arriving(b);
            arriving(b) = 0;
        }
        for (Eigen::Index b = 0; b < bands_; ++b) {
            const float target = std::max(wanted_here(b), least_gain_);
            const float rate = f == 0 ? 1.0f : target > all(b, f - 1) ? attack_ : release_;
            if (wanted_here(b) > least_gain_ || arriving(b) < 0) result_here(b) += rate * arriving(b);
            arriving(b) *= 1 - rate;
        }
    }
    return result;
}

}  // namespace gruve
