#include "collector/integration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace watchpost::collector {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json good()
{
    return {{"name", "Copies"}, {"enabled", true}, {"server", "mail.example.org"}, {"port", 995},
            {"use_tls", true},  {"user", "alice"}, {"receive_every_s", 120},       {"ca_pem", ""},
            {"pin_sha256", ""}, {"ciphers", ""},   {"certificate_name", ""}};
}

std::vector<SettingFault> check(const json& settings)
{
    return check_integration(settings.dump());
}

struct Wrong {
    const char* field;
    json value;
    const char* fault; // a part of it
};

const std::string long_text(300, 'x');

// Null: the field is left out.
const Wrong wrong_fields[]{
    {"name", "", "A value is needed."},
    {"name", nullptr, "A value is needed."},
    {"name", 7, "A text is needed."},
    {"name", long_text, "At most 100 characters"},
    {"enabled", nullptr, "A value is needed."},
    {"enabled", "yes", "Yes or no is needed."},
    {"server", "", "A value is needed."},
    {"server", ".example.org", "host name"},
    {"server", "mail.example.org:995", "port has a field of its own"},
    {"server", long_text, "At most 255 characters"},
    {"port", 0, "A whole number from 1 to 65,535 is needed."},
    {"port", 65'536, "A whole number from 1 to 65,535 is needed."},
    {"port", 1.5, "A whole number"},
    {"port", -1, "A whole number"},
    {"port", "995", "A whole number"},
    {"port", nullptr, "A whole number"},
    {"receive_every_s", 0, "A whole number from 1 to 86,400 is needed."},
    {"receive_every_s", 86'401, "A whole number from 1 to 86,400 is needed."},
    {"use_tls", nullptr, "A value is needed."},
    {"tls_mode", "starttls", "One of these is needed: implicit, stls."},
    {"user", "", "A value is needed."},
    {"user", "alice\r\nDELE 1", "no line end"},
    {"user", long_text, "At most 255 characters"},
    {"certificate", "self-signed", "One of these is needed: trusted, any, self_signed."},
    {"certificate_name", ".example.org", "host name"},
    {"ca_pem", "no certificate", "cannot be read (PEM is expected)"},
    {"ca_pem", "-----BEGIN PRIVATE KEY-----", "private key"},
    {"pin_sha256", "12:34", "64 hexadecimal digits"},
    {"ciphers", "HIGH:!aNUL", "aNUL"},
    {"proxy", "proxy.example.org:1080", "is written socks5://host:port"},
    {"proxy", "socks5://alice:secret@proxy.example.org:1080",
     "its password has a setting of its own"},
    {"authentication", "scram", "One of these is needed: auto, user_pass, apop, plain,"},
    {"token_from", "password", "One of these is needed: typed, refresh_token, client_credentials."},
    {"token_endpoint", "http://login.example/token", "begin with https://"},
    {"token_device_endpoint", "login.example", "An address like https://"},
    {"token_client_id", "\n", "Only letters, digits and signs of ASCII"},
    {"token_ca_pem", "no certificate", "cannot be read (PEM is expected)"},
    {"secret_expires_on", "31.1.2027", "A date like 2027-01-31"},
    {"secret_expires_on", "2027-02-30", "A date like 2027-01-31"},
    {"client_certificate_pem", "no certificate", "is not usable (PEM, leaf first"},
    {"client_certificate_pem", "-----BEGIN PRIVATE KEY-----", "into its own field"},
    {"after_retrieval", "keep", "One of these is needed: leave, delete."},
    {"first_poll", 1, "One of these is needed: all, new_only."},
    {"copies", "sideways", "One of these is needed: auto, plain, journal, redirected, attached."},
    {"size_limit_bytes", 1'048'575, "at least 1 MiB"},
    {"size_limit_bytes", 2'147'483'649, "A whole number from 0 to 2,147,483,648 is needed."},
    {"passwrd", "x", "There is no such setting."},
};

TEST(Integration, EveryFieldThatIsWrongIsNamedWithItsFault)
{
    for (const auto& wrong : wrong_fields) {
        SCOPED_TRACE(std::string{wrong.field} + " = " + wrong.value.dump());
        json settings = good();
        if (wrong.value.is_null()) {
            settings.erase(wrong.field);
        } else {
            settings[wrong.field] = wrong.value;
        }
        const auto faults = check(settings);
        ASSERT_EQ(faults.size(), 1U);
        EXPECT_EQ(faults[0].field, wrong.field);
        EXPECT_THAT(faults[0].fault, HasSubstr(wrong.fault));
        EXPECT_EQ(faults[0].fault.back(), '.');
        EXPECT_FALSE(parse_integration(settings.dump()).has_value());
    }
}

TEST(Integration, AllFaultsAreToldAtOnce)
{
    json settings = good();
    settings["server"] = "";
    settings["port"] = 0;
    settings["ciphers"] = "NONSENSE";
    EXPECT_EQ(check(settings).size(), 3U);
}

json fetched()
{
    json settings = good();
    settings.update({{"authentication", "xoauth2"},
                     {"token_from", "refresh_token"},
                     {"token_endpoint", "https://login.example/token"},
                     {"token_device_endpoint", "https://login.example/device"},
                     {"token_client_id", "id"},
                     {"token_scope", "https://mail.example/.default offline_access"},
                     {"secret_expires_on", "2027-01-31"}});
    return settings;
}

TEST(Integration, SaysWhereATokenIsFetched)
{
    EXPECT_THAT(check(fetched()), IsEmpty());
    const auto tokens = parse_integration(fetched().dump()).value().settings.tokens.value();
    EXPECT_EQ(tokens.grant, TokenGrant::refresh_token);
    EXPECT_EQ(tokens.endpoint.host, "login.example");
    EXPECT_EQ(tokens.device_endpoint.value().target, "/device");
    EXPECT_EQ(to_text(tokens.secret_expires_on.value()), "2027-01-31");
    EXPECT_FALSE(parse_integration(good().dump()).value().settings.tokens);
}

TEST(Integration, ATokenThatIsFetchedNeedsAnAddressAClientAndAMechanismThatTakesIt)
{
    for (const auto& [field, value, fault] : {Wrong{"token_endpoint", "", "token_endpoint"},
                                              Wrong{"token_client_id", "", "token_client_id"},
                                              Wrong{"authentication", "plain", "token_from"}}) {
        auto settings = fetched();
        settings[field] = value;
        const auto faults = check(settings);
        ASSERT_EQ(faults.size(), 1U) << field;
        EXPECT_EQ(faults[0].field, fault);
    }
}

TEST(Integration, ExternalNeedsAClientCertificateAndTls)
{
    auto settings = good();
    settings["authentication"] = "external";
    EXPECT_EQ(check(settings).at(0).field, "client_certificate_pem");
    settings["use_tls"] = false;
    EXPECT_THAT(check(settings).at(0).fault, HasSubstr("needs TLS"));
}

TEST(Integration, WhatIsNoObjectIsRefused)
{
    for (const char* const text : {"", "[]", "null", "{", "\"server\""}) {
        EXPECT_FALSE(check_integration(text).empty()) << text;
    }
}

TEST(Integration, DefaultsAreThoseOfTheContract)
{
    EXPECT_THAT(check(good()), IsEmpty());
    const auto read = parse_integration(good().dump()).value();
    EXPECT_EQ(read.name, "Copies");
    EXPECT_TRUE(read.is_enabled);
    EXPECT_EQ(read.receive_every, std::chrono::seconds{120});
    EXPECT_EQ(read.first_poll, FirstPoll::all);
    EXPECT_EQ(read.settings.tls_mode, TlsMode::implicit);
    EXPECT_EQ(read.settings.tls.policy, net::CertificatePolicy::trusted);
    EXPECT_EQ(read.settings.after_retrieval, AfterRetrieval::leave_on_server);
    EXPECT_EQ(read.settings.message_bytes_max, message_bytes_default);
    EXPECT_EQ(read.settings.tls.pin, std::nullopt);
}

TEST(Integration, EveryFieldIsRead)
{
    json settings = good();
    settings.update({{"tls_mode", "stls"},
                     {"port", 110},
                     {"certificate", "self_signed"},
                     {"certificate_name", "pop.example.org"},
                     {"pin_sha256", std::string(64, 'A')},
                     {"ciphers", "TLS_AES_128_GCM_SHA256"},
                     {"after_retrieval", "delete"},
                     {"first_poll", "new_only"},
                     {"copies", "journal"},
                     {"size_limit_bytes", 0}});
    const auto read = parse_integration(settings.dump()).value();
    EXPECT_EQ(read.settings.tls_mode, TlsMode::stls);
    EXPECT_EQ(read.settings.port, 110);
    EXPECT_EQ(read.settings.tls.policy, net::CertificatePolicy::self_signed);
    EXPECT_EQ(read.settings.tls.certificate_name, "pop.example.org");
    EXPECT_EQ(read.settings.tls.pin.value()[31], 0xAA);
    EXPECT_EQ(read.settings.tls.ciphers, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(read.settings.after_retrieval, AfterRetrieval::delete_once_stored);
    EXPECT_EQ(read.first_poll, FirstPoll::new_only);
    EXPECT_EQ(read.copies, model::CopySetting::journal);
    EXPECT_EQ(copies_of(settings.dump()), model::CopySetting::journal);
    EXPECT_EQ(read.settings.message_bytes_max, 0U);
}

TEST(Integration, CopiesArriveByThemselvesWhereNothingIsSet)
{
    EXPECT_EQ(parse_integration(good().dump()).value().copies, model::CopySetting::automatic);
    for (const auto* text : {"", "[]", "{}", R"({"copies":1})", R"({"copies":"sideways"})"}) {
        EXPECT_EQ(copies_of(text), model::CopySetting::automatic);
    }
}

TEST(Integration, WithoutTlsNothingOfItCounts)
{
    json settings = good();
    settings["use_tls"] = false;
    settings["tls_mode"] = "stls";
    EXPECT_EQ(parse_integration(settings.dump()).value().settings.tls_mode, TlsMode::none);
}

TEST(Integration, CharactersAreCountedNotOctets)
{
    json settings = good();
    std::string name;
    for (int i = 0; i < 100; ++i) {
        name += "ü";
    }
    settings["name"] = name;
    EXPECT_THAT(check(settings), IsEmpty());
}

TEST(Integration, AuthenticationIsReadByItsWordAndAutomaticOtherwise)
{
    EXPECT_FALSE(parse_integration(good().dump())->settings.authentication);
    const std::pair<const char*, std::optional<pop3::Mechanism>> rows[]{
        {"auto", std::nullopt},
        {"user_pass", pop3::Mechanism::user_pass},
        {"apop", pop3::Mechanism::apop},
        {"plain", pop3::Mechanism::plain},
        {"login", pop3::Mechanism::login},
        {"cram_md5", pop3::Mechanism::cram_md5},
        {"scram_sha_1", pop3::Mechanism::scram_sha_1},
        {"scram_sha_1_plus", pop3::Mechanism::scram_sha_1_plus},
        {"scram_sha_256", pop3::Mechanism::scram_sha_256},
        {"scram_sha_256_plus", pop3::Mechanism::scram_sha_256_plus},
        {"xoauth2", pop3::Mechanism::xoauth2},
        {"oauthbearer", pop3::Mechanism::oauthbearer}};
    for (const auto& [word, mechanism] : rows) {
        auto settings = good();
        settings["authentication"] = word;
        EXPECT_EQ(parse_integration(settings.dump())->settings.authentication, mechanism) << word;
    }
}

TEST(Integration, WhatNeedsTlsIsRefusedWithoutIt)
{
    auto settings = good();
    settings["use_tls"] = false;
    for (const auto* word : {"scram_sha_256_plus", "scram_sha_1_plus", "xoauth2", "oauthbearer"}) {
        settings["authentication"] = word;
        const auto faults = check(settings);
        ASSERT_EQ(faults.size(), 1U) << word;
        EXPECT_EQ(faults[0].field, "authentication");
        EXPECT_THAT(faults[0].fault, HasSubstr("TLS"));
    }
    settings["authentication"] = "scram_sha_256";
    EXPECT_THAT(check(settings), IsEmpty());
}

} // namespace
} // namespace watchpost::collector
