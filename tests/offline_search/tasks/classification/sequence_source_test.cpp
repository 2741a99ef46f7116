// Labelled sequences from an .npz file: reading, splits, errors.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "datasets/arrays/npz.h"
#include "datasets/support/data_error.h"
#include "offline_search/files/write_file.h"
#include "offline_search/task_table/make_task.h"
#include "offline_search/tasks/classification/sequence_source.h"
#include "offline_search/tasks/task.h"

using namespace gruve;

namespace {

void put(std::string& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
}

/// A file in the layout of numpy.savez.
struct NpzWriter {
    std::string bytes, directory;
    int count = 0;

    template <typename Value>
    void add(const std::string& name, const std::string& type, const std::string& shape,
             const std::vector<Value>& values, const std::string& fortran_order = "False") {
        const std::string header =
            "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': (" + shape + "), }\n";
        std::string npy = std::string("\x93NUMPY\x01\0", 8);
        put(npy, header.size(), 2);
        npy += header;
        npy.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
        const std::string file = name + ".npy";
        const std::size_t offset = bytes.size();
        std::string sizes;
        put(sizes, 0, 4), put(sizes, npy.size(), 4), put(sizes, npy.size(), 4), put(sizes, file.size(), 2),
            put(sizes, 0, 2);
        bytes += std::string("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0", 14) + sizes + file + npy;
        directory += std::string("PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0", 16) + sizes + std::string(10, '\0');
        put(directory, offset, 4);
        directory += file;
        ++count;
    }
    std::string text() const {
        std::string end = std::string("PK\x05\x06\0\0\0\0", 8);
        put(end, static_cast<std::uint64_t>(count), 2), put(end, static_cast<std::uint64_t>(count), 2),
            put(end, directory.size(), 4), put(end, bytes.size(), 4), put(end, 0, 2);
        return bytes + directory + end;
    }
};

struct File {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "gruve_sequences_test.npz";
    explicit File(const NpzWriter& writer) { write_file(path, writer.text()); }
    ~File() { std::filesystem::remove(path); }
};

/// 40 sequences of 6 steps and 2 features. The class says whether the first feature rises.
NpzWriter rising(bool with_split) {
    NpzWriter writer;
    std::vector<float> x;
    std::vector<std::int64_t> y, split;
    for (int i = 0; i < 40; ++i) {
        y.push_back(i % 2), split.push_back(i % 4 == 3 ? 1 : i % 10 == 0 ? 2 : 0);
        for (int t = 0; t < 6; ++t)
            x.push_back(static_cast<float>(i % 2 ? t : -t) + 0.01f * static_cast<float>(i)), x.push_back(0.5f);
    }
    writer.add("x", "<f4", "40, 6, 2", x);
    writer.add("y", "<i8", "40,", y);
    if (with_split) writer.add("split", "<i8", "40,", split);
    return writer;
}

void refuses(const NpzWriter& writer, const std::string& part) {
    const File file(writer);
    BOOST_CHECK_EXCEPTION(make_sequence_source(file.path, 1), DataError, [&](const DataError& error) {
        BOOST_TEST_MESSAGE(error.what());
        return std::string(error.what()).find(part) != std::string::npos;
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sequences)

BOOST_AUTO_TEST_CASE(splits_are_taken_or_dealt) {
    const File given(rising(true));
    const auto source = make_sequence_source(given.path, 1);
    BOOST_TEST(source->labels().size() == 2u);
    BOOST_TEST(source->clips(Split::validation).size() == 10u);
    BOOST_TEST(source->clips(Split::train)[0].features(0, 2) == 2 + 0.01f);  // sequence 1, step 2: features × steps
    const File whole(rising(false));
    const auto dealt = make_sequence_source(whole.path, 1);
    std::size_t sum = 0;
    for (const Split split : {Split::train, Split::validation, Split::test}) sum += dealt->clips(split).size();
    BOOST_TEST(sum == 40u);
}

BOOST_AUTO_TEST_CASE(a_network_learns_them) {
    const File file(rising(true));
    const auto task = make_task("sequences", file.path, 1);
    TrainOptions options;
    options.hidden = 8;
    const FloatNetwork network = task->train(options, {});
    BOOST_TEST(task->evaluate(network, Split::test, 1).value == 1.0);
}

BOOST_AUTO_TEST_CASE(what_is_not_such_a_file_is_refused) {
    NpzWriter writer;
    writer.add("x", "<f4", "2, 2, 1", std::vector<float>(4));
    refuses(writer, "array y is missing");
    NpzWriter few = writer;
    few.add("y", "<i4", "1,", std::vector<std::int32_t>(1));
    refuses(few, "y: expected 2 whole numbers");
    NpzWriter negative = writer;
    negative.add("y", "<i4", "2,", std::vector<std::int32_t>{0, -1});
    refuses(negative, "y: -1, allowed 0..255");
    NpzWriter nan;
    nan.add("x", "<f4", "2, 1, 1", std::vector<float>{0, NAN});
    nan.add("y", "<i4", "2,", std::vector<std::int32_t>{0, 1});
    refuses(nan, "not finite");
    const auto x = [](const std::string& type, const std::string& shape, std::size_t values,
                      const std::string& fortran_order = "False") {
        NpzWriter alone;
        alone.add("x", type, shape, std::vector<float>(values), fortran_order);
        return alone;
    };
    refuses(x("<c8", "2, 1, 1", 4), "type <c8");
    refuses(x("<f4", "2, 1, 9", 2), "holds 8 bytes, expected 72");
    refuses(NpzWriter(), "array x is missing");
    refuses(x("<f4", "2, 2", 4), "x: 2 axes, expected sequences x steps x features");
    refuses(x("<f4", "2, 2, 1", 4, "True"), "array x: in Fortran order, expected C order (numpy.ascontiguousarray)");
    refuses(x("<f4", "4294967296, 4294967296, 1", 4), "array x: more than 2147483648 values");
    refuses(x("<f4", "2, 2, 1", 4, "maybe"), "array x: its header is damaged");
    const auto with = [](const std::string& name, std::int64_t value) {
        NpzWriter whole = rising(false);
        whole.add(name, "<i8", "40,", std::vector<std::int64_t>(40, value));
        return whole;
    };
    refuses(with("lengths", 0), "lengths: sequence 0 has no steps");
    refuses(with("lengths", 7), "lengths: 7, allowed 0..6");
    refuses(with("split", 0), "no sequence is in the validation split");
    refuses(with("split", 3), "split: 3, allowed 0..2");
    const File file(writer);
    const std::string text = writer.text();
    write_file(file.path, text.substr(0, text.size() / 2));
    BOOST_CHECK_THROW(read_npz(file.path), DataError);
}

BOOST_AUTO_TEST_CASE(a_short_file_cannot_name_the_same_bytes_a_hundred_times) {
    NpzWriter writer;
    writer.add("x", "|u1", "60000,", std::vector<std::uint8_t>(60000));
    const std::string once = writer.directory;
    for (; writer.count < 100; ++writer.count) {
        std::string other = once;
        other[46] = static_cast<char>(writer.count);
        writer.directory += other;
    }
    refuses(writer, "more than 12 times the file's size");
}

BOOST_AUTO_TEST_SUITE_END()
