#include "datasets/support/hash.h"

#include <boost/test/unit_test.hpp>

namespace gruve {
namespace {

BOOST_AUTO_TEST_SUITE(hash)

// From the authors' list of test vectors (http://www.isthe.com/chongo/src/fnv/test_fnv.c).
BOOST_AUTO_TEST_CASE(fnv_1a_gives_the_published_values) {
    const auto hashed = [](std::string_view text) {
        Hash hash;
        hash.add(text.data(), text.size());
        return hash.text();
    };
    BOOST_TEST(hashed("") == "cbf29ce484222325");
    BOOST_TEST(hashed("a") == "af63dc4c8601ec8c");
    BOOST_TEST(hashed("foobar") == "85944171f73967e8");
}

BOOST_AUTO_TEST_CASE(pieces_hash_as_the_whole) {
    Hash whole, pieces;
    whole.add("foobar", 6);
    pieces.add("foo", 3);
    pieces.add("bar", 3);
    BOOST_TEST(pieces.value() == whole.value());
}

// Splits, mixtures and the seeds of training depend on these values, so they must never change.
BOOST_AUTO_TEST_CASE(hashes_of_names_keep_their_values) {
    BOOST_TEST(hash_of("", 0) == 0xf52a15e9a9b5e89bu);
    BOOST_TEST(hash_of("anna", 1) == 0x5f45b7efff00e481u);
    BOOST_TEST(hash_of("train", 123456789) == 0x358b258645223050u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
