#include "offline_search/tasks/classification/sequence_source.h"

#include <array>
#include <cmath>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"

namespace gruve {
namespace {

constexpr std::size_t most_labels = 256;

class SequenceSource final : public ClipSource {
public:
    SequenceSource(const std::filesystem::path& path, std::uint64_t seed)
        : file_(path.string()), arrays_(read_npz(path)) {
        const NpyArray& x = array("x");
        if (x.shape.size() != 3 || x.values.empty())
            fail("x: " + std::to_string(x.shape.size()) + " axes, expected sequences x steps x features");
        const std::size_t count = x.shape[0], steps = x.shape[1], features = x.shape[2];
        const auto y = wholes("y", count, most_labels - 1);
        const auto lengths = optional("lengths", count, steps), split = optional("split", count, 2),
                   group = optional("group", count, 1u << 30);
        std::size_t labels = 0;
        std::vector<GroupedClip> grouped;
        for (std::size_t i = 0; i < count; ++i)
            grouped.push_back({std::to_string(group.empty() ? i : group[i]), static_cast<int>(y[i])});
        const auto dealt = split.empty() ? split_by_group(grouped, 0.15, 0.15, seed) : std::vector<Split>();
        for (std::size_t i = 0; i < count; ++i) {
            labels = std::max(labels, y[i] + 1);
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
            clips_[split.empty() ? static_cast<std::size_t>(dealt[i]) : split[i]].push_back(std::move(clip));
        }
        for (std::size_t s = 0; s < 3; ++s)
            if (clips_[s].empty())
                fail("no sequence is in the " + std::string(name_of(static_cast<Split>(s))) + " split");
        for (std::size_t label = 0; label < std::max<std::size_t>(labels, 2); ++label)
            labels_.push_back(std::to_string(label));
        for (const Clip& clip : clips_[0])
            training_steps_ = std::max(training_steps_, static_cast<int>(clip.features.cols()));
        arrays_.clear();
    }

    const std::vector<std::string>& labels() const override { return labels_; }
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
    void describe(Preset& preset) const override {
        preset.kind = TaskKind::sequence;
        preset.labels = labels_;
        preset.rate_hz = 0;
    }

private:
    [[noreturn]] void fail(const std::string& why) const { throw DataError(file_ + ": " + why); }
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
    std::vector<std::string> labels_;
    std::array<std::vector<Clip>, 3> clips_;
    int training_steps_ = 0;
};

}  // namespace

std::unique_ptr<const ClipSource> make_sequence_source(const std::filesystem::path& data, std::uint64_t seed) {
    return std::make_unique<SequenceSource>(std::filesystem::is_directory(data) ? data / "sequences.npz" : data, seed);
}

}  // namespace gruve
