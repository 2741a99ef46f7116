// The data of a classification task: labelled sequences of any origin.
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
    int unit = -1;  // clips of one unit (a speaker) are in the same split and aren't independent; −1: a unit of its own
};

class ClipSource {
public:
    virtual ~ClipSource() = default;
    virtual const std::vector<std::string>& labels() const = 0;
    /// See Task::remarks().
    virtual std::vector<std::string> remarks() const { return {}; }
    /// The clips of a split, unaltered, in a fixed order. They score the split; those of Split::train calibrate ranges,
    /// too.
    virtual const std::vector<Clip>& clips(Split) const = 0;
    /// The number of clips(), and one of them. A source of more clips than fit into memory makes it on each call.
    virtual std::size_t count(Split split) const { return clips(split).size(); }
    virtual Clip clip(Split split, std::size_t index) const { return clips(split)[index]; }
    /// Number of training examples an epoch, and their length in steps.
    virtual int training_count() const = 0;
    virtual int training_steps() const = 0;
    /// Example `index` of a split with random alterations. index: 0 … training_count() − 1 for Split::train, otherwise
    /// the index in clips(). Noises that are mixed in belong to the same split. Safe on several threads, each with its
    /// own `random`.
    virtual Clip draw(Split, int index, std::mt19937_64& random) const = 0;
    /// Whether draw() alters its examples.
    virtual bool alters() const { return true; }
    /// Fills kind, labels, rate, front end and detection of a preset.
    virtual void describe(Preset&) const = 0;
    /// Null if the task isn't live.
    virtual const DrawnStreams* streams(Split) const { return nullptr; }
    /// See Task::choose_detection().
    virtual void choose_detection(Preset&, int /*jobs*/) const {}
};

}  // namespace gruve
