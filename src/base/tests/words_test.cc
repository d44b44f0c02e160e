#include "base/words.h"

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

TEST(Words, AreTakenOffOneByOne)
{
    std::string_view rest = "one two";
    EXPECT_EQ(take_word(rest), "one");
    EXPECT_EQ(rest, "two");
    EXPECT_EQ(take_word(rest), "two");
    EXPECT_TRUE(rest.empty());
    EXPECT_EQ(take_word(rest), "");
}

TEST(Words, AnEmptyOneStandsBetweenTwoSpaces)
{
    std::string_view rest = " x";
    EXPECT_EQ(take_word(rest), "");
    EXPECT_EQ(rest, "x");
}

} // namespace
} // namespace watchpost::base
