// `watchpost check device-code` at a real token server.
#include "token_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

class DeviceCode : public TokenLogIn {
protected:
    [[nodiscard]] ProgramResult get_token(const std::string& scope = "pop offline_access",
                                          const std::string& file = "refresh-token") const
    {
        return run_program({watchpost_program(), "check", "device-code", "--token-endpoint",
                            tokens->endpoint(), "--device-endpoint", tokens->device_endpoint(),
                            "--token-ca", tokens->ca(), "--client-id", "console", "--token-scope",
                            scope, "--refresh-token-file", folder / file});
    }
};

TEST_F(DeviceCode, BringsARefreshTokenThatLogsIn)
{
    tokens->order(R"({"device": "approve", "rotates": true})");
    const auto result = get_token();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("Open https://localhost:"));
    EXPECT_THAT(result.out, HasSubstr("enter the code "));
    EXPECT_THAT(refresh_token(), testing::StartsWith("refresh-"));
    EXPECT_EQ(std::filesystem::status(folder / "refresh-token").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto login = run("check", refresh());
    EXPECT_EQ(login.exit_code, 0) << login.out << login.err;
}

TEST_F(DeviceCode, WaitsLongerWhereItIsToldToSlowDown)
{
    tokens->order(R"({"device": "approve", "slow_down": 1})");
    const auto result = get_token();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(tokens->count("device_code"), 2U);
}

TEST_F(DeviceCode, ARefusalInTheBrowserAndACodeThatRanOutEndIt)
{
    tokens->order(R"({"device": "deny"})");
    EXPECT_THAT(get_token().err, HasSubstr("somebody refused it in the browser"));
    tokens->order(R"({"device": "wait", "code_lifetime_s": 2})");
    const auto late = get_token();
    EXPECT_EQ(late.exit_code, 2);
    EXPECT_THAT(late.err, HasSubstr("was not entered in time"));
    EXPECT_EQ(refresh_token(), "first-refresh-token\n");
}

TEST_F(DeviceCode, AFileThatCannotBeWrittenIsToldBeforeAnybodyIsAsked)
{
    tokens->order(R"({"device": "approve"})");
    const std::pair<const char*, const char*> rows[]{{"no-such-folder/token", "no-such-folder"},
                                                     {".", "is a folder"}};
    for (const auto& [file, words] : rows) {
        const auto result = get_token("pop offline_access", file);
        EXPECT_EQ(result.exit_code, 2);
        EXPECT_THAT(result.err, HasSubstr(words));
        EXPECT_EQ(result.out, "");
    }
    EXPECT_EQ(tokens->count(""), 0U);
    EXPECT_EQ(get_token().exit_code, 0);
    EXPECT_FALSE(std::filesystem::exists(folder / "refresh-token.trial"));
}

TEST_F(DeviceCode, WithoutARefreshTokenTheScopeIsNamed)
{
    tokens->order(R"({"device": "approve"})");
    const auto result = get_token("pop");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("offline_access"));
}

} // namespace
} // namespace watchpost::test
