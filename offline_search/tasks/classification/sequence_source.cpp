#include "offline_search/tasks/classification/sequence_source.h"

#include <array>
#include <cmath>
#include <map>
#include <span>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr std::size_t most_labels = 256;

/// The sequences of one file.
class SequenceFile {
public:
    explicit SequenceFile(const std::filesystem::path& path) : file_(path.string()), arrays_(read_npz(path)) {
        const NpyArray& x = array("x");
        if (x.shape.size() != 3 || x.values.empty())
            fail("x: " + std::to_string(x.shape.size()) + " axes, expected sequences x steps x features");
        const std::size_t count = x.shape[0], steps = x.shape[1], features = x.shape[2];
        const auto y = wholes("y", count, most_labels - 1);
        const auto lengths = optional("lengths", count, steps);
        split = optional("split", count, 2);
        group = optional("group", count, 1u << 30);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t length = lengths.empty() ? steps : lengths[i];
            if (length == 0) fail("lengths: sequence " + std::to_string(i) + " has no steps");
            Clip clip{Matrix(static_cast<Eigen::Index>(features), static_cast<Eigen::Index>(length)),
                      static_cast<int>(y[i]), group.empty() ? -1 : static_cast<int>(group[i])};
            for (std::size_t k = 0; k < length * features; ++k) {
                const double value = x.values[i * steps * features + k];
                if (!std::isfinite(value))
                    fail("x: sequence " + std::to_string(i) + " holds a value that is not finite");
                clip.features.data()[k] = static_cast<float>(value);
            }
            clips.push_back(std::move(clip));
        }
        arrays_.clear();
    }
    [[noreturn]] void fail(const std::string& why) const { throw DataError(file_ + ": " + why); }

    std::vector<Clip> clips;
    std::vector<std::size_t> split, group;  // of each clip; empty if the file lacks the array

private:
    const NpyArray& array(const std::string& name) const {
        const auto found = arrays_.find(name);
        if (found == arrays_.end())
            fail("array " + name + " is missing; expected x and y, and possibly lengths, group and split");
        return found->second;
    }
    std::vector<std::size_t> wholes(const std::string& name, std::size_t count, std::size_t largest) const {
        const NpyArray& a = array(name);
        if (!a.whole || a.shape.size() != 1 || a.shape[0] != count)
            fail(name + ": expected " + std::to_string(count) + " whole numbers, one for each sequence of x");
        std::vector<std::size_t> result;
        for (const double value : a.values) {
            if (value < 0 || value > static_cast<double>(largest))
                fail(name + ": " + std::to_string(static_cast<long long>(value)) + ", allowed 0.." +
                     std::to_string(largest));
            result.push_back(static_cast<std::size_t>(value));
        }
        return result;
    }
    std::vector<std::size_t> optional(const std::string& name, std::size_t count, std::size_t largest) const {
        return arrays_.contains(name) ? wholes(name, count, largest) : std::vector<std::size_t>();
    }

    std::string file_;
    std::map<std::string, NpyArray> arrays_;
};

/// The files of the roots; folders without one are left out if another root has one.
std::vector<std::filesystem::path> files_of(const DataOptions& data, std::vector<std::string>& left_out) {
    std::vector<std::filesystem::path> files;
    for (const auto& root : data.roots) {
        const bool folder = std::filesystem::is_directory(root);
        if (folder && data.roots.size() > 1 && !std::filesystem::exists(root / "sequences.npz"))
            left_out.push_back(root.string() + ": no sequences.npz");
        else
            files.push_back(folder ? root / "sequences.npz" : root);
    }
    if (files.empty()) throw DataError(data.string() + ": no sequences.npz");
    return files;
}

class SequenceSource final : public ClipSource {
public:
    SequenceSource(const DataOptions& data, std::uint64_t seed) {
        std::vector<SequenceFile> files;
        for (const auto& path : files_of(data, left_out_)) files.emplace_back(path);
        for (const SequenceFile& file : files)
            if (file.clips.front().features.rows() != files.front().clips.front().features.rows())
                file.fail("x: " + std::to_string(file.clips.front().features.rows()) +
                          " features, but the first file has " +
                          std::to_string(files.front().clips.front().features.rows()));
        if (data.same_speakers)
            deal(files, seed, true);
        else
            for (std::size_t f = 0; f < files.size(); ++f) deal({&files[f], 1}, seed, false);
        for (std::size_t s = 0; s < 3; ++s)
            if (clips_[s].empty())
                files.front().fail("no sequence is in the " + std::string(name_of(static_cast<Split>(s))) + " split");
        for (std::size_t label = 0; label < std::max<std::size_t>(label_count_, 2); ++label)
            labels_.push_back(std::to_string(label));
        for (const Clip& clip : clips_[0])
            training_steps_ = std::max(training_steps_, static_cast<int>(clip.features.cols()));
    }

    const std::vector<std::string>& labels() const override { return labels_; }
    std::vector<std::string> remarks() const override { return left_out_; }
    const std::vector<Clip>& clips(Split split) const override { return clips_[static_cast<std::size_t>(split)]; }
    int training_count() const override { return static_cast<int>(clips_[0].size()); }
    int training_steps() const override { return training_steps_; }
    /// Unaltered, because nothing is known about the data. Short sequences are extended by repeating their first step,
    /// so that all end at the same step.
    Clip draw(Split split, int index, std::mt19937_64&) const override {
        const Clip& clip = clips(split)[static_cast<std::size_t>(index)];
        Clip drawn{Matrix(clip.features.rows(), training_steps_), clip.label};
        const Eigen::Index early = training_steps_ - clip.features.cols();
        for (Eigen::Index t = 0; t < training_steps_; ++t)
            drawn.features.col(t) = clip.features.col(std::max<Eigen::Index>(0, t - early));
        return drawn;
    }
    bool alters() const override { return false; }
    void describe(Preset& preset) const override {
        preset.kind = TaskKind::sequence;
        preset.labels = labels_;
        preset.rate_hz = 0;
    }

private:
    /// Deals files as one set and adds their clips. Groups of one number are the same in all files, or units of their
    /// own in each call.
    void deal(std::span<SequenceFile> files, std::uint64_t seed, bool same_groups) {
        std::vector<GroupedClip> grouped;
        for (std::size_t f = 0; f < files.size(); ++f)
            for (std::size_t i = 0; i < files[f].clips.size(); ++i) {
                const bool alone = files[f].group.empty();
                const std::string name = std::to_string(alone ? i : files[f].group[i]);
                grouped.push_back({alone ? name_in_root(f, name) : name, files[f].clips[i].label});
            }
        const auto dealt = split_by_group(grouped, 0.15, 0.15, seed);
        std::map<int, int> units;  // of later roots: new numbers
        std::size_t k = 0;
        for (SequenceFile& file : files)
            for (std::size_t i = 0; i < file.clips.size(); ++i, ++k) {
                Clip& clip = file.clips[i];
                label_count_ = std::max(label_count_, static_cast<std::size_t>(clip.label) + 1);
                if (clip.unit >= 0 && !same_groups && !first_root_)
                    clip.unit = units.emplace(clip.unit, next_unit_ + static_cast<int>(units.size())).first->second;
                clips_[file.split.empty() ? static_cast<std::size_t>(dealt[k]) : file.split[i]].push_back(
                    std::move(clip));
            }
        first_root_ = false;
        for (const auto& clips : clips_)
            for (const Clip& clip : clips) next_unit_ = std::max(next_unit_, clip.unit + 1);
    }

    std::vector<std::string> labels_, left_out_;
    std::array<std::vector<Clip>, 3> clips_;
    std::size_t label_count_ = 0;
    int training_steps_ = 0, next_unit_ = 0;
    bool first_root_ = true;
};

}  // namespace

std::unique_ptr<const ClipSource> make_sequence_source(const DataOptions& data, std::uint64_t seed) {
    return std::make_unique<SequenceSource>(data, seed);
}

}  // namespace gruve
