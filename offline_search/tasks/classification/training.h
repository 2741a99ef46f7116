// Trains a classifier on a ClipSource.
#pragma once

#include "offline_search/tasks/classification/clip_source.h"
#include "offline_search/tasks/classification/recipe.h"
#include "offline_search/training/train_options.h"

namespace gruve {

/// GRU layers and a dense layer of logits. The loss is the cross entropy of the logits' mean over the steps that the engine
/// decides by (engine/clip_decision.h). Where `progress` asks for a stop, what was learnt so far is returned;
/// `options.resume` goes on from there to the same network.
FloatNetwork train_classifier(const ClipSource&, const ClassifierRecipe&, const TrainOptions&, const Progress&);

}  // namespace gruve
