// What people write by hand: recipes of training, the description of a model to import. Values in their ranges, or a DataError.
#include <cstdlib>

#include "datasets/support/data_error.h"
#include "offline_search/network/import_model.h"
#include "offline_search/tasks/classification/recipe.h"
#include "offline_search/tasks/denoising/recipe.h"
#include "tests/fuzz/bounded_memory.h"
#include "tests/fuzz/memory_file.h"

namespace {

template <typename Read>
void try_to(const Read& read, std::size_t size) {
    constexpr std::size_t slack = std::size_t{256} << 10;  // the most values, however short
    const gruve::fuzz::BoundedMemory memory;
    try {
        if (!read()) std::abort();
    } catch (const gruve::DataError&) {
    }
    memory.check(size, slack);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const gruve::fuzz::MemoryFile file(data, size);
    try_to(
        [&] {
            const auto recipe = gruve::read_denoise_recipe(file.path(), {});
            return recipe.batch >= 4 && recipe.dense >= 1 && recipe.seconds >= 1 && recipe.late_start <= 1 &&
                   recipe.loss.snr >= 0;
        },
        size);
    for (const bool streams : {false, true})
        try_to(
            [&] {
                const auto recipe = gruve::read_classifier_recipe(file.path(), {}, streams);
                const bool untouched = recipe.streams == 24 && recipe.stream_weight == 2.0f;
                return recipe.epochs >= 1 && recipe.batch >= 1 && recipe.learning_rate > 0 &&
                       recipe.label_smoothing < 1 && recipe.streams >= 4 && recipe.streams % 4 == 0 &&
                       recipe.stream_loss.smoothing < 1 && (streams || untouched);
            },
            size);
    try_to([&] { return gruve::read_description(file.path()).labels.size() <= 1024; }, size);
    return 0;
}
