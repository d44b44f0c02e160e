#include <gtest/gtest.h>

#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

const std::string sample =
    "<?xml version=\"1.0\"?>\n<!-- a > b --><svg xmlns=\"http://www.w3.org/2000/svg\" "
    "onload='go(1)'>\n<script type=\"text/ecmascript\"><![CDATA[alert(\"<x>\")]]></script>"
    "<a xlink:href=\"https://a.example/\"><text>here</text></a>"
    "<a href=\"&#x6A;ava\tscript:alert%282%29\"/><image href=\"data:image/png;base64,iVBORw==\"/>"
    "<SCRIPT HREF=https://b.example/x.js></SCRIPT></svg>";

TEST(Svg, ScriptsHandlersAndDataAreMembersAndAddressesReferences)
{
    const auto unpacked = Unpacked::of(sample);
    EXPECT_EQ(unpacked.names(), (Names{"handler 1.js", "script 2.js", "script 3.js", "data 4"}));
    EXPECT_EQ(unpacked.content("handler 1.js"), "go(1)");
    EXPECT_EQ(unpacked.content("script 2.js"), "alert(\"<x>\")");
    EXPECT_EQ(unpacked.content("script 3.js"), "alert(2)");
    EXPECT_EQ(unpacked.content("data 4"), "\x89PNG");
    EXPECT_EQ(unpacked.references,
              (Names{"link https://a.example/", "load https://b.example/x.js"}));
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Svg, IsKnownBehindDeclarationsAndCommentsOnly)
{
    EXPECT_EQ(container_format(base::as_bytes(sample)), "svg");
    EXPECT_EQ(container_format(base::as_bytes("\xEF\xBB\xBF <svg>")), "svg");
    EXPECT_EQ(container_format(base::as_bytes("<!DOCTYPE svg PUBLIC \"-//W3C\"><svg:svg>")), "svg");
    EXPECT_EQ(container_format(base::as_bytes("<html><svg></svg></html>")), "");
    EXPECT_EQ(container_format(base::as_bytes("The tag <svg> begins an image.")), "");
}

TEST(Svg, CommentWithoutEndHidesNothing)
{
    const auto unpacked = Unpacked::of("<svg><!-- <script>alert(1)</script></svg>");
    EXPECT_EQ(unpacked.content("script 1.js"), "alert(1)");
}

TEST(Svg, StopsCleanlyAtEveryOffset)
{
    for (std::size_t end = 80; end < sample.size(); ++end) {
        const auto cut = Unpacked::of(std::string_view{sample}.substr(0, end));
        EXPECT_TRUE(cut.gaps.empty());
        EXPECT_LE(cut.members.size(), 5U);
    }
}

TEST(Svg, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.members_max = 1;
    EXPECT_EQ(Unpacked::of(sample, options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.limits.member_bytes_max = 6;
    EXPECT_EQ(Unpacked::of(sample, options).reasons(),
              (Names{"limit_member_bytes: script 2.js", "limit_member_bytes: script 3.js"}));
    options.limits = {};
    options.limits.total_bytes_max = 6;
    EXPECT_EQ(Unpacked::of(sample, options).reasons(), Names{"limit_total_bytes: script 2.js"});
}

} // namespace
} // namespace watchpost::unpack::test
