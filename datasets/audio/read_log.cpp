#include "datasets/audio/read_log.h"

#include <algorithm>

#include "datasets/support/data_error.h"

namespace gruve {

void ReadLog::refuse_bad() const {
    constexpr std::size_t most_named = 50;
    if (bad_.empty() || skip_bad_) return;
    if (bad_.size() == 1) throw DataError(bad_.front());
    std::string text = std::to_string(bad_.size()) + " files cannot be used (--skip-bad goes on without them):";
    for (std::size_t i = 0; i < std::min(bad_.size(), most_named); ++i) text += "\n  " + bad_[i];
    if (bad_.size() > most_named) text += "\n  and " + std::to_string(bad_.size() - most_named) + " more";
    throw DataError(text);
}

std::vector<std::string> ReadLog::lines() const {
    std::vector<std::string> all;
    if (!bad_.empty()) all.push_back(std::to_string(bad_.size()) + " bad files, skipped:");
    all.insert(all.end(), bad_.begin(), bad_.end());
    all.insert(all.end(), left_out_.begin(), left_out_.end());
    return all;
}

}  // namespace gruve
