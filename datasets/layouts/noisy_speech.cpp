#include "datasets/layouts/noisy_speech.h"

namespace gruve {

Weights::Weights(const std::vector<Recording>& recordings) {
    for (std::size_t i = 0; i < recordings.size(); ++i) {
        const auto split = static_cast<std::size_t>(recordings[i].split);
        const double w = of(recordings[i]);
        if (w <= 0.0) continue;
        index[split].push_back(static_cast<std::uint32_t>(i));
        weight[split].push_back(w);
        total[split] += w;
    }
}

NoisySpeech read_noisy_speech(const std::filesystem::path& speech, const std::filesystem::path& noise, int rate_hz,
                              std::uint64_t seed, std::size_t most_samples) {
    NoisySpeech set;
    set.rate_hz = rate_hz;
    ReadLog log;
    set.speech = read_recordings(speech, speech_role(speech), rate_hz, most_samples, log);
    set.noise = read_recordings(noise, noise_role(), rate_hz, most_samples, log);
    log.refuse_bad();
    set.left_out = log.lines();
    assign_splits(set.speech, speech, speech_role(), validation_share, test_share, seed);
    assign_splits(set.noise, noise, noise_role(), validation_share, test_share, seed);
    return set;
}

}  // namespace gruve
