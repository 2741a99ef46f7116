// Images as sequences of rows: reading, splits, shifts, errors.
#include "offline_search/tasks/classification/row_source.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/datasets/temporary_folder.h"

using namespace gruve;
using test::check_data_error;
using test::TemporaryFolder;

namespace {

constexpr int train_images = 10001, size = 5, centre = 2;

/// Writes an idx file of bytes.
std::string idx(const std::vector<int>& shape, const std::string& values) {
    std::string bytes{'\0', '\0', 8, static_cast<char>(shape.size())};
    for (const int length : shape)
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift);
    return bytes + values;
}

/// Images with one white pixel in the middle.
std::string points(int count, int rows = size, int cols = size) {
    std::string image(static_cast<std::size_t>(rows * cols), '\0'), all;
    image[static_cast<std::size_t>(rows / 2 * cols + cols / 2)] = '\xff';
    for (int i = 0; i < count; ++i) all += image;
    return idx({count, rows, cols}, all);
}

std::string labels(int count, char first = 0) {
    std::string values;
    for (int i = 0; i < count; ++i) values += static_cast<char>(i % 10);
    values[0] = first;
    return idx({count}, values);
}

/// Two test images, and as many training images as are required.
struct Images : TemporaryFolder {
    Images() {
        file("train-images-idx3-ubyte", points(train_images));
        file("train-labels-idx1-ubyte", labels(train_images));
        file("t10k-images-idx3-ubyte", points(2));
        file("t10k-labels-idx1-ubyte", labels(2));
    }
    void refuses(const std::string& name, const std::string& bytes, const std::string& message) const {
        const std::string before = [&] {
            std::ifstream in(*this / name, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        }();
        file(name, bytes);
        check_data_error([&] { make_row_source(path()); }, {message});
        file(name, before);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rows)

BOOST_AUTO_TEST_CASE(the_last_5000_training_images_validate) {
    const Images images;
    const auto source = make_row_source(images.path());
    BOOST_TEST(source->training_count() == train_images - 5000);
    BOOST_TEST(source->training_steps() == size);
    BOOST_TEST(source->clips(Split::validation).size() == 5000u);
    BOOST_TEST(source->clips(Split::validation)[0].label == (train_images - 5000) % 10);
    BOOST_TEST(source->clips(Split::test).size() == 2u);
    BOOST_TEST(source->clips(Split::test)[1].features(centre, centre) == 1.0f);
    BOOST_TEST(source->clips(Split::test)[1].features.sum() == 1.0f);
}

BOOST_AUTO_TEST_CASE(training_images_are_shifted_by_up_to_two_pixels_each_way) {
    const Images images;
    const auto source = make_row_source(images.path());
    std::mt19937_64 random(1);
    std::set<std::pair<Eigen::Index, Eigen::Index>> places;
    for (int i = 0; i < 1000; ++i) {
        const Clip clip = source->draw(Split::train, i, random);
        BOOST_REQUIRE(clip.features.sum() == 1.0f);
        std::pair<Eigen::Index, Eigen::Index> place;
        clip.features.maxCoeff(&place.first, &place.second);
        places.insert(place);
    }
    BOOST_TEST(places.size() == 25u);
}

BOOST_AUTO_TEST_CASE(files_that_do_not_belong_together_are_refused) {
    const Images images;
    images.refuses("train-images-idx3-ubyte",
                   idx({train_images, size * size}, std::string(train_images * size * size, 'x')),
                   "train-images-idx3-ubyte: images x rows x columns expected");
    images.refuses("train-labels-idx1-ubyte", labels(7),
                   "train-labels-idx1-ubyte: 10001 labels expected, one for each image");
    images.refuses("t10k-labels-idx1-ubyte", labels(2, 10), "t10k-labels-idx1-ubyte: label 10 at 0, allowed 0..9");
    images.refuses("t10k-images-idx3-ubyte", points(2, 6, 5), "training and test images differ in size");
    images.refuses("t10k-images-idx3-ubyte", points(2, 2, 5), "images of 2 x 5 pixels, at least 3 each way expected");
    images.file("train-images-idx3-ubyte", points(9999));
    images.file("train-labels-idx1-ubyte", labels(9999));
    check_data_error([&] { make_row_source(images.path()); },
                     {"9999 training and 2 test images, at least 10000 and 1 expected"});
    std::filesystem::remove(images / "t10k-labels-idx1-ubyte");
    check_data_error([&] { make_row_source(images.path()); }, {"t10k-labels-idx1-ubyte[.gz]: missing, there or in "});
}

BOOST_AUTO_TEST_SUITE_END()
