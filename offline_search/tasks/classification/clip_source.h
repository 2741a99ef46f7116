// What a classification task learns from and is judged by: labelled sequences, whatever they were made of.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "datasets/layouts/split.h"
#include "engine/preset/preset.h"
#include "offline_search/network/float_network.h"

namespace gruve {

class DrawnStreams;

struct Clip {
    Matrix features;  // features × steps
    int label = 0;
    int unit = -1;  // what the split kept together: clips of one speaker have one number; −1: it stands for itself
};

class ClipSource {
public:
    virtual ~ClipSource() = default;
    virtual const std::vector<std::string>& labels() const = 0;
    /// Clips as they are, in a fixed order: what a split is judged by, and for Split::train what ranges are calibrated with.
    virtual const std::vector<Clip>& clips(Split) const = 0;
    /// Training examples of one epoch, and the steps that each one has.
    virtual int training_count() const = 0;
    virtual int training_steps() const = 0;
    /// Example `index` of a split, altered afresh with `random`: of 0..training_count() − 1 for Split::train, else of the clips of that
    /// split, with noises of the same split. Safe on several threads, each with its own `random`.
    virtual Clip draw(Split, int index, std::mt19937_64& random) const = 0;
    /// Fills kind, labels, rate, front end and detection.
    virtual void describe(Preset&) const = 0;
    /// Null where there are only clips.
    virtual const DrawnStreams* streams(Split) const { return nullptr; }
    /// See Task::choose_detection().
    virtual void choose_detection(Preset&, int /*jobs*/) const {}
};

}  // namespace gruve
