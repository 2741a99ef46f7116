// What a search takes over from an earlier one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "offline_search/search/genes.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/result.h"

namespace gruve {

std::vector<GeneInfo> gene_infos(const GeneSpace&);

/// The scan and the front of the search whose search.json this is; nothing for an empty path. Throws DataError for a
/// file that can't be read or isn't the result of a search, and where its operators or their widths aren't those of the
/// space.
EarlierSearch earlier_search(const std::filesystem::path&, const GeneSpace&);

/// A short text that differs where the scan or the front does, for fingerprints: " after 123". Empty where there is
/// none.
std::string mark_of(const EarlierSearch&);

}  // namespace gruve
