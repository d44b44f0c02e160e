#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

base::ErrorCode read_error(Stream& stream)
{
    std::array<std::byte, 16> buffer{};
    return stream.read_some(buffer, in_good_time()).error().code();
}

TEST(Cancellation, EndsAWaitFromAnotherThread)
{
    const SocketServer server{swallow};
    const auto cancellation = Cancellation::make().value();
    const auto stream = connect_to(server.port(), *cancellation);
    std::thread other{[&] { cancellation->cancel(); }};
    EXPECT_EQ(read_error(*stream), base::ErrorCode::cancelled);
    other.join();
}

TEST(Cancellation, EndsTheWaitsOfAllThreadsThatUseIt)
{
    const SocketServer first{swallow};
    const SocketServer second{swallow};
    const auto cancellation = Cancellation::make().value();
    const auto one = connect_to(first.port(), *cancellation);
    const auto two = connect_to(second.port(), *cancellation);
    std::array<base::ErrorCode, 2> codes{};
    std::thread reader_of_one{[&] { codes[0] = read_error(*one); }};
    std::thread reader_of_two{[&] { codes[1] = read_error(*two); }};
    cancellation->cancel();
    reader_of_one.join();
    reader_of_two.join();
    EXPECT_EQ(codes[0], base::ErrorCode::cancelled);
    EXPECT_EQ(codes[1], base::ErrorCode::cancelled);
}

TEST(Cancellation, HoldsForEveryLaterCall)
{
    const SocketServer server{say_in_clear("+OK ready\r\n")};
    const auto cancellation = Cancellation::make().value();
    const auto stream = connect_to(server.port(), *cancellation);
    cancellation->cancel();
    EXPECT_EQ(read_error(*stream), base::ErrorCode::cancelled);
    EXPECT_EQ(read_error(*stream), base::ErrorCode::cancelled);
    const auto written = stream->write_all(base::as_bytes("QUIT\r\n"), in_good_time());
    EXPECT_EQ(written.error().code(), base::ErrorCode::cancelled);
    const auto connected =
        connect_address("127.0.0.1", server.port(), in_good_time(), *cancellation);
    EXPECT_EQ(connected.error().code(), base::ErrorCode::cancelled);
}

Cancellation* cancelled_by_signal = nullptr;

void cancel_on_signal(int /*number*/)
{
    cancelled_by_signal->cancel();
}

TEST(Cancellation, MayBeSignalledFromASignalHandlerAndKeepsErrno)
{
    const auto cancellation = Cancellation::make().value();
    cancelled_by_signal = cancellation.get();
    const auto previous = std::signal(SIGUSR1, cancel_on_signal);
    errno = EDOM;
    std::raise(SIGUSR1);
    EXPECT_EQ(errno, EDOM);
    std::signal(SIGUSR1, previous);
    EXPECT_TRUE(cancellation->is_cancelled());
}

TEST(Cancellation, IsNotCancelledBeforehand)
{
    EXPECT_FALSE(Cancellation::make().value()->is_cancelled());
}

} // namespace
} // namespace watchpost::net::test
