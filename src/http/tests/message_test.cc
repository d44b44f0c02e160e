#include "http/message.h"

#include <gtest/gtest.h>

namespace watchpost::http {
namespace {

TEST(HttpTarget, PathAndQueryAreDecoded)
{
    const auto target =
        parse_target("/alerts/a%20b?state=new&state=in%5Fprocess&q=a+b&flag").value();
    EXPECT_EQ(target.path, "/alerts/a b");
    const NamedValues expected{
        {"state", "new"}, {"state", "in_process"}, {"q", "a b"}, {"flag", ""}};
    EXPECT_EQ(target.query, expected);
}

TEST(HttpTarget, MalformedTargetsAreRefused)
{
    for (const auto* text : {"", "alerts", "*", "/a%", "/a%2", "/a%zz", "/a%00b", "/a?b=%g1"}) {
        EXPECT_FALSE(parse_target(text)) << text;
    }
}

TEST(HttpRequest, HeadersAreFoundInAnyCase)
{
    Request request;
    request.headers = {{"X-CSRF-Token", "abc"}};
    EXPECT_EQ(request.header("x-csrf-token"), "abc");
    EXPECT_EQ(request.header("x-csrf"), "");
}

TEST(HttpRequest, ACookieIsFoundByItsWholeName)
{
    Request request;
    request.headers = {{"Cookie", "xsession=1; session=two=2; other="}};
    EXPECT_EQ(request.cookie("session"), "two=2");
    EXPECT_EQ(request.cookie("other"), "");
    EXPECT_EQ(request.cookie("missing"), "");
}

} // namespace
} // namespace watchpost::http
