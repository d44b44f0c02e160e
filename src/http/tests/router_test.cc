#include "http/router.h"

#include <gtest/gtest.h>

namespace watchpost::http {
namespace {

class RouterTest : public testing::Test {
protected:
    std::optional<Router::Match> find(std::string_view method, std::string_view path)
    {
        allowed.clear();
        return router.find(method, path, miss, allowed);
    }

    Router router;
    Router::Miss miss{};
    std::vector<std::string> allowed;
};

TEST_F(RouterTest, ParametersAreTakenFromThePath)
{
    router.add("GET", "/alerts");
    const auto close = router.add("POST", "/alerts/{alert_id}/close");
    const auto match = find("POST", "/alerts/42/close");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->route, close);
    EXPECT_EQ(match->parameters, (NamedValues{{"alert_id", "42"}}));
}

TEST_F(RouterTest, ALiteralSegmentWinsOverAParameter)
{
    router.add("GET", "/alerts/{alert_id}");
    const auto literal = router.add("GET", "/alerts/export");
    EXPECT_EQ(find("GET", "/alerts/export")->route, literal);
}

TEST_F(RouterTest, AWrongMethodIsToldFromAWrongPath)
{
    router.add("GET", "/alerts");
    EXPECT_FALSE(find("PUT", "/alerts"));
    EXPECT_EQ(miss, Router::Miss::no_such_method);
    EXPECT_EQ(allowed, std::vector<std::string>{"GET"});
    EXPECT_FALSE(find("GET", "/alerts/"));
    EXPECT_EQ(miss, Router::Miss::no_such_path);
}

} // namespace
} // namespace watchpost::http
