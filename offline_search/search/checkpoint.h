// A search between two generations, on disk: JSON, written aside and renamed.
#pragma once

#include <filesystem>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/fingerprint.h"
#include "offline_search/search/run.h"

namespace gruve {

void save_checkpoint(const std::filesystem::path&, const Fingerprint&, const SearchState&, const Evaluator::Cache&);

/// Throws DataError for a file that can't be read, or one of another task, scheme, model, data, seed or population (both named).
SearchState load_checkpoint(const std::filesystem::path&, const Fingerprint& expected, const GeneSpace&,
                            Evaluator::Cache&);

}  // namespace gruve
