#include "message/html.h"

#include <gtest/gtest.h>

#include "message/charset.h"
#include "message/text_links.h"

namespace watchpost::message {
namespace {

std::string text_of(std::string_view html)
{
    return read_html(html).text;
}

/// "source href [shown]|…"
std::string links_of(std::string_view html)
{
    std::string text;
    for (const auto& link : read_html(html).links) {
        text += text.empty() ? "" : "|";
        text += std::string{link.source} + ' ' + link.href;
        text += link.display_text.empty() ? "" : " [" + link.display_text + ']';
    }
    return text;
}

TEST(HtmlText, BlocksAreLinesAndWhiteSpaceIsOne)
{
    EXPECT_EQ(text_of("<p>one\n  two</p><div>three<br>four</div>five"),
              "one two\nthree\nfour\nfive\n");
    EXPECT_EQ(text_of("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
              "a b\nc\n");
    EXPECT_EQ(text_of("a&nbsp;&amp;&#98;<b> c</b>d"), "a &b cd\n");
    EXPECT_EQ(text_of("<pre>one\n  two</pre>"), "one\n  two\n");
}

TEST(HtmlText, ScriptsStylesTitlesAndCommentsAreLeftOut)
{
    EXPECT_EQ(
        text_of("<html><head><title>t</title><style>s</style></head><body>x<script>1</script>"
                "<!-- c -->y<template>z</template><object data=o>fallback</object></body></html>"),
        "xyfallback\n");
}

TEST(HtmlText, DamagedHtmlIsReadAsBrowsersDo)
{
    EXPECT_EQ(text_of("<p>one<p>two<b>three"), "one\ntwothree\n");
    EXPECT_EQ(text_of(""), "");
    EXPECT_EQ(text_of("no tags"), "no tags\n");
    EXPECT_EQ(text_of("a <3 b"), "a <3 b\n");
}

TEST(HtmlLinks, EachKindOfElementWithTheTextThatIsShown)
{
    EXPECT_EQ(links_of("<a href=' https://evil.example/\n'>www.<b>bank</b>.example</a>"),
              "href https://evil.example/ [www.bank.example]");
    EXPECT_EQ(links_of("<base href='http://b/'><img src=i.png><form action='/f'><iframe src=j>"),
              "base http://b/|src http://b/i.png|action http://b/f|src http://b/j");
    EXPECT_EQ(links_of("<link rel=stylesheet href=c.css><script src=s.js></script><area href=m>"),
              "href c.css|src s.js|href m");
    EXPECT_EQ(links_of("<meta http-equiv=Refresh content=\"0; URL='https://e/'\">"),
              "refresh https://e/");
    EXPECT_EQ(links_of("<a name=x>no link</a><button formaction=b>"), "action b");
}

TEST(HtmlLinks, AddressesInTheTextAreLinksButNotInsideALink)
{
    EXPECT_EQ(links_of("see https://a.example/x. <a href=h>https://b.example</a>"),
              "text https://a.example/x|href h [https://b.example]");
}

TEST(HtmlLinks, LongAddressesAreCutAndOnlyDataAddressesSilently)
{
    HtmlLimits limits;
    limits.link_bytes_max = 8;
    const auto data = read_html("<img src='data:image/png;base64,AAAA'>", limits);
    EXPECT_EQ(data.links.at(0).href, "data:ima");
    EXPECT_FALSE(data.links_were_cut);
    EXPECT_TRUE(read_html("<a href='https://example'>x</a>", limits).links_were_cut);
}

TEST(HtmlLimitsReached, DepthTagsAttributesAndLinksCutAndSaySo)
{
    HtmlLimits limits;
    limits.guard.depth_max = 2;
    const auto deep = read_html("<div>one<div>two<div>three", limits);
    EXPECT_TRUE(deep.was_cut);
    EXPECT_EQ(deep.text, "one\ntwo\n");

    limits = {};
    limits.guard.tags_max = 1;
    EXPECT_TRUE(read_html("<b>x</b>", limits).was_cut);
    limits = {};
    limits.guard.attributes_max = 2;
    EXPECT_TRUE(read_html("<b a b c>", limits).was_cut);
    limits = {};
    limits.links_max = 1;
    EXPECT_TRUE(read_html("<a href=x>x</a><a href=y>y</a>", limits).links_were_cut);
    EXPECT_FALSE(read_html("<a href=x>x</a>", limits).was_cut);
}

TEST(HtmlLimitsReached, WhatNeedsTooMuchMemoryIsReadInPart)
{
    std::string html = "<p>start</p>";
    for (int i = 0; i < 300; ++i) {
        html += "<font id=" + std::to_string(i) + '>';
    }
    for (int i = 0; i < 90'000; ++i) { // each paragraph opens the 300 again
        html += "<p>x";
    }
    HtmlLimits limits;
    limits.memory_bytes_max = std::size_t{16} << 20U;
    const auto reading = read_html(html, limits);
    EXPECT_TRUE(reading.was_cut);
    EXPECT_TRUE(reading.text.starts_with("start\n"));
}

TEST(HtmlGuard, RootElementsThatGumboMergesAreCountedOverTheText)
{
    std::string html;
    for (int i = 0; i < 60'000; ++i) {
        html += "<html a" + std::to_string(i) + "=b>";
    }
    EXPECT_LT(safe_html_prefix(html, {}), 2'000U);
}

TEST(HtmlGuard, ElementsThatCloseThemselvesDoNotCountOutsideForeignContent)
{
    std::string rows = "<table>";
    std::string foreign = "<svg>";
    for (int i = 0; i < 1'000; ++i) {
        rows += "<tr><td>x<br><p>y<li>z";
        foreign += "<td>";
    }
    EXPECT_EQ(safe_html_prefix(rows, {}), rows.size());
    EXPECT_LT(safe_html_prefix(foreign, {}), foreign.size());
    EXPECT_EQ(safe_html_prefix("a < b", {}), 5U);
}

TEST(HtmlGuard, ClosingTagThatClosesNothingDoesNotHideNesting)
{
    std::string html;
    for (int i = 0; i < 1'000; ++i) {
        html += "<div></x>";
    }
    EXPECT_LT(safe_html_prefix(html, {}), html.size());
}

TEST(HtmlGuard, AttributesAreCountedBehindQuotesSlashesAndFalseStarts)
{
    const auto is_cut = [](const std::string& html) {
        return safe_html_prefix(html, {}) < html.size();
    };
    std::string many;
    for (int i = 0; i < 110; ++i) {
        many += " a" + std::to_string(i);
    }
    EXPECT_TRUE(is_cut("<b" + many));
    EXPECT_TRUE(is_cut("<b x='>'" + many));
    EXPECT_TRUE(is_cut("<b x=\">\"" + many));
    EXPECT_TRUE(is_cut("<b x = '>' " + many));
    EXPECT_TRUE(is_cut("<!-- <i x=\" --><b" + many));
    EXPECT_TRUE(is_cut("<b ='" + many + "'>"));
    EXPECT_FALSE(is_cut("<b x='" + many + "'>" + many));
    EXPECT_FALSE(is_cut("<b>" + many));
}

TEST(HtmlStanding, StopsCleanlyAtEveryOffsetWithValidUtf8)
{
    const std::string_view html = "<html><a href='x\xc3\xa9' b>t\xc3\xa9</a><!-- c --><svg><path/>"
                                  "</svg><table><b>x<td>y&eacute;&#x110000;<script>z";
    for (std::size_t length = 0; length <= html.size(); ++length) {
        const auto reading = read_html(html.substr(0, length));
        EXPECT_TRUE(is_valid_utf8(reading.text));
        EXPECT_FALSE(reading.was_cut);
    }
}

TEST(HtmlHostile, MebibytesOfNestingAttributesAndFormattingEnd)
{
    for (const std::string_view unit :
         {"<b>",           "<div>",    "<p>",        "<a b=",
          "<font size=1>", "<table>",  "<table><b>", "</p>",
          "<svg>",         "<i><p>",   "<a href=x>", "<!--",
          "<![CDATA[",     "&",        "&a",         "<select><option>",
          "<x a b ",       "<li><ul>", "</b>",       "<",
          "<b x='",        "<nobr>",   "<math><mi>", "<template>"}) {
        SCOPED_TRACE(unit);
        std::string html;
        while (html.size() < (std::size_t{1} << 20U)) {
            html += unit;
        }
        EXPECT_LE(read_html(html).text.size(), 4 * html.size());
    }
}

// Each <b> is compared with all that are open, attribute by attribute.
TEST(HtmlHostile, FormattingElementsWithAsManyAttributesAsAllowedEnd)
{
    std::string html;
    for (int i = 0; html.size() < (std::size_t{2} << 20U); ++i) {
        html += "<b";
        for (int j = 0; j < 90; ++j) {
            html += " a" + std::to_string(j);
        }
        html += " z=" + std::to_string(i) + ">";
        html += i > 290 ? "</b>" : "";
    }
    EXPECT_TRUE(read_html(html).was_cut);
}

TEST(TextLinks, AddressesAreFoundWithoutThePunctuationAroundThem)
{
    using Links = std::vector<std::string_view>;
    EXPECT_EQ(find_text_links("go to HTTP://a.example/x?y=(z), now", 9),
              Links{"HTTP://a.example/x?y=(z)"});
    EXPECT_EQ(find_text_links("(see www.a.example) <ftp://b/> mailto:c@d!", 9),
              (Links{"www.a.example", "ftp://b/", "mailto:c@d"}));
    EXPECT_EQ(find_text_links("awww.a http:// www. mailto:", 9), Links{});
    EXPECT_EQ(find_text_links("https://a https://b", 1), Links{"https://a"});
}

TEST(TextLinks, CutsAreNeverInsideACharacter)
{
    EXPECT_EQ(cut_utf8("a\xc3\xa9", 2), "a");
    EXPECT_EQ(cut_utf8("a\xc3\xa9", 3), "a\xc3\xa9");
    EXPECT_EQ(cut_utf8("\xc3\xa9", 0), "");
}

} // namespace
} // namespace watchpost::message
