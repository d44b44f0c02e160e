// TLS servers that mean harm: what has no end, what is too large, what never stops talking. Every
// call ends by its deadline or with a reason, and nothing grows with what they send.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TlsSettings with_policy(CertificatePolicy policy)
{
    TlsSettings settings;
    settings.policy = policy;
    return settings;
}

Identity for_the_server()
{
    return make_self_signed({.names = "DNS:mail.example.test"});
}

/// Certificates that have nothing to do with the leaf.
std::vector<Certificate> strangers(std::size_t count)
{
    std::vector<Certificate> made;
    made.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        made.push_back(make_self_signed({.common_name = "stranger", .is_ca = true}).certificate);
    }
    return made;
}

/// Leaf, then each one's issuer; the last is no root.
TlsServerSettings deep_chain(int depth)
{
    Identity issuer = make_self_signed({.common_name = "top", .is_ca = true});
    std::vector<Certificate> chain;
    for (int i = 0; i < depth; ++i) {
        issuer = make_issued({.common_name = "level " + std::to_string(i), .is_ca = true}, issuer);
        chain.insert(chain.begin(), issuer.certificate);
    }
    return {.identity = make_issued({.names = "DNS:mail.example.test"}, issuer), .chain = chain};
}

ErrorCode first_read(const TlsServer& server, base::Deadline deadline)
{
    Outcome outcome = shake_hands(with_policy(CertificatePolicy::any), server.port());
    EXPECT_TRUE(outcome.session) << outcome.message();
    std::array<std::byte, 100> buffer{};
    const auto count = outcome.session->stream->read_some(buffer, deadline);
    EXPECT_FALSE(count);
    return count ? ErrorCode::internal : count.error().code();
}

/// OpenSSL does not mind a ticket that it cannot send. All that the client says is its farewell.
bool is_gone(SSL* ssl)
{
    char octet = 0;
    const auto count = ::recv(SSL_get_fd(ssl), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return count >= 0 || errno != EAGAIN;
}

/// Sends the same octets for as long as somebody takes them.
std::function<void(int)> repeat_without_end(std::string octets)
{
    return [octets = std::move(octets)](int fd) {
        while (::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL) > 0) {
        }
    };
}

TEST(HostileTlsServer, CertificatesBeyondTheLimitAreRefusedWithItsSize)
{
    const TlsServer server{{.identity = for_the_server(), .chain = strangers(300)}, wait_for_end};
    const Outcome outcome = shake_hands(with_policy(CertificatePolicy::any), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
    EXPECT_THAT(outcome.message(), HasSubstr("more than 100 KiB of certificates"));
}

TEST(HostileTlsServer, CertificatesThatAreNoPartOfTheChainAreShownInPart)
{
    const TlsServer server{{.identity = for_the_server(), .chain = strangers(100)}, wait_for_end};
    const Outcome outcome = shake_hands(with_policy(CertificatePolicy::self_signed), server.port());
    EXPECT_TRUE(outcome.session) << outcome.message();
    EXPECT_THAT(outcome.info.chain, SizeIs(20));
}

TEST(HostileTlsServer, ChainDeeperThanOpenSslFollowsIsAFault)
{
    const TlsServer server{deep_chain(130), wait_for_end};
    const Outcome outcome = shake_hands(with_policy(CertificatePolicy::trusted), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::certificate_rejected);
    EXPECT_THAT(outcome.all_faults(), HasSubstr("chain too long"));
}

TEST(HostileTlsServer, SessionTicketsWithoutEndAreNoAnswer)
{
    const TlsServer server{{.identity = for_the_server()}, [](SSL* ssl) {
                               while (!is_gone(ssl) && SSL_new_session_ticket(ssl) == 1 &&
                                      SSL_do_handshake(ssl) == 1) {
                               }
                           }};
    EXPECT_EQ(first_read(server, soon()), ErrorCode::timed_out);
}

TEST(HostileTlsServer, KeyUpdatesWithoutEndAreNoAnswer) // RFC 8446 §4.6.3
{
    const TlsServer server{{.identity = for_the_server()}, [](SSL* ssl) {
                               while (SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1 &&
                                      SSL_do_handshake(ssl) == 1) {
                               }
                           }};
    EXPECT_EQ(first_read(server, soon()), ErrorCode::timed_out);
}

TEST(HostileTlsServer, RenegotiationAskedForWithoutEndIsNoAnswer)
{
    const TlsServer server{{.identity = for_the_server(), .version_max = TLS1_2_VERSION},
                           [](SSL* ssl) {
                               // Each HelloRequest as a record of its own; nothing of ours is read.
                               while (SSL_renegotiate(ssl) == 1 && SSL_do_handshake(ssl) == 1) {
                               }
                               wait_for_end(ssl);
                           }};
    EXPECT_THAT(first_read(server, soon()),
                AnyOf(ErrorCode::timed_out, ErrorCode::tls_failed, ErrorCode::connection_lost));
}

TEST(HostileTlsServer, RecordsWithoutEndBeforeTheServerHelloEndTheHandshake)
{
    using namespace std::string_literals;
    const std::string change_cipher_spec = "\x14\x03\x03\x00\x01\x01"s;
    const std::string empty_handshake = "\x16\x03\x03\x00\x00"s;
    const std::string warning_alert = "\x15\x03\x03\x00\x02\x01\x5a"s; // user_canceled
    for (const auto& record : {change_cipher_spec, empty_handshake, warning_alert}) {
        const SocketServer server{repeat_without_end(record)};
        const Outcome outcome = shake_hands(with_policy(CertificatePolicy::any), server.port(),
                                            "mail.example.test", soon());
        ASSERT_TRUE(outcome.error);
        EXPECT_THAT(outcome.error->code(), AnyOf(ErrorCode::timed_out, ErrorCode::tls_failed));
    }
}

TEST(HostileTlsServer, HandshakeMessageThatNeverEndsIsRefusedAtItsLimit)
{
    using namespace std::string_literals;
    // A ServerHello of 16 MiB, as its head says, in records of 16 KiB.
    const std::string record = "\x16\x03\x03\x40\x00\x02\xff\xff\xff"s + std::string(16380, 'x');
    const SocketServer server{repeat_without_end(record)};
    const Outcome outcome =
        shake_hands(with_policy(CertificatePolicy::any), server.port(), "mail.example.test");
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
}

TEST(HostileTlsServer, FatalAlertInTheSessionIsToldInItsWords)
{
    const SocketServer server{say_in_clear(std::string{"\x15\x03\x03\x00\x02\x02\x50", 7})};
    const Outcome outcome = shake_hands(with_policy(CertificatePolicy::any), server.port());
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::tls_failed);
    EXPECT_THAT(outcome.message(), HasSubstr("internal error"));
}

} // namespace
} // namespace watchpost::net::test
