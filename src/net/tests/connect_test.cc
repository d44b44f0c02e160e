#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

#include "net/connect_any.h"
#include "net/tests/support/handshake.h"
#include "net/tests/support/silent_port.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string listening = "127.0.0.1"; // the servers of these tests
const std::string refusing = "127.0.0.3";  // of this machine as well, but nobody listens there

constexpr std::chrono::milliseconds never = std::chrono::hours{24};

struct Log {
    std::vector<std::string> lines;
    std::vector<AttemptEnd> ends;

    [[nodiscard]] AttemptObserver observer()
    {
        return [this](std::string_view address, AttemptEnd end, std::string_view outcome) {
            ends.push_back(end);
            lines.push_back(std::string{address} + " " + std::string{outcome});
        };
    }
};

/// Connections to it that are still being made: /proc/net/tcp, state 02 is SYN_SENT (proc(5)).
int attempts_at(const SilentPort& silent)
{
    char wanted[] = "0200007F:0000 02";
    std::snprintf(wanted, sizeof wanted, "0200007F:%04X 02", unsigned{silent.port()});
    std::ifstream connections{"/proc/net/tcp"};
    EXPECT_TRUE(connections);
    int found = 0;
    for (std::string line; std::getline(connections, line);) {
        found += line.find(wanted) != std::string::npos ? 1 : 0;
    }
    return found;
}

base::Result<std::unique_ptr<Stream>> try_any(const std::vector<std::string>& addresses,
                                              std::uint16_t port, const ConnectLimits& limits,
                                              Log& log)
{
    return connect_any(addresses, port, limits, never_cancelled(), log.observer());
}

TEST(Connect, GoesOnToTheNextAddressWhereOneRefuses)
{
    const SocketServer server{swallow};
    Log log;
    const auto stream = try_any({refusing, listening}, server.port(), {}, log);
    ASSERT_TRUE(stream);
    EXPECT_EQ((*stream)->peer_address(), listening);
    EXPECT_THAT(log.lines, ElementsAre("127.0.0.3 Connection refused", "127.0.0.1 connected"));
}

TEST(Connect, StopsAtTheFirstAddressThatTakesTheConnection)
{
    const SocketServer server{swallow};
    Log log;
    ASSERT_TRUE(try_any({listening, refusing}, server.port(), {}, log));
    EXPECT_THAT(log.lines, ElementsAre("127.0.0.1 connected"));
}

TEST(Connect, FailureNamesEveryAddressAndItsReason)
{
    const SocketServer server{swallow};
    Log log;
    const auto stream = try_any({refusing, "127.0.0.4"}, server.port(), {}, log);
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), ErrorCode::connect_failed);
    const std::string port = std::to_string(server.port());
    EXPECT_EQ(stream.error().message(), "127.0.0.3:" + port + ": Connection refused; 127.0.0.4:" +
                                            port + ": Connection refused");
}

TEST(Connect, AddressesBeyondTheLimitAreLeftOutAndSaidSo)
{
    const SocketServer server{swallow};
    Log log;
    const auto stream =
        try_any({refusing, "127.0.0.4", listening}, server.port(), {.addresses_max = 2}, log);
    ASSERT_FALSE(stream);
    EXPECT_THAT(stream.error().message(), HasSubstr("1 more addresses were not tried"));
    EXPECT_THAT(log.lines.back(), HasSubstr("127.0.0.1 1 more addresses were not tried"));
}

TEST(Connect, CancellationEndsTheSearch)
{
    const SocketServer server{swallow};
    const auto cancellation = Cancellation::make().value();
    cancellation->cancel();
    Log log;
    const std::vector<std::string> addresses{refusing, listening};
    const auto stream = connect_any(addresses, server.port(), {}, *cancellation, log.observer());
    EXPECT_EQ(stream.error().code(), ErrorCode::cancelled);
    EXPECT_TRUE(log.lines.empty());
}

TEST(Connect, CancellationEndsTheWaitForASilentAddress)
{
    const SilentPort silent;
    const auto cancellation = Cancellation::make().value();
    Log log;
    const std::vector<std::string> addresses{SilentPort::address};
    std::jthread other{[&] { cancellation->cancel(); }};
    const auto stream = connect_any(addresses, silent.port(), {.address_time_max = never},
                                    *cancellation, log.observer());
    EXPECT_EQ(stream.error().code(), ErrorCode::cancelled);
}

TEST(Connect, NextAddressBeginsAtOnceWhereTheOneBeforeFails)
{
    const SocketServer server{swallow};
    Log log;
    EXPECT_TRUE(try_any({refusing, listening}, server.port(), {.attempt_delay = never}, log));
}

TEST(Connect, SilentAddressIsOvertakenByTheNextAndClosed)
{
    const SocketServer server{swallow};
    const SilentPort silent{server.port()};
    Log log;
    auto stream =
        try_any({SilentPort::address, listening}, server.port(),
                {.attempt_delay = std::chrono::milliseconds{1}, .address_time_max = never}, log);
    ASSERT_TRUE(stream) << stream.error().describe();
    EXPECT_EQ((*stream)->peer_address(), listening);
    EXPECT_THAT(log.ends, ElementsAre(AttemptEnd::overtaken, AttemptEnd::connected));
    EXPECT_THAT(log.lines.front(), HasSubstr("127.0.0.2 no answer yet when another"));
    EXPECT_EQ(attempts_at(silent), 0);
}

TEST(Connect, SilentAddressIsWaitedForWhereTheOthersFail)
{
    const SilentPort silent;
    Log log;
    const auto stream = try_any({SilentPort::address, refusing}, silent.port(),
                                {.attempt_delay = std::chrono::milliseconds{0},
                                 .address_time_max = std::chrono::milliseconds{50}},
                                log);
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), ErrorCode::connect_failed);
    EXPECT_THAT(log.lines, ElementsAre("127.0.0.3 Connection refused",
                                       "127.0.0.2 no answer in the time allowed"));
    EXPECT_THAT(log.ends, ElementsAre(AttemptEnd::failed, AttemptEnd::failed));
}

TEST(Connect, TimeThatIsOverIsTimedOut)
{
    const SocketServer server{swallow};
    const auto passed = std::chrono::steady_clock::now();
    const auto stream = connect_address(listening, server.port(), passed, never_cancelled());
    EXPECT_EQ(stream.error().code(), ErrorCode::timed_out);
}

TEST(Connect, NameOfTheHostsFileLeadsToItsAddresses)
{
    const SocketServer server{swallow};
    const auto stream = connect("localhost", server.port(), {}, never_cancelled());
    ASSERT_TRUE(stream) << stream.error().describe();
    EXPECT_EQ((*stream)->peer_address(), listening);
}

TEST(Connect, WhatIsNoServerIsRefusedBeforeAnythingIsAsked)
{
    const auto stream = connect("https://mail.example.test", 995, {}, never_cancelled());
    EXPECT_EQ(stream.error().code(), ErrorCode::invalid_argument);
    const auto no_port = connect("127.0.0.1", 0, {}, never_cancelled());
    EXPECT_EQ(no_port.error().code(), ErrorCode::invalid_argument);
}

TEST(Resolve, AddressIsItsOwnAnswer)
{
    const auto resolved = [](std::string_view server) {
        return resolve(server, in_good_time(), never_cancelled()).value();
    };
    EXPECT_THAT(resolved("192.0.2.1"), ElementsAre("192.0.2.1"));
    EXPECT_THAT(resolved("2001:DB8::1"), ElementsAre("2001:db8::1"));
    EXPECT_THAT(resolved("[2001:db8::1]"), ElementsAre("2001:db8::1"));
}

} // namespace
} // namespace watchpost::net::test
