// How a keyword network fails on streams, as a smooth number: what a search for live presets makes small.
#pragma once

#include <string>
#include <vector>

#include "engine/kernels/network.h"
#include "offline_search/tasks/words/drawn_streams.h"

namespace gruve {

class StreamError {
public:
    /// Draws `chains` chains of ten stretches each, which a network hears without a pause. Same result for any jobs.
    StreamError(const DrawnStreams&, std::vector<std::string> labels, double hop_s, int chains, std::uint64_t seed,
                int jobs);

    /// Expected misses a word and false alarms a second, added: a word is missed with 1 − the largest smoothed posterior that it gets while
    /// the stretch's labels are its own; in a second without words a false alarm has the largest smoothed posterior of any word. Same result for any jobs.
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
