#include "collector/mailbox_login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "collector/expiry_warning.h"
#include "collector/integration.h"
#include "net/own_certificate.h"

namespace watchpost::collector {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

nlohmann::json settings(const nlohmann::json& more = nlohmann::json::object())
{
    nlohmann::json json{{"name", "Copies"},     {"enabled", true}, {"server", "mail.example"},
                        {"port", 995},          {"use_tls", true}, {"user", "alice"},
                        {"receive_every_s", 60}};
    json.update(more);
    return json;
}

const nlohmann::json fetched = settings({{"authentication", "xoauth2"},
                                         {"token_from", "refresh_token"},
                                         {"token_endpoint", "https://login.example/token"},
                                         {"token_client_id", "id"}});

class MailboxLoginTest : public testing::Test {
protected:
    /// The boxes of these secrets, sealed for these settings.
    [[nodiscard]] std::string sealed(const nlohmann::json& json,
                                     const std::map<SecretKind, std::string>& texts) const
    {
        SealedSecrets all;
        for (const auto& [kind, text] : texts) {
            all.set(kind, seal_secret(key.public_key(), kind, json.dump(), text));
        }
        return all.to_text();
    }
    [[nodiscard]] base::Result<MailboxLogin> opened(const nlohmann::json& json,
                                                    const std::string& boxes) const
    {
        auto read = parse_integration(json.dump()).value().settings;
        return open_login(key, read, json.dump(), boxes);
    }

    secrets::KeyPair key = secrets::KeyPair::make();
};

TEST_F(MailboxLoginTest, OneTextHoldsAllBoxesAndTheOldFormIsThePassword)
{
    const auto text =
        sealed(fetched, {{SecretKind::password, "rt"}, {SecretKind::client_secret, "cs"}});
    EXPECT_EQ(SealedSecrets{text}.to_text(), text);
    EXPECT_EQ(SealedSecrets{"QUJD"}.box(SecretKind::password), "QUJD");
    EXPECT_EQ(SealedSecrets{"QUJD"}.to_text(), "QUJD");
    EXPECT_EQ(SealedSecrets{""}.to_text(), "");
    EXPECT_EQ(SealedSecrets{"- client_secret=QQ=="}.box(SecretKind::client_secret), "QQ==");
}

TEST_F(MailboxLoginTest, ARefreshTokenComesWithItsClientSecret)
{
    const auto login =
        opened(fetched,
               sealed(fetched, {{SecretKind::password, "rt"}, {SecretKind::client_secret, "cs"}}))
            .value();
    EXPECT_EQ(login.token->secret, "rt");
    EXPECT_EQ(login.token->client_secret, "cs");
    const auto renewed =
        opened(fetched,
               sealed(fetched, {{SecretKind::password, "rt"}, {SecretKind::client_secret, "new"}}))
            .value();
    EXPECT_NE(login.credentials.password(), renewed.credentials.password()); // it is tried at once
    const auto alone = opened(fetched, sealed(fetched, {{SecretKind::password, "rt"}})).value();
    EXPECT_EQ(alone.credentials.password(), "rt");
}

TEST_F(MailboxLoginTest, ARefreshTokenThatRotatesDoesNotStartTheCountAnew)
{
    TokenRequest token{.secret = "rt0"};
    token.settings.endpoint.host = "login.example";
    const auto before = lasting_secret(token);
    token.secret = "rt1";
    EXPECT_EQ(lasting_secret(token), before);
    token.settings.client_id = "other";
    EXPECT_NE(lasting_secret(token), before);
    token.settings.grant = TokenGrant::client_credentials;
    EXPECT_EQ(lasting_secret(token), "rt1");
}

TEST_F(MailboxLoginTest, AnotherClientCertificateStartsTheCountOfRefusalsAnew)
{
    MailboxSettings one;
    one.authentication = pop3::Mechanism::external;
    one.tls.client_certificate_pem = "one";
    auto other = one;
    EXPECT_EQ(judged_secret(one, nullptr, ""), judged_secret(other, nullptr, ""));
    other.tls.client_certificate_pem = "other";
    EXPECT_NE(judged_secret(one, nullptr, ""), judged_secret(other, nullptr, ""));
    other.authentication = pop3::Mechanism::plain;
    EXPECT_EQ(judged_secret(other, nullptr, "secret"), "secret");
}

TEST_F(MailboxLoginTest, NoSecretPassesForAnotherNorForAnotherEndPoint)
{
    SealedSecrets swapped;
    swapped.set(SecretKind::password, seal_secret(key.public_key(), SecretKind::client_key,
                                                  fetched.dump(), "the private key"));
    EXPECT_FALSE(opened(fetched, swapped.to_text()));
    const auto boxes = sealed(fetched, {{SecretKind::password, "rt"}});
    for (const auto& change : {nlohmann::json{{"token_endpoint", "https://attacker.example/"}},
                               nlohmann::json{{"token_client_id", "other"}},
                               nlohmann::json{{"server", "attacker.example"}}}) {
        auto other = fetched;
        other.update(change);
        const auto login = opened(other, boxes);
        ASSERT_FALSE(login) << change;
        EXPECT_THAT(login.error().message(), HasSubstr("is not sent"));
    }
    auto same = fetched;
    same.update(
        {{"token_scope", "pop"}, {"secret_expires_on", "2027-01-31"}, {"token_ca_pem", ""}});
    EXPECT_TRUE(opened(same, boxes));
}

/// The device end point is sent the client secret.
TEST_F(MailboxLoginTest, NoSecretPassesForAnotherDeviceEndPoint)
{
    auto with_device = fetched;
    with_device["token_device_endpoint"] = "https://login.example/device";
    const auto boxes =
        sealed(with_device, {{SecretKind::password, "rt"}, {SecretKind::client_secret, "cs"}});
    const auto before = sealed(fetched, {{SecretKind::password, "rt"}});
    for (const char* const address :
         {"https://attacker.example/device", "", "http://x", "https://login.example/other",
          "https://login.example:444/device"}) {
        auto other = fetched;
        other["token_device_endpoint"] = address;
        EXPECT_FALSE(open_secret(key, SecretKind::client_secret, other.dump(), boxes)) << address;
        EXPECT_FALSE(go_to_the_same(with_device.dump(), other.dump())) << address;
    }
    EXPECT_FALSE(opened(with_device, before));
    with_device["token_device_endpoint"] = "https://login.example:443/device"; // as it was
    EXPECT_TRUE(opened(with_device, boxes));
    auto without = fetched;
    without["token_device_endpoint"] = ""; // as it was before this was bound
    EXPECT_TRUE(opened(without, before));
}

TEST_F(MailboxLoginTest, AProxysPasswordGoesToItsProxyForAnyServer)
{
    const auto json = settings({{"proxy", "socks5://ann@proxy.example:1080"}});
    const auto boxes =
        sealed(json, {{SecretKind::password, "pw"}, {SecretKind::proxy_password, "proxy secret"}});
    auto read = parse_integration(json.dump()).value().settings;
    ASSERT_TRUE(open_login(key, read, json.dump(), boxes));
    EXPECT_EQ(read.proxy->user, "ann");
    EXPECT_EQ(read.proxy->password, "proxy secret");
    auto other_server = json;
    other_server["server"] = "other.example";
    EXPECT_TRUE(open_secret(key, SecretKind::proxy_password, other_server.dump(), boxes));
    for (const char* const proxy :
         {"socks5://ann@evil.example:1080", "http://ann@proxy.example:1080",
          "socks5://bob@proxy.example:1080"}) {
        auto other = json;
        other["proxy"] = proxy;
        const auto opened = open_secret(key, SecretKind::proxy_password, other.dump(), boxes);
        ASSERT_FALSE(opened) << proxy;
        EXPECT_THAT(opened.error().message(), HasSubstr("another proxy and is not sent"));
    }
}

TEST_F(MailboxLoginTest, ALogInAtTheProxyNeedsItsPassword)
{
    const auto json = settings({{"proxy", "socks5://ann@proxy.example:1080"}});
    EXPECT_THAT(needed_secrets(json.dump()),
                ElementsAre(SecretKind::password, SecretKind::proxy_password));
    const auto refused = opened(json, sealed(json, {{SecretKind::password, "pw"}}));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message(), HasSubstr("no password of the proxy is stored"));
}

TEST_F(MailboxLoginTest, WhatIsNeededHangsOnTheWayToLogIn)
{
    const auto needed = [](const nlohmann::json& more) {
        return needed_secrets(settings(more).dump());
    };
    EXPECT_THAT(needed(nlohmann::json::object()), ElementsAre(SecretKind::password));
    EXPECT_THAT(needed({{"token_from", "client_credentials"}}),
                ElementsAre(SecretKind::client_secret));
    EXPECT_THAT(needed({{"authentication", "external"}, {"client_certificate_pem", "x"}}),
                ElementsAre(SecretKind::client_key));
    EXPECT_THAT(needed_secrets("no JSON"), ElementsAre(SecretKind::password));
}

TEST(ExpiryWarning, BeginsThirtyDaysBeforeAndSaysWhatToDo)
{
    auto json = fetched;
    json["secret_expires_on"] = "2027-01-31";
    const auto read = parse_integration(json.dump()).value().settings;
    const auto at = [&](const char* time) {
        return expiry_warning(read, base::parse_rfc3339(time).value());
    };
    EXPECT_EQ(at("2027-01-01T00:00:00Z"), "");
    EXPECT_THAT(at("2027-01-02T00:00:00Z"),
                HasSubstr("the client secret ends on 2027-01-31, in 30 days: make a new one"));
    EXPECT_THAT(at("2027-01-30T12:00:00Z"), HasSubstr("ends on 2027-01-31, in a day:"));
    EXPECT_THAT(at("2027-01-31T23:59:59Z"), HasSubstr("ends on 2027-01-31, in less than a day:"));
    EXPECT_THAT(at("2027-02-01T00:00:00Z"), HasSubstr("has ended on 2027-01-31:"));
}

TEST(ExpiryWarning, SpeaksOfTheClientCertificateToo)
{
    const auto now = base::parse_rfc3339("2027-01-01T00:00:00Z").value();
    net::OwnCertificateRequest request;
    request.common_name = "alice";
    request.names = {"alice"};
    request.valid_for = std::chrono::days{10};
    request.now = now;
    MailboxSettings read;
    read.tls.client_certificate_pem = net::make_own_certificate(request).value();
    EXPECT_THAT(expiry_warning(read, now), HasSubstr("the client certificate CN = alice"));
    EXPECT_EQ(expiry_warning(read, now - std::chrono::days{31}), "");
    read.tls_mode = TlsMode::none;
    EXPECT_EQ(expiry_warning(read, now), "");
}

} // namespace
} // namespace watchpost::collector
