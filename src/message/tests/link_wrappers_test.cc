#include "message/link_wrappers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "message/charset.h"
#include "message/percent_encoding.h"
#include "message/web_address.h"

namespace watchpost::message {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

/// "Google redirect https://…", a line a step.
Lines steps_of(std::string_view url)
{
    Lines lines;
    for (const auto& step : unwrap_link(url).steps) {
        lines.push_back(std::string{step.wrapper} + ' ' + step.url);
    }
    return lines;
}

struct Case {
    std::string_view url;
    std::string_view wrapper;
    std::string_view target;
};

class LinkWrappers : public testing::TestWithParam<Case> {};

TEST_P(LinkWrappers, TheTargetIsReadFromTheLink)
{
    const auto& [url, wrapper, target] = GetParam();
    EXPECT_THAT(steps_of(url), ElementsAre(std::string{wrapper} + ' ' + std::string{target}));
}

INSTANTIATE_TEST_SUITE_P(
    Microsoft, LinkWrappers,
    testing::Values(
        Case{"https://nam02.safelinks.protection.outlook.com/"
             "?url=https%3A%2F%2Fa.example%2Fp%3Fx%3D1%26y%3D2&data=05%7C01&sdata=Z%3D&reserved=0",
             "Microsoft Safe Links", "https://a.example/p?x=1&y=2"},
        Case{"https://eur01.safelinks.protection.outlook.com/"
             "?url=http%3A%2F%2Fa.example%2F&amp;data=05",
             "Microsoft Safe Links", "http://a.example/"},
        Case{"https://gbr01.safelinks.protection.outlook.com/ap/w-59584e83/"
             "?url=https%3A%2F%2Fa.example%2Fx.docx&data=1",
             "Microsoft Safe Links", "https://a.example/x.docx"},
        Case{"https://safelinks.protection.outlook.com/GetUrl?data=5&URL=https%3A%2F%2Fa.example",
             "Microsoft Safe Links", "https://a.example"},
        Case{"https://gcc02.safelinks.protection.office365.us/?url=https%3A%2F%2Fa.example",
             "Microsoft Safe Links", "https://a.example"},
        Case{"https://can01.safelinks.protection.partner.outlook.cn/?url=https%3A%2F%2Fa.example",
             "Microsoft Safe Links", "https://a.example"},
        Case{"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/"
             "atp-safelinks.html?url=https%3A%2F%2Fa.example&locale=en",
             "Microsoft Safe Links", "https://a.example"}));

INSTANTIATE_TEST_SUITE_P(
    Proofpoint, LinkWrappers,
    testing::Values(
        Case{"https://urldefense.proofpoint.com/v1/url?u=http://a.example/"
             "%3Fx%3D1%26amp%3By%3D2&k=abc%0A",
             "Proofpoint URL Defense v1", "http://a.example/?x=1&y=2"},
        Case{"https://urldefense.proofpoint.com/v2/"
             "url?u=https-3A__a.example_path_file-5Fname-3Fx-3D1-26y-3D2-23top&d=DwMFaQ&c=Z&r=R&m="
             "M&s=S&e=",
             "Proofpoint URL Defense v2", "https://a.example/path/file_name?x=1&y=2#top"},
        Case{"https://urldefense.com/v3/__https://a.example/path?x=1&y=2__;!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/path?x=1&y=2"},
        // "Iw" is "#", "w6k" is "é" and "IyM" is "##".
        Case{"https://urldefense.com/v3/__https://a.example/page*top__;Iw!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/page#top"},
        Case{"https://urldefense.us/v3/__https://a.example/caf*__;w6k!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/caf\xc3\xa9"},
        Case{"https://urldefense.proofpoint.com/v3/__https://a.example/**A/x__;IyM!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/##/x"},
        // A run of three (B), then one more: the base64 of "###!".
        Case{"https://urldefense.com/v3/__https://a.example/**Bx*__;IyMjIQ!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/###x!"},
        Case{"https://urldefense.com/v3/__https:/a.example/x__;!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/x"},
        Case{"https://urldefense.com/v3/__https://a.example/more*than*there__;Iw!!Nw!tok$",
             "Proofpoint URL Defense v3", "https://a.example/more#thanthere"}));

INSTANTIATE_TEST_SUITE_P(
    Others, LinkWrappers,
    testing::Values(
        Case{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2fx&c=E,1,abc,,&typo=1",
             "Barracuda Link Protection", "https://a.example/x"},
        Case{"https://secure-web.cisco.com/1aBc-D_e/https%3A%2F%2Fa.example%2Fp%3Fx%3D1",
             "Cisco Secure Email", "https://a.example/p?x=1"},
        Case{"http://secure-web.cisco.com/1aBc-D_e/http://a.example/p?x=1", "Cisco Secure Email",
             "http://a.example/p?x=1"},
        Case{"https://ddec1-0-en-ctp.trendmicro.com:443/wis/clicktime/v1/"
             "query?url=https%3a%2f%2fa.example%2fx&umid=1&auth=2",
             "Trend Micro", "https://a.example/x"},
        Case{"https://us-west-2.protection.sophos.com/"
             "?d=a.example&u=aHR0cHM6Ly9hLmV4YW1wbGUveA==&i=1&t=2&h=3",
             "Sophos Email", "https://a.example/x"},
        Case{"https://protect.checkpoint.com/v2/r01/___https://a.example/x?y=1___.YzJl",
             "Check Point", "https://a.example/x?y=1"},
        Case{"https://url.avanan.click/v2/___https:/a.example/x___.YXA", "Check Point",
             "https://a.example/x"},
        Case{"https://clicktime.symantec.com/3Abc?u=https%3A%2F%2Fa.example%2F",
             "Symantec Click-time", "https://a.example/"},
        Case{"https://protect2.fireeye.com/v1/url?k=1&q=1&e=2&u=https%3A%2F%2Fa.example%2F",
             "FireEye", "https://a.example/"},
        Case{"https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9hLmV4YW1wbGUveA&ntb=1",
             "Bing redirect", "https://a.example/x"},
        Case{"https://duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2F&rut=1",
             "DuckDuckGo redirect", "https://a.example/"},
        Case{"https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F&h=AT0", "Facebook redirect",
             "https://a.example/"},
        Case{"https://slack-redir.net/link?url=https%3A%2F%2Fa.example%2F", "Slack redirect",
             "https://a.example/"},
        Case{"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fa.example%2F",
             "YouTube redirect", "https://a.example/"},
        Case{"https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fa.example&urlhash=x",
             "LinkedIn redirect", "https://a.example"}));

INSTANTIATE_TEST_SUITE_P(
    Google, LinkWrappers,
    testing::Values(
        Case{"https://www.google.com/url?q=https://a.example/x&sa=D&source=editors",
             "Google redirect", "https://a.example/x"},
        Case{"http://google.co.uk/url?sa=t&url=http%3A%2F%2Fa.example%2F&usg=1", "Google redirect",
             "http://a.example/"},
        Case{"https://maps.google.com.br/url?q=https%3A%2F%2Fa.example", "Google redirect",
             "https://a.example"},
        Case{"https://www.googleadservices.com/pagead/aclk?sa=L&ai=1&adurl=https://a.example/x",
             "Google advertisement", "https://a.example/x"},
        Case{"https://adclick.g.doubleclick.net/pcs/click?xai=1&adurl=https%3A%2F%2Fa.example",
             "Google advertisement", "https://a.example"},
        Case{"https://ad.doubleclick.net/ddm/clk/1;2;x?https://a.example/y?z=1",
             "Google advertisement", "https://a.example/y?z=1"},
        Case{"https://www.google.com/amp/s/a.example/x?y=1", "Google AMP",
             "https://a.example/x?y=1"},
        Case{"https://www.google.de/amp/a.example/x", "Google AMP", "http://a.example/x"},
        Case{"https://a-example.cdn.ampproject.org/c/s/a.example/x", "Google AMP",
             "https://a.example/x"}));

INSTANTIATE_TEST_SUITE_P(
    SpellingsOfTheHost, LinkWrappers,
    testing::Values(
        Case{" HTTPS:\\\\WWW.Google.COM.:443\\url?q=https://a.example", "Google redirect",
             "https://a.example"},
        Case{"https:/www.google.com/x/../%2e/url?q=https://a.example", "Google redirect",
             "https://a.example"},
        Case{"ht\ntps://www.goo\tgle.com/url?q=https://a.example", "Google redirect",
             "https://a.example"},
        Case{"https://evil.example@www.google.com/url?q=https://a.example", "Google redirect",
             "https://a.example"},
        Case{"https://www.%67oogle.com/url?q=https://a.example", "Google redirect",
             "https://a.example"},
        Case{"https://\xef\xbc\xb7ww.google\xe3\x80\x82"
             "com/url?q=https://a.example",
             "Google redirect", "https://a.example"},
        Case{"www.google.com/url?q=https://a.example", "Google redirect", "https://a.example"},
        Case{"//www.google.com/url?q=https://a.example", "Google redirect", "https://a.example"}));

class NoWrapper : public testing::TestWithParam<std::string_view> {};

TEST_P(NoWrapper, AnotherHostOrNoTargetIsNotUnwrapped)
{
    EXPECT_EQ(steps_of(GetParam()), Lines{});
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, NoWrapper,
    testing::Values(
        "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fa.example",
        "https://evilsafelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example",
        "https://www.google.com@evil.example/url?q=https://a.example",
        "https://www.google.com%2f@evil.example/url?q=https://a.example",
        "https://evil.example\\@www.google.com/url?q=https://a.example",
        "https://evil.example/www.google.com/url?q=https://a.example",
        "https://evil.example#@www.google.com/url?q=https://a.example",
        "https://google.evil/url?q=https://a.example",
        "https://google.com.evil/url?q=https://a.example",
        "https://notgoogle.com/url?q=https://a.example",
        // Cyrillic letters for both "o".
        "https://www.g\xd0\xbe\xd0\xbegle.com/url?q=https://a.example",
        "https://www.google.com\xff/url?q=https://a.example",
        "https://xn--ggle-55da.com/url?q=https://a.example",
        "ftp://www.google.com/url?q=https://a.example",
        "javascript://www.google.com/url?q=https://a.example",
        "https://[2001:db8::1]/url?q=https://a.example"));

INSTANTIATE_TEST_SUITE_P(Targets, NoWrapper,
                         testing::Values("", "https://", "https://www.google.com",
                                         "https://www.google.com/url",
                                         "https://www.google.com/url?q=weather",
                                         "https://www.google.com/search?q=https://a.example",
                                         "https://urldefense.com/v3/__https://a.example",
                                         "https://urldefense.com/v2/url?d=1",
                                         "https://secure-web.cisco.com/1abc",
                                         "https://secure-web.cisco.com/auth/sign-in",
                                         "https://us-west-2.protection.sophos.com/?u=%%%",
                                         "https://www.google.com/amp/s/x"));

TEST(LinkWrapperChains, WrappersWithinWrappersAreTakenOffOneByOne)
{
    EXPECT_THAT(
        steps_of(
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2F"
            "v3%2F__https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Fa.example%2Fx__%3B!!"
            "Nw!tok%24&data=1"),
        ElementsAre("Microsoft Safe Links "
                    "https://urldefense.com/v3/__https://www.google.com/url?q=https://a.example/"
                    "x__;!!Nw!tok$",
                    "Proofpoint URL Defense v3 https://www.google.com/url?q=https://a.example/x",
                    "Google redirect https://a.example/x"));
}

/// `depth` redirects around one another, each encoded once more.
std::string nested(std::size_t depth)
{
    std::string url = "https://a.example/";
    for (std::size_t i = 0; i < depth; ++i) {
        std::string encoded;
        for (const char c : url) {
            encoded += c == '%' ? std::string{"%25"} : std::string{c};
        }
        url = "https://www.google.com/url?q=" + encoded;
    }
    return url;
}

TEST(LinkWrapperChains, EightStepsAreTakenAndANinthIsSaid)
{
    const auto eight = unwrap_link(nested(UnwrappedLink::steps_max));
    ASSERT_EQ(eight.steps.size(), UnwrappedLink::steps_max);
    EXPECT_EQ(eight.steps.back().url, "https://a.example/");
    EXPECT_FALSE(eight.was_cut);
    const auto nine = unwrap_link(nested(UnwrappedLink::steps_max + 1));
    EXPECT_EQ(nine.steps.size(), UnwrappedLink::steps_max);
    EXPECT_TRUE(nine.was_cut);
}

TEST(LinkWrapperChains, BothTargetsOfADoubledParameterAreTold)
{
    EXPECT_THAT(steps_of("https://www.google.com/url?q=https://a.example&url=https://"
                         "b.example&q=https://c.example"),
                ElementsAre("Google redirect https://a.example",
                            "Google redirect https://c.example",
                            "Google redirect https://b.example"));
}

TEST(LinkWrapperChains, ALinkThatLeadsToItselfEnds)
{
    EXPECT_THAT(steps_of("https://www.google.com/url?q=www.google.com/url?q=x"),
                ElementsAre("Google redirect www.google.com/url?q=x"));
}

TEST(LinkWrapperTargets, WhatAUrlMayNotHoldIsEncodedAgain)
{
    EXPECT_THAT(steps_of("https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fa+b%20c%00%7F%FF"),
                ElementsAre("Google redirect https://a.example/a%20b%20c%00%7F%FF"));
    EXPECT_THAT(steps_of("https://www.google.com/url?q=%09%20https%3A%0D%0A%2F%2Fa.example%20"),
                ElementsAre("Google redirect https://a.example"));
}

TEST(LinkWrapperTargets, ATargetThatIsEncodedTwiceIsStillRead)
{
    EXPECT_THAT(steps_of("https://www.google.com/url?q=https%253A%252F%252Fa.example%252Fx%2520y"),
                ElementsAre("Google redirect https://a.example/x%20y"));
}

TEST(LinkWrapperTargets, OtherSchemesAreTargetsToo)
{
    EXPECT_THAT(steps_of("https://www.google.com/url?q=javascript%3Aalert(1)"),
                ElementsAre("Google redirect javascript:alert(1)"));
}

TEST(PercentEncoding, OnlyWholeTripletsAreDecodedAndOnce)
{
    EXPECT_EQ(percent_decode("%41%2f%25%32%35%4"), "A/%25%4");
    EXPECT_EQ(percent_decode("%zz%4g%%41+"), "%zz%4g%A+");
    EXPECT_THAT(query_values("A=1+2&%61=%2B&amp;a=3&b=4&a", "a"), ElementsAre("1 2", "+", "3"));
}

constexpr std::string_view standing = "https://nam02.safelinks.protection.outlook.com/"
                                      "?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2F"
                                      "a.example%2F**A__%3BIyM!!Nw%24&data=1";

TEST(LinkWrappersStanding, EveryPrefixEndsCleanly)
{
    for (std::size_t end = 0; end <= standing.size(); ++end) {
        SCOPED_TRACE(end);
        for (const auto& step : unwrap_link(standing.substr(0, end)).steps) {
            EXPECT_TRUE(is_valid_utf8(step.url));
            EXPECT_EQ(step.url.find_first_of(std::string_view{" \t\r\n\0", 5}), std::string::npos);
        }
    }
}

TEST(LinkWrappersStanding, TabsAndLineEndsAtAnyPlaceChangeNothing)
{
    const auto whole = steps_of(standing);
    for (std::size_t split = 0; split <= standing.size(); ++split) {
        SCOPED_TRACE(split);
        std::string broken{standing};
        broken.insert(split, "\r\n\t");
        EXPECT_EQ(steps_of(broken), whole);
    }
}

TEST(LinkWrappersStanding, AHostBeyondTheLimitIsNoAddress)
{
    const std::string label(WebAddress::host_bytes_max - 4, 'a');
    EXPECT_TRUE(parse_web_address("https://" + label + ".com/"));
    EXPECT_FALSE(parse_web_address("https://" + label + "b.com/"));
}

TEST(LinkWrapperTable, NamesAreForPeopleAndStandOnce)
{
    const auto names = wrapper_names();
    EXPECT_GE(names.size(), 9U);
    EXPECT_EQ(names.front(), "Microsoft Safe Links");
    for (const auto name : names) {
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
    }
}

} // namespace
} // namespace watchpost::message
