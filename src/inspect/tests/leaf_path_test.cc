#include <gtest/gtest.h>

#include "inspect/leaf_path.h"

namespace watchpost::inspect {
namespace {

TEST(LeafPath, SyntaxCharactersAndControlsOfANameArePercentEncoded)
{
    EXPECT_EQ(encode_member_name("a!b%c"), "a%21b%25c");
    EXPECT_EQ(encode_member_name(std::string_view{"a\0b\x1b\x7f", 5}), "a%00b%1B%7F");
    EXPECT_EQ(encode_member_name("x\xc2\x85y"), "x%C2%85y");
}

TEST(LeafPath, OtherCharactersStayAsTheyAre)
{
    EXPECT_EQ(encode_member_name("dir/Ünïcode \xe2\x82\xac \xf0\x9f\x93\x8e#1.txt"),
              "dir/Ünïcode \xe2\x82\xac \xf0\x9f\x93\x8e#1.txt");
}

TEST(LeafPath, OctetsThatAreNoUtf8BecomeTheReplacementCharacter)
{
    EXPECT_EQ(encode_member_name("a\xff"), "a\xef\xbf\xbd");
}

TEST(LeafPath, ALongNameIsCutAtACharacter)
{
    std::string name;
    for (int i = 0; i < 300; ++i) {
        name += "\xe2\x82\xac";
    }
    const auto step = encode_member_name(name);
    EXPECT_EQ(step.size(), path_step_bytes_max / 3 * 3);
    EXPECT_EQ(encode_member_name(std::string(1000, '!')).size() % 3, 0U);
}

TEST(LeafPath, DoublesAreNumberedFromTwo)
{
    MemberPaths paths{"2"};
    EXPECT_EQ(paths.claim("a.exe"), "2!a.exe");
    EXPECT_EQ(paths.claim("a.exe"), "2!a.exe#2");
    EXPECT_EQ(paths.claim("b.exe"), "2!b.exe");
    EXPECT_EQ(paths.claim("a.exe"), "2!a.exe#3");
}

TEST(LeafPath, AMemberThatIsNamedLikeADoubleTakesNoPathFromAnother)
{
    MemberPaths paths{"2"};
    EXPECT_EQ(paths.claim("a#2"), "2!a#2");
    EXPECT_EQ(paths.claim("a"), "2!a");
    EXPECT_EQ(paths.claim("a"), "2!a#3");
    EXPECT_EQ(paths.claim("a#2"), "2!a#2#2");
}

TEST(LeafPath, NamesThatDifferOnlyBehindTheCutAreToldApart)
{
    MemberPaths paths{"1"};
    const std::string stem(400, 'x');
    EXPECT_NE(paths.claim(stem + "1"), paths.claim(stem + "2"));
}

TEST(LeafPath, NamelessMembersGetAPathToo)
{
    MemberPaths paths{"1"};
    EXPECT_EQ(paths.claim(""), "1!");
    EXPECT_EQ(paths.claim(""), "1!#2");
}

} // namespace
} // namespace watchpost::inspect
