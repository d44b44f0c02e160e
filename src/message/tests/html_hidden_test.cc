// Which text of a document is seen, and which is not.
#include <gtest/gtest.h>

#include "message/charset.h"
#include "message/css.h"
#include "message/html.h"
#include "message/invisible.h"

namespace watchpost::message {
namespace {

/// "seen|hidden|ways".
std::string reading_of(std::string_view html)
{
    const auto reading = read_html(html);
    std::string result = reading.text + '|' + reading.hidden_text + '|';
    for (const auto& way : reading.hidden_by.names()) {
        result += result.back() == '|' ? way : ',' + way;
    }
    std::erase(result, '\n');
    return result;
}

struct Case {
    const char* html;
    const char* expected;
};

void PrintTo(const Case& row, std::ostream* out)
{
    *out << row.html;
}

class HiddenText : public testing::TestWithParam<Case> {};

TEST_P(HiddenText, IsKeptApart)
{
    EXPECT_EQ(reading_of(GetParam().html), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    ByOwnStyle, HiddenText,
    testing::Values(
        Case{"pay<i style='display:none'>xx</i>pal", "paypal|xx|display"},
        Case{"a<i style='DISPLAY : None !important'>b</i>", "a|b|display"},
        Case{"a<i style='display:/**/n\\6f ne'>b</i>", "a|b|display"},
        Case{"a<i style='visibility:hidden'>b<b style='visibility:visible'>c</b></i>",
             "ac|b|visibility"},
        Case{"a<i style='opacity:0'>b<b style='opacity:1'>c</b></i>", "a|bc|opacity"},
        Case{"a<i style='opacity:30%'>b</i>", "ab||"},
        Case{"a<i style='filter:alpha(opacity=0)'>b</i>", "a|b|opacity"},
        Case{"a<i style='font-size:0'>b<b style='font-size:12px'>c</b></i>", "ac|b|font_size"},
        Case{"a<i style='font-size:1px'>b</i>", "a|b|font_size"},
        Case{"a<i style='font:0/0 a'>b</i>", "a|b|font_size"},
        Case{"a<i style='font:700 14px/20px Arial'>b</i>", "ab||"},
        Case{"a<i style='font-size:10%'><b style='font-size:1em'>b</b></i>", "a|b|font_size"},
        Case{"a<i style='color:#fff'>b</i>", "a|b|color"},
        Case{"a<i style='color:rgba(0,0,0,0)'>b</i>", "a|b|color"},
        Case{"<p style='background:#336699 none'>a<i style='color:rgb(51, 102, 150)'>b</i></p>",
             "a|b|color"},
        Case{"<p style='background:#000;color:white'>a<i style='color:black'>b</i></p>",
             "a|b|color"},
        Case{"<p style='background:url(x.png) #fff;color:#fff'>a</p>", "a||"},
        Case{"<p style='background-image:linear-gradient(red,blue);color:#fff'>a</p>", "a||"},
        Case{"a<i style='position:absolute;left:-9999px'>b</i>", "a|b|position"},
        Case{"a<i style='text-indent:-9999em'>b</i>", "a|b|position"},
        Case{"a<i style='transform:translate(-5000px)'>b</i>", "a|b|position"},
        Case{"a<i style='left:-9999px'>b</i>", "ab||"}, // it is not placed
        Case{"a<i style='max-height:0;overflow:hidden'>b</i>", "a|b|clipping"},
        Case{"a<i style='width:0px;overflow-x:hidden'>b</i>", "a|b|clipping"},
        Case{"a<i style='max-height:0'>b</i>", "ab||"},
        Case{"a<i style='position:absolute;clip:rect(0 0 0 0)'>b</i>", "a|b|clipping"},
        Case{"a<i style='clip-path:inset(50%)'>b</i>", "a|b|clipping"},
        Case{"a<i style='transform:scale(0)'>b</i>", "a|b|clipping"}));

INSTANTIATE_TEST_SUITE_P(
    ByAttributes, HiddenText,
    testing::Values(Case{"a<i hidden>b</i>", "a|b|attribute"},
                    Case{"a<font color=white>b</font>", "a|b|color"},
                    Case{"<table bgcolor='#EEE'><tr><td><font color='#eeeeee'>b", "|b|color"},
                    Case{"<body bgcolor=black text=white>a<font color=black>b", "a|b|color"},
                    Case{"<body background=x.png text=white>a", "a||"},
                    Case{"<body bgcolor=black text=black><a href=x>a</a>b", "a|b|color"},
                    // Read as of old, a table does not inherit what is around it.
                    Case{"<div style='font-size:0'>a<table><tr><td>b</table></div>",
                         "b|a|font_size"},
                    Case{"<!doctype html><div style='font-size:0'>a<table><tr><td>b</table></div>",
                         "|ab|font_size"}));

INSTANTIATE_TEST_SUITE_P(
    BySheet, HiddenText,
    testing::Values(
        Case{"<style>.h{display:none}</style>a<i class='x H'>b</i>", "a|b|display"},
        Case{"a<i id=h>b</i><style>p, #h , .z {display:none}</style>", "a|b|display"},
        Case{"<style>i{display:none} i.s{display:inline}</style>a<i>b</i><i class=s>c</i>",
             "ac|b|display"},
        Case{"<style>.a{display:none}.b{display:block}</style><i class='b a'>a</i>", "a||"},
        Case{"<style>.a{display:none!important}.b{display:block}</style><i class='b a'>a</i>",
             "|a|display"},
        Case{"<style>.a{color:#fff;color:#000}</style><i class=a>a</i>", "a||"},
        Case{"<style>@media print{.a{display:none}}</style><i class=a>a</i>", "a||"},
        Case{"<style>@media (max-width:600px){.a{display:none}}.b{opacity:0}</style>"
             "<i class=a>a</i><i class=b>b",
             "a|b|opacity"},
        Case{"<style>@media screen{.a{display:none}}</style><i class=a>a</i>", "|a|display"},
        Case{"<style media=print>.a{display:none}</style><i class=a>a</i>", "a||"},
        Case{"<style><!-- @import 'x'; .a{display:none} --></style>b<i class=a>a</i>",
             "b|a|display"},
        Case{"<style>div .a{display:none}.a:hover{display:none}</style><i class=a>a</i>", "a||"},
        Case{"<style>.a{display:none}</style><i class=a style='display:inline'>a</i>", "a||"}));

INSTANTIATE_TEST_SUITE_P(ByCharacters, HiddenText,
                         testing::Values(Case{"pa&#8203;y&shy;p&zwnj;al", "paypal||"},
                                         Case{"&#x200b;&#xfeff;", "||"},
                                         // "hi", spelled with characters of the block Tags
                                         Case{"a&#xE0068;&#xE0069;", "a|hi|characters"},
                                         // what emoji and scripts need stays
                                         Case{"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
                                              "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb||"}));

TEST(HiddenTextPlaces, FragmentsOfDifferentPlacesAreLinesOfTheirOwn)
{
    const auto reading =
        read_html("a<i hidden>one</i>b<i hidden>two <b>three</b></i><p hidden>four</p>");
    EXPECT_EQ(reading.text, "ab\n");
    EXPECT_EQ(reading.hidden_text, "one\ntwo three\nfour\n");
}

TEST(HiddenTextPlaces, LinkShowsWhatIsSeenOfIt)
{
    const auto reading = read_html("<a href=http://e/>pay<i hidden>not</i>pal</a>");
    EXPECT_EQ(reading.links.at(0).display_text, "paypal");
}

TEST(HtmlCells, OfOneLetterEachAreWords)
{
    const auto text = [](std::string_view cells) {
        return read_html("<table><tr>" + std::string{cells} + "</tr></table>").text;
    };
    EXPECT_EQ(text("<td>P<td>a<td>y<td>p<td>a<td>l"), "Paypal\n");
    EXPECT_EQ(text("<td>P<td>a<td>y<td>&nbsp;<td>m<td>e<td>!<td>now"), "Pay me! now\n");
    EXPECT_EQ(text("<td>1<td>2<td>total<td>3<td>4"), "1 2 total 3 4\n");
    EXPECT_EQ(text("<td>\xc3\xa4<td>b<td><b> c </b></tr><tr><td>d<td>e<td>f"), "\xc3\xa4"
                                                                               "bc\ndef\n");
    EXPECT_EQ(text("<td>a<td>b<td><table><tr><td>c<td>d<td>e</table><td>f"), "a b\ncde\nf\n");
}

TEST(CssLimits, RulesBeyondTheLimitCutAndSaySo)
{
    HtmlLimits limits;
    limits.style_rules_max = 1;
    const auto reading = read_html("<style>b,.a{display:none}</style>x<i class=a>y", limits);
    EXPECT_TRUE(reading.was_cut);
    EXPECT_EQ(reading.text, "xy\n");
}

std::string repeated(std::string_view text, std::size_t count)
{
    std::string result;
    for (std::size_t i = 0; i < count; ++i) {
        result += text;
    }
    return result;
}

// What would take minutes if any of it were worse than its size: the test's time limit tells.
TEST(CssLimits, HugeSheetsAndClassesCostTheirSize)
{
    for (const std::string& html : {
             "<style>" + repeated("@media x{", 200'000) + "</style>a",
             "<style>" + repeated(".a,", 500'000) + "b{display:none;color:red}</style>a",
             "<style>" + repeated(".a{display:none;", 100'000) + "</style>a",
             "<style>" + repeated("/*", 800'000) + "</style>a",
             "<style>*{color:red}.a{opacity:0}</style><p class='" + repeated("a ", 800'000) + "'>",
             "<p style='" + repeated("display:none;", 100'000) + "'>",
             "<p style='font:" + repeated("1 ", 800'000) + "'>",
             "<p style='transform:" + repeated("translate(", 150'000) + "'>",
             "<table><tr>" + repeated("<td>a", 90'000),
             "<script>" + repeated("'a'+", 400'000) + "</script>",
             "<script>" + repeated("[1,", 500'000) + "</script>",
             "<script>" + repeated("data:a/", 200'000) + "</script>",
             repeated("<a href='data:;,", 90'000) + "'>",
             "<base href='http://b/" + repeated("./", 2'000) + "'>" +
                 repeated("<a href=../x>", 6'000),
             repeated("&#8203;", 300'000),
         }) {
        const auto reading = read_html(html);
        EXPECT_TRUE(is_valid_utf8(reading.text + reading.hidden_text));
    }
}

} // namespace
} // namespace watchpost::message
