// The state of a search between two generations, as a JSON file.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "offline_search/search/evaluator.h"
#include "offline_search/search/fingerprint.h"
#include "offline_search/search/run.h"

namespace gruve {

/// Weights that fine-tuning after the last generation has made, as text, by what they depend on.
using TunedTexts = std::map<std::string, std::string>;

/// Writes the file whole or not at all. Throws DataError where it can't be written.
void save_checkpoint(const std::filesystem::path&, const Fingerprint&, const SearchState&, const Evaluator::Cache&,
                     const TunedTexts&);

/// The saved state; the saved scores go to the cache, the weights to the texts. Throws DataError for a file that can't
/// be read or is no checkpoint, and for one of another task, scheme, model, data, seed or population (the message names
/// both values).
SearchState load_checkpoint(const std::filesystem::path&, const Fingerprint& expected, const GeneSpace&,
                            Evaluator::Cache&, TunedTexts&);

}  // namespace gruve
