// A server with several addresses: what makes a link go to the next one, and what must not.
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "collector/link_opener.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Retry;

/// "a", "b" … with a script each; what is to be avoided comes last, as in net::Connector.
class SeveralAddresses final : public Transport {
public:
    struct Machine {
        test::Pop3Script script = test::script_of(1);
        std::optional<Error> handshake_error = {};
        std::optional<Error> connect_error = {};
        unsigned connections = 0;
    };
    std::deque<Machine> machines;
    std::set<std::string> avoided;

    Result<std::unique_ptr<net::Stream>> connect(const net::ConnectObserver& observer) override
    {
        for (const bool last : {false, true}) {
            for (std::size_t i = 0; i < machines.size(); ++i) {
                const std::string address(1, static_cast<char>('a' + i));
                if (avoided.contains(address) != last) {
                    continue;
                }
                current_ = i;
                ++machines[i].connections;
                observer(address, "connected");
                transport_.emplace(machines[i].script);
                transport_->handshake_error = machines[i].handshake_error;
                auto stream = transport_->connect([](auto, auto) {});
                return std::make_unique<Named>(*std::move(stream), address);
            }
        }
        return base::fail(ErrorCode::connect_failed, Retry::later, "no address");
    }

    Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, base::Deadline deadline, net::TlsInfo& info) override
    {
        auto& named = static_cast<Named&>(*clear);
        auto inner = transport_->secure(std::move(named.inner), deadline, info);
        if (!inner) {
            return inner;
        }
        named.inner = *std::move(inner);
        return clear;
    }

    bool avoid(std::string_view address) override
    {
        avoided.emplace(address);
        return avoided.size() < machines.size();
    }

private:
    struct Named final : net::Stream {
        Named(std::unique_ptr<net::Stream> stream, std::string address)
            : inner{std::move(stream)}
            , name{std::move(address)}
        {
        }
        Result<std::size_t> read_some(std::span<std::byte> buffer, base::Deadline deadline) override
        {
            return inner->read_some(buffer, deadline);
        }
        Result<void> write_all(base::ByteView bytes, base::Deadline deadline) override
        {
            return inner->write_all(bytes, deadline);
        }
        [[nodiscard]] std::string peer_address() const override { return name; }
        std::unique_ptr<net::Stream> inner;
        std::string name;
    };

    std::size_t current_ = 0;
    std::optional<test::FakeTransport> transport_;
};

class FailOver : public testing::Test {
protected:
    FailOver()
    {
        transport.machines.resize(2);
        settings.server = "mail.example";
        settings.user = "alice";
        settings.tls_mode = TlsMode::none;
    }

    SeveralAddresses transport;
    MailboxSettings settings;
    SessionLimits limits;
    LinkReport report;

    Result<std::unique_ptr<Link>> open()
    {
        LinkOpener opener{transport, settings, credentials_, limits};
        return opener.open(std::chrono::steady_clock::now() + std::chrono::minutes{5}, 1, report);
    }
    [[nodiscard]] bool goes_elsewhere()
    {
        const auto link = open();
        return link && report.peer_address == "b" && report.addresses.size() == 2 &&
               report.addresses.front().outcome.starts_with("connected, then: ");
    }

private:
    pop3::Credentials credentials_ = pop3::Credentials::make("alice", "secret").value();
};

TEST_F(FailOver, GoesElsewhereWhereAServerHangsUpWithoutAGreeting)
{
    transport.machines[0].script.greeting.steps = {{watchpost::test::Step::Kind::close, ""}};
    EXPECT_TRUE(goes_elsewhere());
}

TEST_F(FailOver, GoesElsewhereWhereAServerStaysSilent)
{
    transport.machines[0].script.greeting = "";
    EXPECT_TRUE(goes_elsewhere());
}

TEST_F(FailOver, GoesElsewhereWhereAServerGreetsWithAnError)
{
    transport.machines[0].script.greeting = "-ERR [SYS/TEMP] no back end\r\n";
    EXPECT_TRUE(goes_elsewhere());
}

TEST_F(FailOver, GoesElsewhereWhereAServerBreaksOffTheHandshake)
{
    settings.tls_mode = TlsMode::implicit;
    for (const auto code : {ErrorCode::connection_lost, ErrorCode::timed_out}) {
        transport.avoided.clear();
        transport.machines[0].handshake_error = Error{code, Retry::later, "gone"};
        EXPECT_TRUE(goes_elsewhere());
    }
}

TEST_F(FailOver, RefusedCertificateIsSeenAndNotWorkedAround)
{
    settings.tls_mode = TlsMode::implicit;
    for (const auto code : {ErrorCode::certificate_rejected, ErrorCode::tls_failed}) {
        transport.machines[0].handshake_error = Error{code, Retry::later, "no"};
        const auto link = open();
        ASSERT_FALSE(link);
        EXPECT_EQ(link.error().code(), code);
    }
    EXPECT_EQ(transport.machines[1].connections, 0U);
    EXPECT_TRUE(transport.avoided.empty());
}

TEST_F(FailOver, RefusedStlsIsSeenAndNotWorkedAround)
{
    settings.tls_mode = TlsMode::stls;
    transport.machines[0].script.replies["STLS"] = "-ERR no\r\n";
    EXPECT_FALSE(open());
    EXPECT_EQ(transport.machines[1].connections, 0U);
}

TEST_F(FailOver, RefusedPasswordIsNotTriedElsewhere)
{
    transport.machines[0].script.password = "another";
    EXPECT_FALSE(open());
    EXPECT_EQ(transport.machines[1].connections, 0U);
}

TEST_F(FailOver, EndsOnceAllAddressesHaveFailed)
{
    transport.machines[0].script.greeting = "-ERR down\r\n";
    transport.machines[1].script.greeting = "-ERR down, too\r\n";
    const auto link = open();
    ASSERT_FALSE(link);
    EXPECT_NE(link.error().message().find("down, too"), std::string::npos);
    EXPECT_EQ(transport.machines[0].connections, 1U);
    EXPECT_EQ(transport.machines[1].connections, 1U);
    EXPECT_EQ(report.addresses.size(), 2U);
}

} // namespace
} // namespace watchpost::collector
