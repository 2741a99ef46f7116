// Trains a float network on a ClipSource.
#pragma once

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/classification/recipe.h"
#include "offline_search/training/train_options.h"

namespace gruve {

/// Trains GRU layers and a dense layer of logits. The loss is the cross entropy of the mean logits over the steps that
/// decide a clip (engine/streaming/clip_decision.h), plus stream_loss() for live tasks. Returns the last (averaged)
/// network; see run_training() for stopping and resuming.
/// Throws DataError if options.from isn't a network of this task and size.
FloatNetwork train_classifier(const ClipSource&, const ClassifierRecipe&, const TrainOptions&, const Progress&);

}  // namespace gruve
