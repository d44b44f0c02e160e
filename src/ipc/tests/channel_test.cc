#include "ipc/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

#include "os/memfd.h"

namespace watchpost::ipc {
namespace {

using base::ErrorCode;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{30};
}

base::Deadline now()
{
    return std::chrono::steady_clock::now();
}

struct Pair {
    explicit Pair(const Limits& limits = {}) : Pair{make_socket_pair().value(), limits} {}
    Pair(std::pair<os::UniqueFd, os::UniqueFd> ends, const Limits& limits)
        : ours{std::move(ends.first), limits}
        , raw{ends.second.get()}
        , theirs{std::move(ends.second), limits}
    {
    }

    void send_raw(base::ByteView datagram) const
    {
        ASSERT_EQ(::send(raw, datagram.data(), datagram.size(), 0),
                  static_cast<ssize_t>(datagram.size()));
    }

    Channel ours;
    int raw; // the other end's descriptor, for frames that Channel would not send
    Channel theirs;
};

std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator folder{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(folder), end(folder)));
}

TEST(Channel, AMessageArrivesAsItWasSent)
{
    Pair pair;
    ASSERT_TRUE(pair.theirs.send(3, base::as_bytes("hello"), {}, soon()));
    const auto message = pair.ours.receive(soon());
    ASSERT_TRUE(message);
    EXPECT_EQ(message->kind, 3);
    EXPECT_EQ(base::as_text(message->payload), "hello");
}

TEST(Channel, AMessageOfManyFramesArrivesWhole)
{
    Pair pair{Limits{std::size_t{8} << 20U, 0}};
    std::string large(std::size_t{5} << 20U, 'x');
    large.back() = 'y';
    std::jthread sender{
        [&] { EXPECT_TRUE(pair.theirs.send(4, base::as_bytes(large), {}, soon())); }};
    const auto message = pair.ours.receive(soon());
    ASSERT_TRUE(message);
    EXPECT_EQ(base::as_text(message->payload), large);
}

TEST(Channel, ADescriptorArrivesAndReadsTheSame)
{
    Pair pair;
    const auto file = os::make_sealed_memfd("test", base::as_bytes("content")).value();
    ASSERT_TRUE(pair.theirs.send(1, {}, std::array{file.get()}, soon()));
    const auto message = pair.ours.receive(soon());
    ASSERT_TRUE(message);
    ASSERT_EQ(message->fds.size(), 1U);
    std::array<char, 16> text{};
    EXPECT_EQ(::pread(message->fds[0].get(), text.data(), text.size(), 0), 7);
    EXPECT_EQ(::fcntl(message->fds[0].get(), F_GETFD), FD_CLOEXEC);
}

TEST(Channel, DescriptorsBeyondTheLimitAreRefusedAndClosed)
{
    Pair pair{Limits{100, 1}};
    const std::size_t before = open_descriptors();
    ASSERT_TRUE(pair.theirs.send(1, {}, std::array{0, 1}, soon()));
    const auto message = pair.ours.receive(soon());
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code(), ErrorCode::limit_exceeded);
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Channel, MoreDescriptorsThanAnyFrameMayHoldAreRefusedAndClosed)
{
    Pair pair{Limits{100, 1}};
    const std::size_t before = open_descriptors();
    std::array<int, 40> many{};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof many)> control{};
    msghdr header{};
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    *CMSG_FIRSTHDR(&header) = cmsghdr{CMSG_LEN(sizeof many), SOL_SOCKET, SCM_RIGHTS};
    auto head = encode_header(Frame{});
    iovec part{head.data(), head.size()};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    ASSERT_GT(::sendmsg(pair.raw, &header, 0), 0);
    const auto message = pair.ours.receive(soon());
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code(), ErrorCode::protocol_violation);
    EXPECT_EQ(open_descriptors(), before);
}

TEST(Channel, ADatagramThatIsNoFrameIsRefused)
{
    const Pair pair;
    pair.send_raw(base::as_bytes("GET / HTTP/1.1"));
    auto& ours = const_cast<Channel&>(pair.ours);
    const auto message = ours.receive(soon());
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code(), ErrorCode::protocol_violation);
}

TEST(Channel, AFrameLargerThanTheLargestIsRefused)
{
    Pair pair;
    pair.send_raw(base::Bytes(frame_header_bytes + frame_payload_bytes_max + 1, std::byte{'W'}));
    const auto message = pair.ours.receive(soon());
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code(), ErrorCode::protocol_violation);
}

TEST(Channel, APeerThatClosedIsAConnectionLost)
{
    auto ends = make_socket_pair().value();
    Channel ours{std::move(ends.first), Limits{}};
    ends.second.reset();
    EXPECT_EQ(ours.receive(soon()).error().code(), ErrorCode::connection_lost);
    EXPECT_EQ(ours.send(1, {}, {}, soon()).error().code(), ErrorCode::connection_lost);
}

TEST(Channel, ASilentPeerIsATimeOut)
{
    Pair pair;
    EXPECT_FALSE(pair.ours.has_input());
    EXPECT_EQ(pair.ours.receive(now()).error().code(), ErrorCode::timed_out);
}

TEST(Channel, APeerThatReadsNothingIsATimeOutOfSending)
{
    Pair pair;
    const base::Bytes payload(frame_payload_bytes_max);
    base::Result<void> sent;
    for (int i = 0; i < 1'000 && sent; ++i) {
        sent = pair.ours.send(1, payload, {}, now());
    }
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code(), ErrorCode::timed_out);
}

TEST(Channel, AMessageThatNeverEndsStopsAtTheLimit)
{
    Pair pair{Limits{3, 0}};
    const auto head = encode_header(Frame{1, true, base::as_bytes("x")});
    base::Bytes datagram{head.begin(), head.end()};
    datagram.push_back(std::byte{'x'});
    for (int i = 0; i < 4; ++i) {
        pair.send_raw(datagram);
    }
    EXPECT_EQ(pair.ours.receive(soon()).error().code(), ErrorCode::limit_exceeded);
}

} // namespace
} // namespace watchpost::ipc
