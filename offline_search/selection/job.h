// `gruve search` without its command line: calibrate, search, choose, fine-tune, judge, write presets and search.json.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "offline_search/search/cluster.h"
#include "offline_search/search/run.h"
#include "offline_search/selection/result.h"
#include "offline_search/selection/search_job.h"
#include "offline_search/tasks/task.h"

namespace gruve {

/// The work of a cluster's other processes: scores what the first process sends, until it dismisses them.
void serve_search(Task&, const std::vector<FloatNetwork>&, const SearchJob&, Cluster&);

/// Throws DataError where job.out holds a search and job.resume is false.
void require_new_or_resumed(const SearchJob&);

/// Writes out/presets/*.gruve, out/search.json and out/checkpoint.json. The files depend neither on jobs nor on a
/// resume. Presets are chosen by the validation split. The test split is scored once, at the end, for the chosen
/// presets only.
///
/// networks: the first is the one that homogeneous 8 bit is made of; the others have other hidden sizes, which become a
/// gene (genes.h). progress: called after each generation. say: receives lines of progress. stop: asked often; where it
/// returns true, the search ends with what it has. cluster: the processes to share evaluations with; nullptr: none.
///
/// Throws DataError where `out` holds a search and resume is false, where another process works in `out`, or where the
/// checkpoint doesn't fit; Interrupted where it is stopped before the first population is scored.
SearchResult run_search_job(Task&, const std::vector<FloatNetwork>& networks, const SearchJob&,
                            const std::function<void(const SearchProgress&)>& progress,
                            const std::function<void(const std::string&)>& say, std::function<bool()> stop = {},
                            Cluster* cluster = nullptr);

}  // namespace gruve
