#include "offline_search/tasks/classification/recipe.h"

#include "offline_search/training/recipe_file.h"
#include "offline_search/training/sharded_gradient.h"

namespace gruve {

ClassifierRecipe word_recipe() { return {.weight_decay = 0.1f}; }
ClassifierRecipe live_recipe() { return {.epochs = 50, .batch = 16, .weight_decay = 0.1f}; }
ClassifierRecipe row_recipe() { return {.epochs = 15, .weight_decay = 0.0f, .label_smoothing = 0.0f}; }
ClassifierRecipe sequence_recipe() { return {.weight_decay = 0.0f, .label_smoothing = 0.0f}; }

ClassifierRecipe read_classifier_recipe(const std::filesystem::path& path, ClassifierRecipe r, bool streams) {
    RecipeMembers members = {{"epochs", whole(r.epochs, 1, 100000)},
                             {"batch", whole(r.batch, 1, 4096)},
                             {"learning_rate", real(r.learning_rate, 1e-6, 1)},
                             {"weight_decay", real(r.weight_decay, 0, 1)},
                             {"label_smoothing", real(r.label_smoothing, 0, 0.9)},
                             {"average_epochs", real(r.average_epochs, 0, 1000)}};
    if (!streams) {
        read_recipe(path, members);
        return r;
    }
    members.insert({{"streams", whole(r.streams, gradient_shards, 1024, gradient_shards)},
                    {"stream_weight", real(r.stream_weight, 0, 1000)}});
    read_recipe(path, members, "stream_loss",
                {{"smoothing", real(r.stream_loss.smoothing, 0, 0.9)},
                 {"alarm_weight", real(r.stream_loss.alarm_weight, 0, 1000)},
                 {"word_steps", real(r.stream_loss.word_steps, 0, 10000)}});
    return r;
}

}  // namespace gruve
