#include "inspect/unwrapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/tests/recording_engine.h"
#include "support/collecting_sink.h"

namespace watchpost::inspect {
namespace {

using testing::Contains;
using watchpost::test::CollectingSink;

model::Link link_to(std::string url)
{
    return {std::move(url), "", "href", "1"};
}

TEST(Unwrapping, ALinkCarriesItsSteps)
{
    std::vector<model::Link> links{link_to("https://www.google.com/url?q=https://a.example/"),
                                   link_to("https://b.example/")};
    CollectingSink sink;
    unwrap_links(links, sink);
    ASSERT_EQ(links[0].unwrapped.size(), 1U);
    EXPECT_EQ(links[0].unwrapped[0],
              (model::UnwrappingStep{"Google redirect", "https://a.example/"}));
    EXPECT_TRUE(links[1].unwrapped.empty());
    EXPECT_TRUE(sink.gaps.empty());
}

TEST(Unwrapping, LinksThatAreWrappedTooDeepAreOneGap)
{
    std::string url = "https://a.example/";
    for (int i = 0; i < 9; ++i) {
        url = "https://www.google.com/amp/s/www.google.com/url?q=" + url;
    }
    std::vector<model::Link> links{link_to(url), link_to(url)};
    CollectingSink sink;
    unwrap_links(links, sink);
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "limit_link_steps");
    EXPECT_EQ(sink.gaps[0].detail, "a link is wrapped more than 8 times");
}

TEST(Unwrapping, WhatAllStepsHoldIsBounded)
{
    const std::string url = "https://www.google.com/url?q=https://a.example/";
    std::vector<model::Link> links{link_to(url), link_to(url)};
    CollectingSink sink;
    unwrap_links(links, sink, 20);
    EXPECT_EQ(links[0].unwrapped.size(), 1U);
    EXPECT_TRUE(links[1].unwrapped.empty());
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "limit_link_steps");
}

TEST(Unwrapping, EnginesAndReportSeeWhatBodiesAndDocumentsWrap)
{
    const auto result = test::run(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\n\r\nsee https://www.google.com/url?q=https://text.example/\r\n"
        "--b\r\nContent-Type: application/octet-stream; name=x.url\r\n\r\n"
        "[InternetShortcut]\r\nURL=https://secure-web.cisco.com/1a/https%3A%2F%2Ffile.example\r\n"
        "--b--\r\n");
    EXPECT_THAT(result.engine_saw, Contains("leads 1 https://text.example/"));
    EXPECT_THAT(result.engine_saw, Contains("leads 2 https://file.example"));
    const auto& links = result.report.message.body.links;
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[0].unwrapped.size(), 1U);
    EXPECT_EQ(links[1].unwrapped.size(), 1U);
}

} // namespace
} // namespace watchpost::inspect
