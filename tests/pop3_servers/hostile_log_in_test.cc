// Servers that break LOGIN, CRAM-MD5 or OAUTHBEARER, or never come to an end: the log-in ends with
// words for it, no secret goes out that they did not have, and nothing counts as a refused one.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using base::ErrorCode;
using pop3::Mechanism;

/// What the server says to the n-th line of the exchange, from 0; the last of it again and again.
using Lines = std::vector<std::string>;

class HostileLogIn : public testing::Test {
protected:
    collector::PollReport poll(Mechanism mechanism, Lines lines)
    {
        bench.settings.authentication = mechanism;
        bench.server.change([&](Pop3Script& script) {
            script.commands.clear();
            script.capabilities = {"UIDL", "USER", "SASL " + std::string{name_of(mechanism)}};
            script.sasl = [lines = std::move(lines),
                           said = std::size_t{0}](const std::string&, const std::string&) mutable {
                return lines.at(std::min(said++, lines.size() - 1));
            };
        });
        return bench.poll();
    }

    /// From AUTH on.
    [[nodiscard]] Lines sent() const
    {
        const auto& all = bench.server.script().commands;
        return {
            std::ranges::find_if(all, [](const auto& line) { return line.starts_with("AUTH"); }),
            all.end()};
    }

    /// `commands` are all that was sent.
    void expect_broken(Mechanism mechanism, const Lines& lines, std::string_view words,
                       const Lines& commands)
    {
        const auto report = poll(mechanism, lines);
        ASSERT_TRUE(report.error) << words;
        EXPECT_NE(report.error->code(), ErrorCode::auth_rejected);
        EXPECT_NE(report.error->retry(), base::Retry::never);
        EXPECT_TRUE(contains(error_of(report), words)) << error_of(report);
        EXPECT_EQ(report.link.refusals, 0U) << words;
        EXPECT_EQ(report.collected, 0U);
        EXPECT_EQ(sent(), commands) << words;
    }

    QuirkBench bench{R"({"messages": 1})"};
    const std::string name = base::to_base64("alice");
    const std::string secret = base::to_base64("secret");
    const std::string oversized = "+ " + std::string(10'000, 'A');
};

TEST_F(HostileLogIn, ByLoginTheQuestionsAreNotReadAndMayBeGarbage)
{
    const auto report = poll(Mechanism::login, {"+ ***", "+ \x01\xff", "+OK"});
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(bench.contents().size(), 1U);
}

TEST_F(HostileLogIn, ByLoginThePasswordIsToldOnceAndOnlyWhereItIsAskedFor)
{
    expect_broken(Mechanism::login, {"+ VXNlcm5hbWU6"}, "asks for more than SASL LOGIN",
                  {"AUTH LOGIN", name, secret});
    expect_broken(Mechanism::login, {"+ ", "+OK"}, "says +OK before it was told the password",
                  {"AUTH LOGIN", name});
    expect_broken(Mechanism::login, {oversized}, "line", {"AUTH LOGIN"});
    expect_broken(Mechanism::login, {"+ ", oversized}, "line", {"AUTH LOGIN", name});
}

TEST_F(HostileLogIn, ByCramMd5NothingIsProvedToAChallengeThatIsNone)
{
    const Lines named{"AUTH CRAM-MD5"};
    expect_broken(Mechanism::cram_md5, {"+ <1896.697170952@mail.example>"}, "not base 64", named);
    expect_broken(Mechanism::cram_md5, {"+ PDE4OTYuNjk3MTcwOTUy*"}, "not base 64", named);
    expect_broken(Mechanism::cram_md5, {"+ "}, "challenge is empty", named);
    expect_broken(Mechanism::cram_md5, {"+OK"}, "challenge is empty", named);
    expect_broken(Mechanism::cram_md5, {"+OK logged in"}, "not base 64", named);
    expect_broken(Mechanism::cram_md5, {oversized}, "line", named);
}

TEST_F(HostileLogIn, ByCramMd5OneChallengeIsAnswered)
{
    const auto report = poll(Mechanism::cram_md5, {"+ PDFAaG9zdD4="});
    EXPECT_TRUE(contains(error_of(report), "asks for more than SASL CRAM-MD5"));
    EXPECT_EQ(report.link.refusals, 0U);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(HostileLogIn, ByOauthbearerAnyReasonIsAnsweredAsTheRfcSays) // RFC 7628 §3.2.3
{
    const std::pair<std::string, const char*> rows[]{
        {R"({"unknown": {"deeply": [1, null]}})", "does not take the token"},
        {R"({"status": 42})", "status \"42\""},
        {"no JSON at all", "says \"no JSON at all\""},
        {std::string(5000, '['), "does not take the token"},
        {"", "does not take the token"}};
    for (const auto& [reason, words] : rows) {
        const auto report =
            poll(Mechanism::oauthbearer, {"+ ", "+ " + base::to_base64(reason), "-ERR [AUTH] no"});
        ASSERT_TRUE(report.error) << reason;
        EXPECT_EQ(report.error->code(), ErrorCode::auth_rejected);
        EXPECT_TRUE(contains(error_of(report), words)) << error_of(report);
        EXPECT_EQ(report.link.refusals, 1U);
        EXPECT_EQ(sent().size(), 3U);
        EXPECT_EQ(sent().back(), base::to_base64("\x01"));
        bench.now += std::chrono::hours{1};
    }
}

TEST_F(HostileLogIn, ByOauthbearerTheExchangeEndsWithTheReason)
{
    const std::string reason = "+ " + base::to_base64(R"({"status":"invalid_token"})");
    auto report = poll(Mechanism::oauthbearer, {"+ ", reason});
    EXPECT_TRUE(contains(error_of(report), "asks for more than SASL OAUTHBEARER"));
    EXPECT_EQ(report.link.refusals, 0U);
    EXPECT_EQ(sent().size(), 3U);
    report = poll(Mechanism::oauthbearer, {"+ ", "+ {\"status\":\"401\"}"});
    EXPECT_TRUE(contains(error_of(report), "not base 64")) << error_of(report);
    report = poll(Mechanism::oauthbearer, {"+ ", oversized});
    EXPECT_TRUE(contains(error_of(report), "line")) << error_of(report);
    EXPECT_EQ(sent().size(), 2U);
}

} // namespace
} // namespace watchpost::test
