#include "net/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "net/tests/support/dns_server.h"
#include "net/tests/support/handshake.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

base::Result<std::vector<std::string>> ask(const DnsServer& server, const std::string& name,
                                           base::Deadline deadline = in_good_time())
{
    return resolve_host_name(name, {.servers = server.address()}, deadline, never_cancelled());
}

TEST(Resolver, OrderOfTheAnswerIsKept)
{
    const std::vector<std::string> order{"198.51.100.9", "127.0.0.1", "10.0.0.7", "192.0.2.1"};
    const DnsServer server{{.a = {{"pop.example.test", order}}}};
    EXPECT_EQ(ask(server, "pop.example.test").value(), order);
}

TEST(Resolver, AddressesOfBothFamiliesAreDealtAlternately)
{
    const DnsServer server{{.a = {{"pop.example.test", {"192.0.2.2", "192.0.2.1", "192.0.2.3"}}},
                            .aaaa = {{"pop.example.test", {"2001:db8::2", "2001:db8::1"}}}}};
    EXPECT_THAT(ask(server, "pop.example.test").value(),
                ElementsAre("2001:db8::2", "192.0.2.2", "2001:db8::1", "192.0.2.1", "192.0.2.3"));
}

TEST(Resolver, DoubleAddressIsGivenOnce)
{
    const DnsServer server{{.a = {{"pop.example.test", {"192.0.2.1", "192.0.2.1"}}}}};
    EXPECT_THAT(ask(server, "pop.example.test").value(), ElementsAre("192.0.2.1"));
}

TEST(Resolver, UnknownNameSaysSo)
{
    const DnsServer server{{.a = {{"pop.example.test", {"192.0.2.1"}}}}};
    const auto answer = ask(server, "unknown.example.test.");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::name_not_resolved);
    EXPECT_THAT(answer.error().message(), HasSubstr("there is no such name"));
}

TEST(Resolver, NameWithoutAddressSaysSo)
{
    const DnsServer server{{.a = {{"empty.example.test", {}}}}};
    const auto answer = ask(server, "empty.example.test.");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::name_not_resolved);
    EXPECT_THAT(answer.error().message(), HasSubstr("no IPv4 or IPv6 address"));
}

TEST(Resolver, HostsFileIsAskedFirst)
{
    const DnsServer server{{.a = {{"localhost", {"192.0.2.66"}}}}};
    const auto answer = ask(server, "localhost");
    ASSERT_TRUE(answer);
    EXPECT_THAT(*answer, ::testing::Contains("127.0.0.1"));
    EXPECT_THAT(*answer, ::testing::Not(::testing::Contains("192.0.2.66")));
}

TEST(Resolver, ServerThatDropsAaaaQuestionsDoesNotHideTheIpv4Addresses)
{
    const DnsServer server{
        {.a = {{"pop.example.test", {"192.0.2.1"}}}, .silent_aaaa = {"pop.example.test"}}};
    EXPECT_THAT(ask(server, "pop.example.test").value(), ElementsAre("192.0.2.1"));
}

TEST(Resolver, SilentServerTimesOut)
{
    const DnsServer server{{.silent = {"pop.example.test"}}};
    EXPECT_EQ(ask(server, "pop.example.test", soon()).error().code(), ErrorCode::timed_out);
}

TEST(Resolver, CancellationEndsTheWait)
{
    const DnsServer server{{.silent = {"pop.example.test"}}};
    const auto cancellation = Cancellation::make().value();
    std::thread other{[&] { cancellation->cancel(); }};
    const auto answer = resolve_host_name("pop.example.test", {.servers = server.address()},
                                          in_good_time(), *cancellation);
    other.join();
    EXPECT_EQ(answer.error().code(), ErrorCode::cancelled);
}

TEST(Resolver, NameServerThatIsNotThereIsNamedAsTheCause)
{
    std::string nobody;
    {
        const DnsServer gone{{}};
        nobody = gone.address();
    }
    const auto answer = resolve_host_name("pop.example.test", {.servers = nobody}, in_good_time(),
                                          never_cancelled());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::name_not_resolved);
    EXPECT_THAT(answer.error().message(), HasSubstr("see /etc/resolv.conf"));
}

} // namespace
} // namespace watchpost::net::test
