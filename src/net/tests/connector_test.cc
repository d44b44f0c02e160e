#include "net/connector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

using ::testing::ElementsAre;

/// "localhost" is ::1 and 127.0.0.1 by the hosts file, or the latter alone; the server listens on
/// that alone.
class Connectors : public ::testing::Test {
protected:
    SocketServer server{swallow};
    std::shared_ptr<AddressMemory> memory = std::make_shared<AddressMemory>();
    Connector connector{"localhost", server.port(), {}, never_cancelled(), memory};

    std::vector<std::string> connect()
    {
        std::vector<std::string> tried;
        EXPECT_TRUE(connector.connect(
            [&](auto address, auto /*outcome*/) { tried.emplace_back(address); }));
        return tried;
    }
};

TEST_F(Connectors, AddressThatRefusedIsNotTheFirstOneTheNextTime)
{
    memory->note_failure("localhost", server.port(), "::1");
    EXPECT_THAT(connect(), ElementsAre("127.0.0.1"));
}

TEST_F(Connectors, RefusalIsRemembered)
{
    const auto tried = connect();
    if (tried.size() == 1) {
        GTEST_SKIP() << "localhost has no IPv6 address here";
    }
    EXPECT_THAT(tried, ElementsAre("::1", "127.0.0.1"));
    EXPECT_TRUE(memory->has_failed("localhost", server.port(), "::1"));
    EXPECT_THAT(connect(), ElementsAre("127.0.0.1"));
    EXPECT_FALSE(connector.avoid("127.0.0.1")); // no other one is left that has not failed
    connector.forget_failures();
    EXPECT_THAT(connect(), ElementsAre("::1", "127.0.0.1"));
}

TEST_F(Connectors, OnlyAddressIsTriedWhateverIsRemembered)
{
    Connector only{"127.0.0.1", server.port(), {}, never_cancelled(), memory};
    EXPECT_FALSE(only.avoid("127.0.0.1"));
    EXPECT_TRUE(only.connect({}));
}

} // namespace
} // namespace watchpost::net::test
