#include "offline_search/selection/result.h"

#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/search/json.h"

namespace gruve {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JudgedPoint, name, file, point, validation, test, recommended, fine_tuned)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GeneInfo, name, widths)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SearchResult, task, metric, scheme, command, model_hash, data_hash, tolerance, seed,
                                   population, generations, calibration, interrupted, float_validation, float_test,
                                   genes, homogeneous, presets, archive, history, sensitivity, reference,
                                   hypervolume_homogeneous, hypervolume_front)

void save_result(const std::filesystem::path& path, const SearchResult& result) {
    write_file(path, nlohmann::json(result).dump(1) + "\n");
}

SearchResult load_result(const std::filesystem::path& path) {
    try {
        return nlohmann::json::parse(read_text(path)).get<SearchResult>();
    } catch (const nlohmann::json::exception& error) {
        throw DataError(path.string() + ": not a search's result: " + error.what());
    } catch (const std::invalid_argument& error) {
        throw DataError(path.string() + ": " + error.what());
    }
}

}  // namespace gruve
