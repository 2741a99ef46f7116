#include "datasets/layouts/split.h"

#include <array>
#include <map>

#include "datasets/support/hash.h"

namespace gruve {
namespace {

constexpr int split_count = 3;
using Shares = std::array<double, split_count>;

/// The cost of a class without clips in a split. A class that cannot be in every split should miss validation rather
/// than test, and never training.
constexpr Shares missing_cost = {8.0, 4.0 / 3.0, 2.0};

struct Class {
    double clips = 0;
    Shares placed{};  // clips in each split

    /// Squared distance from the wanted shares, plus the cost of each split without clips.
    double cost(const Shares& wanted) const {
        double sum = 0;
        for (int s = 0; s < split_count; ++s) {
            const double error = placed[s] / clips - wanted[s];
            sum += error * error;
            if (placed[s] <= 0 && wanted[s] > 0) sum += missing_cost[s];
        }
        return sum;
    }
};

struct Group {
    std::string name;
    std::map<int, double> clips;  // per class
    double size = 0;
    int split = 0;
};

/// The assignment of groups to splits, improved group by group.
class Deal {
public:
    Deal(std::map<int, Class>& classes, const Shares& wanted) : classes_(classes), wanted_(wanted) {}

    /// Moves a group to the split where the cost of its classes is lowest; true if it moved.
    bool improve(Group& group) {
        const int old = group.split;
        int best = old;
        double best_cost = cost_with(group, old) - 1e-9;
        for (int s = 0; s < split_count; ++s) {
            if (s == old || wanted_[s] <= 0) continue;
            const double cost = cost_with(group, s);
            if (cost < best_cost) best = s, best_cost = cost;
        }
        if (best == old) return false;
        move(group, best);
        return true;
    }

private:
    void move(Group& group, int to) {
        for (const auto& [label, count] : group.clips) {
            classes_[label].placed[group.split] -= count;
            classes_[label].placed[to] += count;
        }
        group.split = to;
    }
    double cost_with(Group& group, int split) {
        const int old = group.split;
        move(group, split);
        double sum = 0;
        for (const auto& [label, count] : group.clips) sum += classes_[label].cost(wanted_);
        move(group, old);
        return sum;
    }

    std::map<int, Class>& classes_;
    const Shares& wanted_;
};

}  // namespace

std::string_view name_of(Split split) {
    switch (split) {
        case Split::train:
            return "train";
        case Split::validation:
            return "validation";
        case Split::test:
            return "test";
    }
    return "";
}

std::vector<Split> split_by_group(const std::vector<GroupedClip>& clips, double validation, double test,
                                  std::uint64_t seed) {
    const Shares wanted = {1.0 - validation - test, validation, test};
    std::map<std::pair<std::uint64_t, std::string>, Group> groups;  // in the order of the hash
    std::map<int, Class> classes;
    for (const GroupedClip& clip : clips) {
        Group& group = groups[{hash_of(clip.group, seed), clip.group}];
        group.clips[clip.label] += 1;
        group.size += 1;
        classes[clip.label].clips += 1;
    }

    // First each group goes to the split that lacks most clips. Then single groups move as long as this lowers the
    // cost.
    Shares placed{};
    for (auto& [key, group] : groups) {
        int neediest = 0;
        for (int s = 1; s < split_count; ++s)
            if (wanted[s] * static_cast<double>(clips.size()) - placed[s] >
                wanted[neediest] * static_cast<double>(clips.size()) - placed[neediest])
                neediest = s;
        group.split = neediest;
        placed[neediest] += group.size;
        for (const auto& [label, count] : group.clips) classes[label].placed[neediest] += count;
    }
    Deal deal(classes, wanted);
    for (bool moved = true; moved;) {
        moved = false;
        for (auto& [key, group] : groups) moved |= deal.improve(group);
    }

    std::vector<Split> splits;
    splits.reserve(clips.size());
    for (const GroupedClip& clip : clips)
        splits.push_back(static_cast<Split>(groups.at({hash_of(clip.group, seed), clip.group}).split));
    return splits;
}

}  // namespace gruve
