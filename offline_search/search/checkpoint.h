// The state of a search between two generations, as a JSON file.
#pragma once

#include <filesystem>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/fingerprint.h"
#include "offline_search/search/run.h"

namespace gruve {

/// Writes the file whole or not at all. Throws DataError where it can't be written.
void save_checkpoint(const std::filesystem::path&, const Fingerprint&, const SearchState&, const Evaluator::Cache&);

/// The saved state; the saved scores go to the cache. Throws DataError for a file that can't be read or is no
/// checkpoint, and for one of another task, scheme, model, data, seed or population (the message names both values).
SearchState load_checkpoint(const std::filesystem::path&, const Fingerprint& expected, const GeneSpace&,
                            Evaluator::Cache&);

}  // namespace gruve
