#include "offline_search/tasks/classification/row_source.h"

#include <algorithm>
#include <iterator>

#include "datasets/arrays/idx.h"
#include "datasets/support/data_error.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

using Path = std::filesystem::path;
constexpr int validation_images = 5000;
constexpr int largest_shift = 2;

Path find_idx(const Path& data, const std::string& name) {
    for (const Path& folder : {data, data / "mnist"}) {
        for (const std::string ending : {"", ".gz"}) {
            if (std::filesystem::exists(folder / (name + ending))) return folder / (name + ending);
        }
    }
    throw DataError((data / name).string() + "[.gz]: missing, there or in " + (data / "mnist").string());
}

std::vector<Clip> read_images(const Path& data, const std::string& prefix) {
    const Path images_path = find_idx(data, prefix + "-images-idx3-ubyte"),
               labels_path = find_idx(data, prefix + "-labels-idx1-ubyte");
    const IdxArray images = read_idx(images_path), labels = read_idx(labels_path);
    if (images.shape.size() != 3) throw DataError(images_path.string() + ": images x rows x columns expected");
    if (images.shape[1] <= largest_shift || images.shape[2] <= largest_shift) {
        throw DataError(images_path.string() + ": images of " + std::to_string(images.shape[1]) + " x " +
                        std::to_string(images.shape[2]) + " pixels, at least " + std::to_string(largest_shift + 1) +
                        " each way expected");
    }
    if (labels.shape.size() != 1 || labels.shape[0] != images.shape[0]) {
        throw DataError(labels_path.string() + ": " + std::to_string(images.shape[0]) +
                        " labels expected, one for each image");
    }
    const int rows = images.shape[1], cols = images.shape[2];
    std::vector<Clip> clips;
    const std::uint8_t* pixel = images.values.data();
    for (std::size_t i = 0; i < labels.values.size(); ++i) {
        if (labels.values[i] > 9)
            throw DataError(labels_path.string() + ": label " + std::to_string(labels.values[i]) + " at " +
                            std::to_string(i) + ", allowed 0..9");
        Clip clip{Matrix(cols, rows), labels.values[i]};
        for (Eigen::Index k = 0; k < clip.features.size(); ++k)
            clip.features.data()[k] = static_cast<float>(*pixel++) / 255.0f;
        clips.push_back(std::move(clip));
    }
    return clips;
}

bool has_idx(const Path& data) {
    const auto first = [](const Path& folder) {
        return std::filesystem::exists(folder / "train-images-idx3-ubyte") ||
               std::filesystem::exists(folder / "train-images-idx3-ubyte.gz");
    };
    return first(data) || first(data / "mnist");
}

class RowSource final : public ClipSource {
public:
    explicit RowSource(const DataOptions& data) {
        const std::vector<Path>& roots = data.roots;
        const bool any = std::any_of(roots.begin(), roots.end(), has_idx);
        for (const Path& root : roots) {
            if (any && roots.size() > 1 && !has_idx(root))
                left_out_.push_back(root.string() + ": no images for this task");
            else
                add(root);
        }
    }

    const std::vector<std::string>& labels() const override { return labels_; }
    std::vector<std::string> remarks() const override { return left_out_; }
    const std::vector<Clip>& clips(Split split) const override {
        return split == Split::train ? train_ : split == Split::validation ? validation_ : test_;
    }
    int training_count() const override { return static_cast<int>(train_.size()); }
    int training_steps() const override { return static_cast<int>(train_.front().features.cols()); }

    Clip draw(Split split, int index, std::mt19937_64& random) const override {
        const Clip& clip = clips(split)[static_cast<std::size_t>(index)];
        const auto down = shift(random), right = shift(random);
        const auto rows = clip.features.rows(), cols = clip.features.cols();
        Clip moved{Matrix::Zero(rows, cols), clip.label};
        const auto height = rows - std::abs(down), width = cols - std::abs(right);
        moved.features.block(std::max<Eigen::Index>(down, 0), std::max<Eigen::Index>(right, 0), height, width) =
            clip.features.block(std::max<Eigen::Index>(-down, 0), std::max<Eigen::Index>(-right, 0), height, width);
        return moved;
    }

    void describe(Preset& preset) const override {
        preset.kind = TaskKind::sequence;
        preset.labels = labels_;
        preset.rate_hz = 0;
    }

private:
    static Eigen::Index shift(std::mt19937_64& random) {
        return static_cast<Eigen::Index>(uniform_index(random, 2 * largest_shift + 1)) - largest_shift;
    }

    void add(const Path& data) {
        std::vector<Clip> train = read_images(data, "train"), test = read_images(data, "t10k");
        if (train.size() < 2 * validation_images || test.empty()) {
            throw DataError(data.string() + ": " + std::to_string(train.size()) + " training and " +
                            std::to_string(test.size()) + " test images, at least " +
                            std::to_string(2 * validation_images) + " and 1 expected");
        }
        const Matrix& first = (train_.empty() ? train : train_).front().features;
        for (const auto* clips : {&train, &test})
            for (const Clip& clip : *clips)
                if (clip.features.rows() != first.rows() || clip.features.cols() != first.cols())
                    throw DataError(data.string() + ": training and test images differ in size" +
                                    (train_.empty() ? "" : ", or those of two roots do"));
        const auto validation = train.end() - validation_images;
        std::move(validation, train.end(), std::back_inserter(validation_));
        std::move(train.begin(), validation, std::back_inserter(train_));
        std::move(test.begin(), test.end(), std::back_inserter(test_));
    }

    std::vector<std::string> labels_ = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    std::vector<std::string> left_out_;
    std::vector<Clip> train_, validation_, test_;
};

}  // namespace

std::unique_ptr<const ClipSource> make_row_source(const DataOptions& data) { return std::make_unique<RowSource>(data); }

}  // namespace gruve
