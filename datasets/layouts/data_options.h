// The user's choices for reading recordings, the same for every task.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gruve {

struct DataOptions {
    DataOptions() = default;
    DataOptions(std::filesystem::path root) : roots{std::move(root)} {}
    DataOptions(const char* root) : DataOptions(std::filesystem::path(root)) {}

    /// Folders (or files, for sequences). Each is recognised by its own layout and dealt to the splits on its own, so
    /// that a further root never moves a recording from one split to another. Then the splits are joined.
    std::vector<std::filesystem::path> roots;
    /// A speaker or source of noise of one name in two roots is one, and the roots are dealt as one. Otherwise they are
    /// two.
    bool same_speakers = false;
    /// Files that cannot be read are left out and listed, instead of refused.
    bool skip_bad = false;
    /// Names of layouts: one for all roots, or one for each root in turn. Empty: each root is recognised.
    std::vector<std::string> layouts;
    /// How much decoded audio is kept in memory, and how much on disk, in bytes. Results never depend on it.
    std::size_t memory = std::size_t{1} << 30, cache = std::size_t{32} << 30;

    bool empty() const { return roots.empty(); }
    /// Empty: to be recognised.
    std::string layout_of(std::size_t root) const {
        return layouts.empty() ? std::string() : layouts.size() == 1 ? layouts.front() : layouts.at(root);
    }
    /// The roots, as messages name them.
    std::string string() const {
        std::string text;
        for (const auto& root : roots) text += (text.empty() ? "" : ", ") + root.string();
        return text;
    }
};

/// The name of a group (a speaker or a source of noise) of root number `root`, from 0. The first root's keep theirs.
inline std::string name_in_root(std::size_t root, const std::string& group) {
    return root == 0 ? group : "root " + std::to_string(root + 1) + ": " + group;
}

}  // namespace gruve
