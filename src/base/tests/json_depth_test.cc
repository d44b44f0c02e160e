#include "base/json_depth.h"

#include <gtest/gtest.h>

#include <string>

namespace watchpost::base {
namespace {

TEST(JsonDepth, CountsWhatIsOpenAtOnce)
{
    EXPECT_FALSE(is_nested_deeper_than("", 0));
    EXPECT_FALSE(is_nested_deeper_than("7", 0));
    EXPECT_TRUE(is_nested_deeper_than("[]", 0));
    EXPECT_FALSE(is_nested_deeper_than(R"({"a":[1],"b":[2],"c":{"d":3}})", 2));
    EXPECT_TRUE(is_nested_deeper_than(R"({"a":[1],"b":[[2]]})", 2));
    EXPECT_TRUE(is_nested_deeper_than(std::string(1'000'000, '['), 64));
}

TEST(JsonDepth, BracketsInTextsDoNotCount)
{
    EXPECT_FALSE(is_nested_deeper_than(R"(["[[[[","\"[[[[","\\"])", 1));
    EXPECT_TRUE(is_nested_deeper_than(R"(["\\",[["x"]]])", 2));
    EXPECT_FALSE(is_nested_deeper_than("[\"\\", 1));
}

TEST(JsonDepth, MoreEndsThanBeginningsHideNothing)
{
    EXPECT_TRUE(is_nested_deeper_than("]]]][[[", 2));
}

} // namespace
} // namespace watchpost::base
