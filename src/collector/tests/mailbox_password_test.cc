#include "collector/mailbox_password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace watchpost::collector {
namespace {

using testing::HasSubstr;

const nlohmann::json settings{
    {"name", "Copies"}, {"server", "mail.example"}, {"port", 995},  {"use_tls", true},
    {"user", "alice"},  {"certificate", "trusted"}, {"ca_pem", ""}, {"receive_every_s", 60},
};

class MailboxPassword : public testing::Test {
protected:
    [[nodiscard]] base::Result<secrets::Secret> opened_for(const nlohmann::json& now) const
    {
        return open_password(key, now.dump(), sealed);
    }

    secrets::KeyPair key = secrets::KeyPair::make();
    std::string sealed = seal_password(key.public_key(), settings.dump(), "1 secret \xc3\xbc");
};

TEST_F(MailboxPassword, IsOpenedForWhatItWasTypedFor)
{
    EXPECT_EQ(opened_for(settings)->reveal(), "1 secret \xc3\xbc");
}

TEST_F(MailboxPassword, OtherFieldsMayChange)
{
    auto now = settings;
    now.update({{"name", "Journal"}, {"receive_every_s", 300}, {"enabled", false}, {"proxy", ""}});
    EXPECT_TRUE(opened_for(now));
    EXPECT_TRUE(go_to_the_same(settings.dump(), now.dump()));
}

TEST_F(MailboxPassword, NothingElseIsSentIt)
{
    const nlohmann::json changes[] = {
        {{"server", "mail.attacker.example"}},
        {{"port", 110}},
        {{"use_tls", false}},
        {{"tls_mode", "stls"}},
        {{"user", "bob"}},
        {{"certificate", "any"}},
        {{"certificate_name", "other"}},
        {{"ca_pem", "another"}},
        {{"pin_sha256", "00"}},
        {{"ciphers", "NULL"}},
        {{"proxy", "socks5://proxy.example:1080"}},
        {{"authentication", "plain"}},
    };
    for (const auto& change : changes) {
        auto now = settings;
        now.update(change);
        const auto opened = opened_for(now);
        ASSERT_FALSE(opened) << change;
        EXPECT_THAT(opened.error().message(), HasSubstr("type the password again"));
        EXPECT_FALSE(go_to_the_same(settings.dump(), now.dump())) << change;
    }
}

TEST_F(MailboxPassword, TheDefaultWayToLogInIsTheSameWhetherItIsNamedOrNot)
{
    auto now = settings;
    now["authentication"] = "auto";
    EXPECT_TRUE(opened_for(now));
    const auto sealed_for_scram =
        seal_password(key.public_key(), (now["authentication"] = "scram_sha_256", now.dump()), "x");
    EXPECT_TRUE(open_password(key, now.dump(), sealed_for_scram));
    EXPECT_FALSE(open_password(key, settings.dump(), sealed_for_scram));
}

TEST_F(MailboxPassword, WhatIsNotItsOwnIsRefusedWithTheRemedy)
{
    const auto other = secrets::KeyPair::make();
    EXPECT_THAT(open_password(other, settings.dump(), sealed).error().message(),
                HasSubstr("collector's key"));
    EXPECT_THAT(open_password(key, settings.dump(), "").error().message(),
                HasSubstr("no password is stored"));
    const auto unbound = secrets::seal(key.public_key(), "secret");
    EXPECT_FALSE(open_password(key, settings.dump(), unbound));
    EXPECT_FALSE(open_password(key, "no JSON", seal_password(key.public_key(), "no JSON", "x")));
    EXPECT_FALSE(go_to_the_same("no JSON", "no JSON"));
}

} // namespace
} // namespace watchpost::collector
