// The secrets of a mailbox beside its password: client secret, private key, refresh token.
#include <gmock/gmock.h>

#include "api/tests/api_fixture.h"
#include "net/own_certificate.h"

namespace watchpost::api {
namespace {

using testing::HasSubstr;

/// Certificate and key of a client, each PEM.
struct Identity {
    explicit Identity(const std::string& name)
    {
        net::OwnCertificateRequest request;
        request.common_name = name;
        request.names = {name};
        const auto both = net::make_own_certificate(request).value(); // the key first
        const auto at = both.find("-----BEGIN CERTIFICATE");
        key = both.substr(0, at);
        certificate = both.substr(at);
    }
    std::string certificate;
    std::string key;
};

class MailboxSecrets : public ApiTest {
protected:
    Jar admin = administrator();
    std::string sensor = "/sensors/" + store->this_node().to_string();

    static nlohmann::json settings()
    {
        return {{"name", "Copies"},
                {"enabled", true},
                {"server", "mail.example.org"},
                {"port", 995},
                {"receive_every_s", 60},
                {"use_tls", true},
                {"user", "copies"},
                {"authentication", "xoauth2"}};
    }
    static nlohmann::json client_credentials()
    {
        auto json = settings();
        json.update({{"token_from", "client_credentials"},
                     {"token_endpoint", "https://login.example/token"},
                     {"token_client_id", "id"}});
        return json;
    }
    static nlohmann::json refresh()
    {
        auto json = client_credentials();
        json.update({{"token_from", "refresh_token"},
                     {"token_device_endpoint", "https://login.example/device"}});
        return json;
    }
    static nlohmann::json with_certificate(const Identity& identity)
    {
        auto json = settings();
        json.update({{"authentication", "external"},
                     {"client_certificate_pem", identity.certificate},
                     {"client_key_pem", identity.key}});
        return json;
    }
    Reply add(const nlohmann::json& json)
    {
        return ask(admin, "POST", sensor + "/mailboxes", json.dump());
    }
    Reply apply(const nlohmann::json& mailbox, nlohmann::json changed)
    {
        changed["version"] = mailbox["version"];
        return ask(admin, "PUT", sensor + "/mailboxes/" + mailbox["id"].get<std::string>(),
                   changed.dump());
    }
    static std::string first_field(const Reply& reply)
    {
        return reply.status == 422 ? reply.json["fields"][0]["field"].get<std::string>()
                                   : std::to_string(reply.status);
    }
    [[nodiscard]] std::string stored() const
    {
        return store->mailboxes().value().at(0).sealed_password;
    }
};

TEST_F(MailboxSecrets, ClientCredentialsNeedTheClientSecretAndNoPassword)
{
    auto json = client_credentials();
    EXPECT_EQ(first_field(add(json)), "client_secret");
    json["client_secret"] = "s3cret";
    const auto added = add(json);
    EXPECT_EQ(added.status, 201) << added.json;
    EXPECT_EQ(added.json["client_secret_set"], true);
    EXPECT_EQ(added.json["password_set"], false);
    EXPECT_EQ(added.raw.body.find("s3cret"), std::string::npos);
    EXPECT_EQ(stored(), "- client_secret=sealed:s3cret");
}

TEST_F(MailboxSecrets, AreTypedAgainWhereTheTokenEndPointChanges)
{
    auto json = client_credentials();
    json["client_secret"] = "s3cret";
    const auto mailbox = add(json).json;
    json.erase("client_secret");
    json["secret_expires_on"] = "2027-01-31";
    EXPECT_EQ(apply(mailbox, json).status, 200);
    json["token_endpoint"] = "https://attacker.example/token";
    EXPECT_EQ(first_field(apply(mailbox, json)), "409"); // the version that was read is old
    const auto now = ask(admin, "GET", sensor + "/mailboxes/" + mailbox["id"].get<std::string>());
    EXPECT_EQ(first_field(apply(now.json, json)), "client_secret");
    EXPECT_EQ(stored(), "- client_secret=sealed:s3cret");
}

TEST_F(MailboxSecrets, AStoredClientSecretGoesToNoOtherDeviceEndPoint)
{
    auto json = refresh();
    json.update({{"password", "rt"}, {"client_secret", "s3cret"}});
    const auto mailbox = add(json).json;
    json = refresh();
    json["token_device_endpoint"] = "https://attacker.example/device";
    EXPECT_EQ(first_field(apply(mailbox, json)), "password");
    EXPECT_EQ(stored(), "sealed:rt client_secret=sealed:s3cret");
    json["token_device_endpoint"] = "https://login.example:443/device";
    EXPECT_EQ(apply(mailbox, json).status, 200);
}

TEST_F(MailboxSecrets, EachIsKeptByItself)
{
    auto json = refresh();
    json.update({{"password", "rt"}, {"client_secret", "s3cret"}});
    const auto mailbox = add(json).json;
    json = refresh();
    json["password"] = "rt2";
    EXPECT_EQ(apply(mailbox, json).status, 200);
    EXPECT_EQ(stored(), "sealed:rt2 client_secret=sealed:s3cret");
}

TEST_F(MailboxSecrets, AnOptionalClientSecretIsDroppedOnlyOnDemand)
{
    auto json = refresh();
    json.update({{"password", "rt"}, {"client_secret", "s3cret"}});
    const auto mailbox = add(json).json;
    json = refresh();
    json.update({{"password", "rt2"}, {"token_client_id", "other"}});
    EXPECT_EQ(first_field(apply(mailbox, json)), "client_secret");
    EXPECT_EQ(stored(), "sealed:rt client_secret=sealed:s3cret");
    json["client_secret"] = nullptr;
    const auto cleared = apply(mailbox, json);
    EXPECT_EQ(cleared.status, 200) << cleared.json;
    EXPECT_EQ(cleared.json["client_secret_set"], false);
    EXPECT_EQ(stored(), "sealed:rt2");
}

TEST_F(MailboxSecrets, ANeededSecretCannotBeCleared)
{
    auto json = client_credentials();
    json["client_secret"] = "s3cret";
    const auto mailbox = add(json).json;
    json["client_secret"] = nullptr;
    EXPECT_EQ(first_field(apply(mailbox, json)), "client_secret");
}

TEST_F(MailboxSecrets, AProxysPasswordHangsOnTheProxyAndItsUserAlone)
{
    auto json = settings();
    json.update({{"password", "pw"}, {"proxy", "socks5://ann@proxy.example.org:1080"}});
    EXPECT_EQ(first_field(add(json)), "proxy_password");
    json["proxy_password"] = "pr0xy";
    const auto added = add(json);
    EXPECT_EQ(added.status, 201) << added.json;
    EXPECT_EQ(added.json["proxy_password_set"], true);
    EXPECT_EQ(added.raw.body.find("pr0xy"), std::string::npos);
    EXPECT_EQ(stored(), "sealed:pw proxy_password=sealed:pr0xy");
    json.erase("proxy_password");
    json.update({{"server", "other.example.org"}, {"password", "pw2"}});
    const auto applied = apply(added.json, json);
    EXPECT_EQ(applied.status, 200) << applied.json;
    EXPECT_EQ(stored(), "sealed:pw2 proxy_password=sealed:pr0xy");
    for (const char* const other :
         {"socks5://bob@proxy.example.org:1080", "http://ann@evil:1080"}) {
        json["proxy"] = other;
        EXPECT_EQ(first_field(apply(applied.json, json)), "proxy_password") << other;
    }
    json["proxy"] = "socks5://proxy.example.org:1080"; // without a log-in it is forgotten
    EXPECT_EQ(apply(applied.json, json).status, 200);
    EXPECT_EQ(stored(), "sealed:pw2");
}

TEST_F(MailboxSecrets, AProxysPasswordIsOfRfc1929sSize)
{
    auto json = settings();
    json.update({{"password", "pw"},
                 {"proxy", "socks5://ann@proxy.example.org:1080"},
                 {"proxy_password", std::string(256, 'x')}});
    EXPECT_EQ(first_field(add(json)), "proxy_password");
    json["proxy_password"] = "two\nlines";
    EXPECT_EQ(first_field(add(json)), "proxy_password");
}

TEST_F(MailboxSecrets, AKeyThatDoesNotBelongToTheCertificateIsRefusedInWords)
{
    auto json = with_certificate(Identity{"alice"});
    json["client_key_pem"] = Identity{"bob"}.key;
    const auto reply = add(json);
    EXPECT_EQ(first_field(reply), "client_key_pem");
    EXPECT_THAT(reply.raw.body, HasSubstr("The private key does not belong to the certificate."));
    EXPECT_EQ(reply.raw.body.find("PRIVATE"), std::string::npos);
}

TEST_F(MailboxSecrets, ACertificateThatTheCipherStringForbidsIsRefusedAtApply)
{
    auto json = with_certificate(Identity{"alice"}); // P-256: 128 bits of strength
    json["ciphers"] = "DEFAULT@SECLEVEL=4";          // wants 192
    const auto reply = add(json);
    EXPECT_EQ(first_field(reply), "client_key_pem");
    EXPECT_THAT(reply.raw.body, HasSubstr("The client certificate cannot be used"));
    json.erase("ciphers");
    EXPECT_EQ(add(json).status, 201);
}

TEST_F(MailboxSecrets, ACertificateForAnotherKeyWantsThatKey)
{
    const Identity alice{"alice"};
    auto json = with_certificate(alice);
    const auto mailbox = add(json).json;
    EXPECT_EQ(mailbox["client_key_set"], true);
    EXPECT_EQ(mailbox["password_set"], false); // EXTERNAL needs none
    json.erase("client_key_pem");
    json["client_certificate_pem"] = Identity{"alice"}.certificate;
    EXPECT_EQ(first_field(apply(mailbox, json)), "client_key_pem");
    json["client_certificate_pem"] = alice.certificate;
    EXPECT_EQ(apply(mailbox, json).status, 200);
}

TEST_F(MailboxSecrets, ADeviceCodeBringsABoxForTheseSettingsAlone)
{
    auto json = refresh();
    const auto code =
        ask(admin, "POST", sensor + "/device-code", nlohmann::json{{"settings", json}}.dump());
    EXPECT_EQ(code.status, 200) << code.json;
    EXPECT_EQ(code.json["user_code"], "ABCD-EFGH");
    const auto granted =
        ask(admin, "POST", sensor + "/device-code/ask", nlohmann::json{{"id", "flow"}}.dump());
    json["sealed_token"] = granted.json["sealed_token"];
    auto other = json;
    other["token_endpoint"] = "https://attacker.example/token";
    EXPECT_EQ(first_field(add(other)), "password");
    EXPECT_EQ(add(json).status, 201);
    EXPECT_EQ(stored(), "box-of-flow");
    EXPECT_EQ(store->mailboxes().value().at(0).settings_json.find("sealed_token"),
              std::string::npos);
}

TEST_F(MailboxSecrets, ADeviceCodeNeedsItsEndPoint)
{
    for (const auto& json : {client_credentials(), settings()}) {
        auto typed = json;
        typed["client_secret"] = "x";
        EXPECT_EQ(first_field(ask(admin, "POST", sensor + "/device-code",
                                  nlohmann::json{{"settings", typed}}.dump())),
                  "token_device_endpoint");
    }
}

} // namespace
} // namespace watchpost::api
