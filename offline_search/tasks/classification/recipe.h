// Training settings of classification tasks. A recipe file can change them.
#pragma once

#include <filesystem>

#include "offline_search/tasks/words/stream_loss.h"

namespace gruve {

struct ClassifierRecipe {
    int epochs = 60;  // if TrainOptions doesn't set them
    int batch = 64;   // clips a step
    float learning_rate = 4e-3f;
    float weight_decay = 0.02f;
    float label_smoothing = 0.05f;
    float average_epochs = 0.0f;  // weights are averaged over this many epochs; 0: no averaging
    // For live tasks only:
    int streams = 24;            // stretches beside each batch of clips; a multiple of gradient_shards
    float stream_weight = 2.0f;  // of their loss, relative to that of the clips
    StreamLossConfig stream_loss = {};
};

/// The default recipes, chosen on the validation splits.
ClassifierRecipe word_recipe();      // clips of words
ClassifierRecipe live_recipe();      // words in streams
ClassifierRecipe row_recipe();       // row-wise MNIST
ClassifierRecipe sequence_recipe();  // sequences of an .npz file

/// Returns `recipe` with the members that a JSON file sets, e.g. {"epochs": 80, "learning_rate": 0.002}. The loss on
/// streams is the object "stream_loss". streams: whether the members for live tasks are allowed.
/// Throws DataError naming the file, the member and its range.
ClassifierRecipe read_classifier_recipe(const std::filesystem::path&, ClassifierRecipe recipe, bool streams);

}  // namespace gruve
