// HTML that travels as RTF. [MS-OXRTFEX]
#include "unpack/rtf_html.h"

#include <gtest/gtest.h>

#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

/// As Outlook writes it, shortened from [MS-OXRTFEX] §4.
const std::string sample =
    "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl\r\n"
    "{\\f0\\fswiss Arial;}}{\\colortbl;\\red0\\green0\\blue0;}\r\n"
    "{\\*\\htmltag64 <html>}\\uc1\\pard\\plain\\deftab360 \\f0\\fs24 \r\n"
    "{\\*\\htmltag84 <a href=\"https://e.example/\\'7b\">}\\htmlrtf {\\field{\\*\\fldinst X}"
    "{\\fldrslt \\htmlrtf0 shown\\htmlrtf }}\\htmlrtf0 {\\*\\htmltag92 </a>}\r\n"
    "{\\*\\mhtmltag84 <a href=\"cid:1\">}caf\\'e9 \\u8364?\\{x\\}\\par\r\n"
    "{\\*\\htmltag72 </html>}}";

std::string html_of(std::string_view rtf)
{
    return read_rtf_html(base::as_bytes(rtf)).value_or("(none)");
}

TEST(RtfHtml, HtmlComesOutAsItWas)
{
    EXPECT_EQ(html_of(sample), "<html><a href=\"https://e.example/{\">shown</a>"
                               "caf\xe9 &#8364;{x}\r\n</html>");
}

TEST(RtfHtml, RtfThatIsNotFromHtmlHoldsNone)
{
    EXPECT_EQ(html_of("{\\rtf1 text}"), "(none)");
    EXPECT_EQ(html_of("{\\rtf1\\fromhtml0 {\\*\\htmltag <b>}}"), "(none)");
    EXPECT_EQ(html_of("{\\rtf1\\fromtext text}"), "(none)");
}

TEST(RtfHtml, CharactersBeyondSixteenBitsAreOne)
{
    EXPECT_EQ(html_of("{\\rtf1\\fromhtml1 \\u-10179?\\u-8704?}"), "&#128512;");
    EXPECT_EQ(html_of("{\\rtf1\\fromhtml1 \\uc0\\u60 b>}"), "<b>");
}

TEST(RtfHtml, IsAMemberThatIsReadAsHtml)
{
    const auto unpacked = Unpacked::of(sample);
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_EQ(unpacked.members[0].name, "rtf body.html");
    EXPECT_EQ(unpacked.members[0].content, html_of(sample));
}

TEST(RtfHtml, ReadingStopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        const auto html = read_rtf_html(base::as_bytes(std::string_view{sample}.substr(0, length)));
        EXPECT_LE(html.value_or("").size(), 3 * length);
    }
}

TEST(RtfHtml, ManyOpenGroupsAreNoDanger)
{
    EXPECT_EQ(html_of("{\\rtf1\\fromhtml1 " + std::string(100'000, '{') + "x"), "x");
}

} // namespace
} // namespace watchpost::unpack::test
