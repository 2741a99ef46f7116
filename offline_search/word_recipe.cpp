#include "datasets/audio_file.h"
#include "offline_search/backprop.h"
#include "offline_search/classification_task.h"
#include "offline_search/small_json.h"
#include "offline_search/write_file.h"

namespace gruve {

ClassifierRecipe read_word_recipe(const std::filesystem::path& path) {
    const nlohmann::json json = parse_small_json(path.string(), read_text(path));
    ClassifierRecipe recipe;
    for (const auto& [name, value] : json.items()) {
        const bool epochs = name == "epochs";
        if (!epochs && name != "streams") throw DataError(path.string() + ": \"" + name + "\" is unknown, expected one of: epochs, streams");
        const long number = value.is_number_integer() ? value.get<long>() : -1;
        const bool sound = epochs ? number >= 1 && number <= 100000 : number >= 0 && number <= 1024 && number % gradient_shards == 0;
        if (!sound) throw DataError(path.string() + ": \"" + name + "\" is " + value.dump() + ", expected " + (epochs ? "1 to 100000" : "0 to 1024, a multiple of 4"));
        (epochs ? recipe.epochs : recipe.streams) = static_cast<int>(number);
    }
    return recipe;
}

}  // namespace gruve
