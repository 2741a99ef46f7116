#include "offline_search/tasks/words/log_mel_sequence.h"

#include "engine/front_end/frame_buffer.h"

namespace gruve {

LogMelSequence::LogMelSequence(const LogMelConfig& config, int rate_hz) : config_(config), rate_hz_(rate_hz) {
    free_.push_back(std::make_unique<LogMel>(config, rate_hz));
    hop_ = free_.back()->hop();
}

std::unique_ptr<LogMel> LogMelSequence::borrow() const {
    const std::lock_guard lock(mutex_);  // also protects the FFT planner
    if (free_.empty()) return std::make_unique<LogMel>(config_, rate_hz_);
    auto log_mel = std::move(free_.back());
    free_.pop_back();
    return log_mel;
}

Matrix LogMelSequence::operator()(std::span<const float> samples) const {
    auto log_mel = borrow();
    FrameBuffer buffer(log_mel->window(), hop_);
    log_mel->reset();
    Matrix features(log_mel->bands(), static_cast<Eigen::Index>(samples.size()) / hop_);
    for (Eigen::Index t = 0; t < features.cols(); ++t) {
        samples = samples.subspan(buffer.push(samples));
        log_mel->extract(buffer.frame(), {features.col(t).data(), static_cast<std::size_t>(features.rows())});
        buffer.advance();
    }
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(log_mel));
    return features;
}

}  // namespace gruve
