// A smooth error of a keyword network on streams: the objective of a search for live presets.
#pragma once

#include <string>
#include <vector>

#include "engine/kernels/network.h"
#include "offline_search/tasks/words/drawn_streams.h"

namespace gruve {

class StreamError {
public:
    /// Draws `chains` chains of ten stretches each. A network hears a chain without a reset. hop_s: seconds a step.
    /// Same seed, same result, for any jobs.
    StreamError(const DrawnStreams&, std::vector<std::string> labels, double hop_s, int chains, std::uint64_t seed,
                int jobs);

    /// Expected misses a word plus expected false alarms a second. The miss of a word is 1 − the largest smoothed
    /// posterior of its label among the steps with that label. The false alarm of a second without words is the largest
    /// smoothed posterior of any word. Same result for any jobs.
    double operator()(const Network&, int jobs) const;
    double operator()(const FloatNetwork&, int jobs) const;

private:
    template <typename PosteriorsOf>
    double judge(int jobs, const PosteriorsOf&) const;

    std::vector<std::string> labels_;
    double hop_s_;
    std::vector<StreamExample> chains_;
};

}  // namespace gruve
