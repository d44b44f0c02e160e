#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <array>
#include <tuple>

#include "net/own_certificate.h"
#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"
#include "net/tls_failure.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

const Identity& self_signed()
{
    static const Identity made = make_self_signed({.names = "DNS:mail.example.test"});
    return made;
}

/// A session with `server`, whoever it is.
std::unique_ptr<Stream> open(const TlsServer& server)
{
    TlsSettings settings;
    settings.policy = CertificatePolicy::any;
    return std::move(shake_hands(settings, server.port()).session.value().stream);
}

/// Waits for one octet, then answers and leaves in good order.
void answer_when_asked(SSL* ssl)
{
    char octet = 0;
    SSL_read(ssl, &octet, 1);
    say("answer")(ssl);
}

TEST(TlsStream, CarriesManyRecordsUnchanged)
{
    const TlsServer server{{.identity = self_signed()}, echo};
    const auto stream = open(server);
    std::string sent(200'000, 'x');
    for (std::size_t i = 0; i < sent.size(); ++i) {
        sent[i] = static_cast<char>(i * 31 >> 3);
    }
    ASSERT_TRUE(stream->write_all(base::as_bytes(sent), in_good_time()));
    EXPECT_EQ(read_all(*stream, sent.size()).value(), sent);
}

TEST(TlsStream, CloseNotifyIsTheEndInGoodOrder)
{
    const TlsServer server{{.identity = self_signed()}, say("+OK bye\r\n")};
    const auto stream = open(server);
    EXPECT_EQ(read_all(*stream).value(), "+OK bye\r\n");
    std::array<std::byte, 8> buffer{};
    EXPECT_EQ(stream->read_some(buffer, in_good_time()).value(), 0U);
}

TEST(TlsStream, EndWithoutCloseNotifyIsConnectionLost)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const TlsServer server{{.identity = self_signed(), .version_max = version},
                               say_and_break_off("half a mess")};
        const auto stream = open(server);
        EXPECT_EQ(read_all(*stream, 11).value(), "half a mess");
        const auto end = read_all(*stream);
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().code(), ErrorCode::connection_lost);
        EXPECT_THAT(end.error().message(), HasSubstr("close_notify"));
    }
}

TEST(TlsStream, ReadThatTimedOutMayBeRepeated)
{
    const TlsServer server{{.identity = self_signed()}, answer_when_asked};
    const auto stream = open(server);
    std::array<std::byte, 8> buffer{};
    EXPECT_EQ(stream->read_some(buffer, soon()).error().code(), ErrorCode::timed_out);
    EXPECT_EQ(stream->read_some(buffer, soon()).error().code(), ErrorCode::timed_out);
    ASSERT_TRUE(stream->write_all(base::as_bytes("?"), in_good_time()));
    EXPECT_EQ(read_all(*stream).value(), "answer");
}

TEST(TlsStream, NothingGoesOnAfterAFailure)
{
    const TlsServer server{{.identity = self_signed()}, say_and_break_off("x")};
    const auto stream = open(server);
    ASSERT_FALSE(read_all(*stream));
    const auto written = stream->write_all(base::as_bytes("QUIT\r\n"), in_good_time());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::connection_lost);
}

TEST(TlsStream, DemandForAClientCertificateIsExplained)
{
    // With TLS 1.3 the server's alert comes after the handshake, in the first read.
    const TlsServer server{{.identity = self_signed(), .demands_client_certificate = true},
                           wait_for_end};
    const auto stream = open(server);
    const auto answer = read_all(*stream);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::tls_failed);
    EXPECT_THAT(answer.error().message(), HasSubstr("demands a client certificate"));
}

TEST(TlsStream, ARefusalOfOurClientCertificateIsExplained)
{
    OwnCertificateRequest request;
    request.common_name = "collector"; // whose issuer the server does not know
    request.names = {"collector"};
    const auto ours = make_own_certificate(request).value();
    TlsSettings settings;
    settings.policy = CertificatePolicy::any;
    settings.client_certificate_pem = ours;
    settings.client_key_pem = ours;
    const TlsServer server{{.identity = self_signed(), .demands_client_certificate = true},
                           wait_for_end};
    const auto shaken = shake_hands(settings, server.port());
    const auto answer = read_all(*shaken.session.value().stream);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::tls_failed);
    EXPECT_THAT(answer.error().message(), HasSubstr("does not accept our client certificate"));
}

/// The alert's number, made by OpenSSL as if a server had sent it. RFC 8446 §6.2
TEST(TlsStream, EachAlertAboutOurClientCertificateNamesTheField)
{
    for (const int reason :
         {SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
          SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
          SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED}) {
        ERR_clear_error();
        ERR_raise(ERR_LIB_SSL, reason);
        Transport transport{};
        EXPECT_THAT(explain_tls_failure(transport).message(), HasSubstr("\"Client certificate\""))
            << reason;
    }
}

TEST(TlsStream, RenegotiationIsDeclinedAndTheSessionGoesOn)
{
    int reason = 0;
    {
        const TlsServer server{{.identity = self_signed(), .version_max = TLS1_2_VERSION},
                               [&](SSL* ssl) {
                                   SSL_renegotiate(ssl);
                                   SSL_do_handshake(ssl); // asks for it
                                   SSL_write(ssl, "+OK\r\n", 5);
                                   char octet = 0;
                                   std::ignore = SSL_read(ssl, &octet, 1); // the client's answer
                                   reason = ERR_GET_REASON(ERR_peek_last_error());
                               }};
        const auto stream = open(server);
        EXPECT_EQ(read_all(*stream, 5).value(), "+OK\r\n");
    }
    EXPECT_EQ(reason, SSL_R_NO_RENEGOTIATION);
}

TEST(TlsStream, WritingNothingIsNoRecord)
{
    const TlsServer server{{.identity = self_signed()}, answer_when_asked};
    const auto stream = open(server);
    ASSERT_TRUE(stream->write_all({}, in_good_time()));
    ASSERT_TRUE(stream->write_all(base::as_bytes("?"), in_good_time()));
    EXPECT_EQ(read_all(*stream).value(), "answer");
    EXPECT_EQ(stream->peer_address(), "127.0.0.1");
}

TEST(TlsStream, SaysCloseNotifyWhenItEnds)
{
    int last_error = SSL_ERROR_NONE;
    {
        const TlsServer server{{.identity = self_signed()}, [&](SSL* ssl) {
                                   char octet = 0;
                                   const int count = SSL_read(ssl, &octet, 1);
                                   last_error = SSL_get_error(ssl, count);
                               }};
        const auto stream = open(server);
        ASSERT_TRUE(stream);
    } // the stream goes first, then the server waits for its thread
    EXPECT_EQ(last_error, SSL_ERROR_ZERO_RETURN);
}

/// What both ends take the session to be known by: RFC 9266 §2 at the server's.
TEST(TlsStream, BothEndsOfATls13SessionExportTheSameBindingAndAnotherSessionAnother)
{
    std::string exported(32, '\0');
    const TlsServer server{{.identity = self_signed()}, [&](SSL* ssl) {
                               constexpr std::string_view label = "EXPORTER-Channel-Binding";
                               SSL_export_keying_material(
                                   ssl, reinterpret_cast<unsigned char*>(exported.data()),
                                   exported.size(), label.data(), label.size(), nullptr, 0, 0);
                               say("done")(ssl);
                           }};
    const auto stream = open(server);
    EXPECT_EQ(read_all(*stream).value(), "done");
    const auto binding = stream->channel_binding().value();
    EXPECT_EQ(binding.type, "tls-exporter");
    EXPECT_EQ(base::as_text(binding.octets), exported);
    const auto again = open(server);
    EXPECT_EQ(read_all(*again).value(), "done");
    EXPECT_NE(again->channel_binding().value().octets, binding.octets);
}

TEST(TlsStream, ATls12SessionIsBoundToTheCertificateByItsOwnDigest) // RFC 5929 §4.1
{
    const std::tuple<const EVP_MD*, const EVP_MD*> rows[]{{EVP_sha256(), EVP_sha256()},
                                                          {EVP_sha1(), EVP_sha256()},
                                                          {EVP_sha384(), EVP_sha384()},
                                                          {EVP_sha512(), EVP_sha512()}};
    for (const auto& [signed_with, bound_with] : rows) {
        const auto identity =
            make_self_signed({.names = "DNS:mail.example.test", .digest = signed_with});
        const TlsServer server{{.identity = identity, .version_max = TLS1_2_VERSION}, echo};
        const auto binding = open(server)->channel_binding().value();
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        X509_digest(identity.certificate.get(), bound_with, digest.data(), &size);
        EXPECT_EQ(binding.type, "tls-server-end-point");
        EXPECT_EQ(base::to_hex(binding.octets),
                  base::to_hex(std::as_bytes(std::span{digest}).first(size)));
    }
}

TEST(TlsStream, InClearThereIsNothingToBindTo)
{
    const SocketServer server{swallow};
    EXPECT_FALSE(connect_to(server.port())->channel_binding());
}

} // namespace
} // namespace watchpost::net::test
