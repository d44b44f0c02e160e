#include "diag/quote.h"

#include <gtest/gtest.h>

namespace watchpost::diag {
namespace {

TEST(Quote, PrintableTextStays)
{
    EXPECT_EQ(quote("-ERR [AUTH] Größe 日本 😀"), "-ERR [AUTH] Größe 日本 😀");
}

TEST(Quote, TerminalAndLineControlsAreShownNotSent)
{
    EXPECT_EQ(quote("a\r\nb\x1b[31m\x7f"), "a\\x0d\\x0ab\\x1b[31m\\x7f");
    EXPECT_EQ(quote("back\\slash"), "back\\\\slash");
}

TEST(Quote, RightToLeftOverrideAndZeroWidthAreShown)
{
    EXPECT_EQ(quote("a\u202Eb\u200Bc"), "a\\u{202e}b\\u{200b}c");
    EXPECT_EQ(quote("\u0085"), "\\u{0085}");
}

TEST(Quote, OctetsThatAreNotUtf8AreShown)
{
    EXPECT_EQ(quote("\xff\xc0\x80\xed\xa0\x80"), "\\xff\\xc0\\x80\\xed\\xa0\\x80");
    EXPECT_EQ(quote("\xe2\x82"), "\\xe2\\x82");
}

TEST(Quote, LongTextIsCutAndSaysSo)
{
    EXPECT_EQ(quote("abcdef", 2), "ab… (4 more bytes)");
}

TEST(ValidUtf8, BadOctetsBecomeTheReplacementCharacter)
{
    EXPECT_EQ(to_valid_utf8("ok \xff\xc3\xa9"), "ok \uFFFDé");
}

TEST(ValidUtf8, AnOctetThatIsNotUtf8IsMendedAtEachPlace)
{
    for (std::size_t octets = 1; octets <= 20; ++octets) {
        for (std::size_t at = 0; at < octets; ++at) {
            std::string text(octets, 'a');
            EXPECT_EQ(to_valid_utf8(text), text);
            text[at] = '\x80';
            EXPECT_EQ(to_valid_utf8(text),
                      std::string(at, 'a') + "\uFFFD" + std::string(octets - at - 1, 'a'));
        }
    }
}

} // namespace
} // namespace watchpost::diag
