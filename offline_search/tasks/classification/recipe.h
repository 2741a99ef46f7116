// How a task of classes is trained: everything that a person may change without touching code.
#pragma once

#include <filesystem>

#include "offline_search/tasks/words/stream_loss.h"

namespace gruve {

struct ClassifierRecipe {
    int epochs = 60;  // where TrainOptions leaves it open
    int batch = 64;   // clips a step
    float learning_rate = 4e-3f;
    float weight_decay = 0.02f;
    float label_smoothing = 0.05f;
    float average_epochs = 0.0f;  // over which weights are averaged; 0: the weights themselves
    // Where there are streams: stretches beside each batch of clips, a multiple of gradient_shards; what their loss counts beside the
    // clips'.
    int streams = 24;
    float stream_weight = 2.0f;
    StreamLossConfig stream_loss = {};
};

/// How the tasks train where the user doesn't say otherwise; chosen on validation splits.
ClassifierRecipe word_recipe();      // clips of words
ClassifierRecipe live_recipe();      // words that are to be heard in streams
ClassifierRecipe row_recipe();       // row-wise MNIST
ClassifierRecipe sequence_recipe();  // any sequences

/// `recipe` with the members that a JSON file names, e.g. {"epochs": 80, "learning_rate": 0.002}; those of the streams (their loss is the object
/// "stream_loss") are unknown where `streams` is false. Throws DataError naming the file, the member and what it may be.
ClassifierRecipe read_classifier_recipe(const std::filesystem::path&, ClassifierRecipe recipe, bool streams);

}  // namespace gruve
