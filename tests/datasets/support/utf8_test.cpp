#include "datasets/support/utf8.h"

#include <boost/test/unit_test.hpp>

namespace gruve {
namespace {

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(text_stays_and_other_bytes_are_escaped) {
    for (const char* text : {"", "wake word", "grüße", "日本語", "🎤", "\x7f"}) {
        BOOST_TEST(is_utf8(text), text);
        BOOST_TEST(escaped(text) == text);
    }
    BOOST_TEST(escaped("gr\xfc\xdf"
                       "e") == "gr\\xfc\\xdfe");
    BOOST_TEST(escaped("ü\xfc") == "ü\\xfc");
    // Cut sequences, a lone continuation, overlong forms, a surrogate, a code point above U+10FFFF.
    for (const char* bytes : {"\xc3", "\xe6\x97", "\xf0\x9f\x8e", "\x80", "\xc0\xaf", "\xe0\x80\xaf",
                              "\xf0\x80\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
        BOOST_TEST(!is_utf8(bytes));
        BOOST_TEST(is_utf8(escaped(bytes)));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace gruve
