#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;

/// Waits for one octet, then answers.
void answer_when_asked(int fd)
{
    char octet = 0;
    if (::recv(fd, &octet, 1, 0) == 1) {
        ::send(fd, "answer", 6, MSG_NOSIGNAL);
    }
}

void reset(int fd)
{
    std::array<char, 64> request{}; // a reset before connect() is through would fail that one
    static_cast<void>(::recv(fd, request.data(), request.size(), 0));
    const linger at_once{.l_onoff = 1, .l_linger = 0}; // close() sends RST
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

base::Result<std::size_t> read_once(Stream& stream, base::Deadline deadline)
{
    std::array<std::byte, 64> buffer{};
    return stream.read_some(buffer, deadline);
}

TEST(TcpStream, GivesWhatThePeerSentAndThenItsEnd)
{
    const SocketServer server{[](int fd) { ::send(fd, "+OK\r\n", 5, MSG_NOSIGNAL); }};
    const auto stream = connect_to(server.port());
    EXPECT_EQ(read_all(*stream).value(), "+OK\r\n");
    EXPECT_EQ(read_once(*stream, in_good_time()).value(), 0U);
}

TEST(TcpStream, SilentPeerTimesOutAndTheStreamGoesOnAfterwards)
{
    const SocketServer server{answer_when_asked};
    const auto stream = connect_to(server.port());
    EXPECT_EQ(read_once(*stream, soon()).error().code(), ErrorCode::timed_out);
    ASSERT_TRUE(stream->write_all(base::as_bytes("?"), in_good_time()));
    EXPECT_EQ(read_all(*stream).value(), "answer");
}

TEST(TcpStream, PeerThatNeverPausesCannotOutlastTheDeadline)
{
    const SocketServer server{say_in_clear("+OK ready\r\n")};
    const auto stream = connect_to(server.port());
    std::array<std::byte, 1> first{};
    ASSERT_EQ(stream->read_some(first, in_good_time()).value(), 1U); // more is there
    const auto passed = std::chrono::steady_clock::now();
    EXPECT_EQ(read_once(*stream, passed).error().code(), ErrorCode::timed_out);
}

TEST(TcpStream, WriteToAPeerThatDoesNotReadTimesOut)
{
    const SocketServer server{[](int fd) {
        pollfd end{.fd = fd, .events = POLLRDHUP, .revents = 0};
        const std::chrono::milliseconds limit{io_time_max};
        ::poll(&end, 1, static_cast<int>(limit.count())); // until the client goes away
    }};
    const auto stream = connect_to(server.port());
    const base::Bytes much(std::size_t{64} * 1024 * 1024);
    EXPECT_EQ(stream->write_all(much, soon()).error().code(), ErrorCode::timed_out);
}

TEST(TcpStream, ResetIsConnectionLostForReadingAndWritingWithoutASignal)
{
    const SocketServer server{reset};
    const auto stream = connect_to(server.port());
    ASSERT_TRUE(stream->write_all(base::as_bytes("NOOP\r\n"), in_good_time()));
    EXPECT_EQ(read_once(*stream, in_good_time()).error().code(), ErrorCode::connection_lost);
    const auto written = stream->write_all(base::as_bytes("QUIT\r\n"), in_good_time());
    EXPECT_EQ(written.error().code(), ErrorCode::connection_lost); // SIGPIPE would end the test
}

TEST(TcpStream, KnowsThePeersAddress)
{
    const SocketServer server{swallow};
    EXPECT_EQ(connect_to(server.port())->peer_address(), "127.0.0.1");
}

} // namespace
} // namespace watchpost::net::test
