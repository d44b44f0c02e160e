#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <thread>
#include <tuple>

#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"
#include "support/temp_dir.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

const Identity& self_signed()
{
    static const Identity made = make_self_signed({.names = "DNS:mail.example.test"});
    return made;
}

TlsSettings accept_any(const std::string& ciphers = "")
{
    TlsSettings settings;
    settings.policy = CertificatePolicy::any;
    settings.ciphers = ciphers;
    return settings;
}

TEST(TlsClient, InfoTellsVersionCipherAndTheChainAsSent)
{
    const Identity root = make_self_signed({.common_name = "Root", .is_ca = true});
    const Identity leaf = make_issued({.names = "DNS:mail.example.test,IP:192.0.2.1"}, root);
    const TlsServer server{{.identity = leaf, .chain = {root.certificate}}, wait_for_end};
    const Outcome outcome = shake_hands(accept_any(), server.port());
    ASSERT_TRUE(outcome.session) << outcome.message();
    EXPECT_EQ(outcome.info.version, "TLSv1.3");
    EXPECT_EQ(outcome.info.cipher, "TLS_AES_256_GCM_SHA384");
    ASSERT_EQ(outcome.info.chain.size(), 2U);
    EXPECT_EQ(outcome.info.chain[0].fingerprint, fingerprint_of(leaf.certificate));
    EXPECT_THAT(outcome.info.chain[0].names,
                ::testing::ElementsAre("mail.example.test", "192.0.2.1"));
    EXPECT_EQ(outcome.info.chain[1].subject, "CN = Root");
    EXPECT_EQ(outcome.session->info.chain.size(), 2U);
}

TEST(TlsClient, CertificateIsJudgedBeforeTheServerHearsAnything)
{
    bool was_served = false;
    {
        const TlsServer server{{.identity = self_signed(), .version_max = TLS1_2_VERSION},
                               [&](SSL*) { was_served = true; }};
        EXPECT_FALSE(shake_hands({}, server.port()).session);
    }
    EXPECT_FALSE(was_served);
}

TEST(TlsClient, RefusalListsForgivenFaultsToo)
{
    const Identity stranger =
        make_self_signed({.names = "DNS:other.example.test", .valid_to_days = 0});
    const TlsServer server{{.identity = stranger}, wait_for_end};
    TlsSettings settings;
    settings.policy = CertificatePolicy::self_signed;
    const Outcome outcome = shake_hands(settings, server.port());
    EXPECT_THAT(outcome.message(), HasSubstr("policy \"self-signed\": the certificate"));
    EXPECT_THAT(outcome.message(), HasSubstr("expired at"));
    EXPECT_THAT(outcome.message(), HasSubstr("lets it pass: "));
    EXPECT_THAT(outcome.message(), HasSubstr("set the certificate name to one of these"));
}

/// The SNI that a server gets from one handshake.
std::string sni_of(const TlsSettings& settings, std::string_view server_name)
{
    std::string seen = "none yet";
    {
        const TlsServer server{
            {.identity = self_signed(), .on_sni = [&](std::string_view name) { seen = name; }},
            wait_for_end};
        Outcome outcome = shake_hands(settings, server.port(), server_name);
        EXPECT_TRUE(outcome.session);
        if (outcome.session) { // the server has finished its handshake, too
            std::ignore = outcome.session->stream->write_all(base::as_bytes("x"), in_good_time());
            outcome.session.reset();
        }
    }
    return seen;
}

TEST(TlsClient, SniIsTheConfiguredNameOrTheCertificateName)
{
    TlsSettings settings = accept_any();
    EXPECT_EQ(sni_of(settings, "mail.example.test."), "mail.example.test");
    EXPECT_EQ(sni_of(settings, "pöst.example.test"), "xn--pst-sna.example.test");
    EXPECT_EQ(sni_of(settings, "my_mail.example.test"), "my_mail.example.test");
    EXPECT_EQ(sni_of(settings, "127.0.0.1"), "");
    EXPECT_EQ(sni_of(settings, "[2001:db8::1]"), "");
    EXPECT_EQ(sni_of(settings, "１２７.0.0.1"), ""); // becomes an address
    settings.certificate_name = "pop.example.test";
    EXPECT_EQ(sni_of(settings, "127.0.0.1"), "pop.example.test");
}

TEST(TlsClient, SystemStoreIsTrustedAndACaFileIsAddedToIt)
{
    const watchpost::test::TempDir folder;
    const Identity known = make_self_signed({.common_name = "Known CA", .is_ca = true});
    const Identity uploaded = make_self_signed({.common_name = "Own CA", .is_ca = true});
    const CertificateSpec spec{.names = "DNS:mail.example.test"};
    const TlsServer of_known{{.identity = make_issued(spec, known)}, wait_for_end};
    const TlsServer of_uploaded{{.identity = make_issued(spec, uploaded)}, wait_for_end};
    write_pem(folder / "system.pem", {known.certificate});
    write_pem(folder / "ca.pem", {uploaded.certificate});
    use_as_system_store((folder / "system.pem").string());
    TlsSettings settings;
    EXPECT_TRUE(shake_hands(settings, of_known.port()).session);
    EXPECT_FALSE(shake_hands(settings, of_uploaded.port()).session);
    settings.ca_file = (folder / "ca.pem").string();
    EXPECT_TRUE(shake_hands(settings, of_known.port()).session);
    EXPECT_TRUE(shake_hands(settings, of_uploaded.port()).session);
    use_as_system_store("/dev/null");
}

TEST(TlsClient, WeakKeyPassesWhereTheCipherStringLowersTheLevel)
{
    const Identity weak = make_self_signed({.names = "DNS:mail.example.test", .rsa_bits = 1024});
    const TlsServer server{{.identity = weak}, wait_for_end};
    TlsSettings settings;
    settings.policy = CertificatePolicy::self_signed;
    EXPECT_THAT(shake_hands(settings, server.port()).message(), HasSubstr("@SECLEVEL=1"));
    settings.ciphers = "DEFAULT@SECLEVEL=1";
    EXPECT_TRUE(shake_hands(settings, server.port()).session);
}

TEST(TlsClient, ServerThatStopsAtTls11IsRefused)
{
    const TlsServer server{{.identity = self_signed(), .version_max = TLS1_1_VERSION},
                           wait_for_end};
    const Outcome outcome = shake_hands(accept_any("DEFAULT@SECLEVEL=0"), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
    EXPECT_THAT(outcome.message(), HasSubstr("no TLS version from 1.2 on"));
}

TEST(TlsClient, NothingInCommonNamesTheCipherSetting)
{
    const TlsServer server{{.identity = self_signed(),
                            .version_max = TLS1_2_VERSION,
                            .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256"},
                           wait_for_end};
    const Outcome outcome = shake_hands(accept_any("ECDHE-ECDSA-AES256-GCM-SHA384"), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
    EXPECT_THAT(outcome.message(), HasSubstr("see the cipher suite setting"));
}

TEST(TlsClient, ServerInClearTextIsToldFromABrokenOne)
{
    const SocketServer server{say_in_clear("+OK POP3 server ready\r\n")};
    const Outcome outcome = shake_hands(accept_any(), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
    EXPECT_THAT(outcome.message(), HasSubstr("does not speak TLS on this port; try STLS or none"));
}

TEST(TlsClient, OctetsInClearBeforeTheHandshakeEndIt)
{
    const TlsServer server{{.identity = self_signed(), .greeting = "+OK injected\r\n"},
                           wait_for_end};
    const Outcome outcome = shake_hands(accept_any(), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
}

TEST(TlsClient, ConnectionClosedInTheMiddleOfTheHandshakeIsLost)
{
    const SocketServer server{[](int fd) {
        char octet = 0;
        std::ignore = ::recv(fd, &octet, 1, MSG_PEEK);
        ::shutdown(fd, SHUT_WR);
        swallow(fd);
    }};
    const Outcome outcome = shake_hands(accept_any(), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::connection_lost);
    EXPECT_THAT(outcome.message(), HasSubstr("in the middle of the TLS handshake"));
}

TEST(TlsClient, ServerThatNeverAnswersTimesOutInTheHandshake)
{
    const SocketServer server{swallow};
    const Outcome outcome = shake_hands(accept_any(), server.port(), "mail.example.test", soon());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::timed_out);
    EXPECT_EQ(outcome.error->describe(), "TLS handshake: timed_out: no answer in the time allowed");
    EXPECT_EQ(outcome.info.version, "");
}

TEST(TlsClient, HandshakeEndsWhenAnotherThreadCancels)
{
    const SocketServer server{swallow};
    const auto cancellation = Cancellation::make().value();
    const auto client = TlsClient::make(accept_any()).value();
    auto stream = connect_to(server.port(), *cancellation);
    std::thread other{[&] { cancellation->cancel(); }};
    const auto session = client->handshake(std::move(stream), "mail.example.test", in_good_time());
    other.join();
    EXPECT_EQ(session.error().code(), ErrorCode::cancelled);
}

TEST(TlsClient, OneClientServesManyThreads)
{
    const TlsServer one{{.identity = self_signed()}, wait_for_end};
    const TlsServer two{{.identity = self_signed()}, wait_for_end};
    const auto client = TlsClient::make(accept_any()).value();
    std::array<bool, 2> done{};
    const auto shake = [&](std::uint16_t port, bool& is_done) {
        is_done =
            client->handshake(connect_to(port), "mail.example.test", in_good_time()).has_value();
    };
    std::thread first{[&] { shake(one.port(), done[0]); }};
    std::thread second{[&] { shake(two.port(), done[1]); }};
    first.join();
    second.join();
    EXPECT_TRUE(done[0]);
    EXPECT_TRUE(done[1]);
}

TEST(TlsClientMake, CertificateNameThatIsNoNameIsRefused)
{
    TlsSettings settings;
    settings.certificate_name = ".example.test";
    const auto client = TlsClient::make(settings);
    EXPECT_EQ(client.error().code(), ErrorCode::invalid_argument);
    EXPECT_THAT(client.error().describe(), HasSubstr("certificate_name: "));
}

TEST(TlsClientMake, CaFileThatCannotBeUsedIsNamed)
{
    const watchpost::test::TempDir folder;
    TlsSettings settings;
    settings.ca_file = (folder / "missing.pem").string();
    EXPECT_THAT(TlsClient::make(settings).error().message(), HasSubstr("No such file"));
    settings.ca_file = folder.write("text.pem", "no certificate\n").string();
    const auto client = TlsClient::make(settings);
    EXPECT_EQ(client.error().code(), ErrorCode::invalid_argument);
    EXPECT_THAT(client.error().message(), HasSubstr("text.pem\" gives no certificate"));
}

TEST(TlsClientMake, CaTextCountsToItsEndAndIsRefusedWithItsFault)
{
    const watchpost::test::TempDir folder;
    const Identity one = make_self_signed({.common_name = "One", .is_ca = true});
    const Identity other = make_self_signed({.common_name = "Other", .is_ca = true});
    write_pem(folder / "ca.pem", {one.certificate, other.certificate});
    TlsSettings settings;
    settings.ca_pem = "One and the other:\n" + watchpost::test::read_file(folder / "ca.pem");
    const TlsServer server{{.identity = make_issued({.names = "DNS:mail.example.test"}, other)},
                           wait_for_end};
    EXPECT_TRUE(shake_hands(settings, server.port()).session);
    settings.ca_pem += "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const auto damaged = TlsClient::make(settings);
    EXPECT_EQ(damaged.error().code(), ErrorCode::invalid_argument);
    EXPECT_THAT(damaged.error().message(), HasSubstr("ca_pem: certificate 3 cannot be read"));
    settings.ca_pem = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
                      "AES-128-CBC,00000000000000000000000000000000\n\nAAAA\n"
                      "-----END CERTIFICATE-----\n"; // nobody is asked for a pass phrase
    EXPECT_THAT(TlsClient::make(settings).error().message(), HasSubstr("certificate 1"));
    settings.ca_pem = "no certificate\n";
    EXPECT_THAT(TlsClient::make(settings).error().message(), HasSubstr("certificate 1"));
}

TEST(CipherSuites, AreThoseThatAClientWouldOffer)
{
    EXPECT_THAT(cipher_suites("TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256").value(),
                ::testing::ElementsAre("TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"));
    EXPECT_GT(cipher_suites("").value().size(), 5U);
    EXPECT_EQ(cipher_suites("NONSENSE").error().code(), ErrorCode::invalid_argument);
}

TEST(CertificatePolicyNames, AreReadAsTheyAreWritten)
{
    for (const auto policy :
         {CertificatePolicy::any, CertificatePolicy::self_signed, CertificatePolicy::trusted}) {
        EXPECT_EQ(parse_certificate_policy(to_string(policy)), policy);
    }
    EXPECT_EQ(parse_certificate_policy("Any"), std::nullopt);
}

} // namespace
} // namespace watchpost::net::test
