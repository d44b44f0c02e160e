// Several real Dovecots behind one name, with one store of mail: one of them dies in mid-session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

sockaddr_in name_of(const char* address, int port)
{
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address, &name.sin_addr);
    return name;
}

/// Lets one connection through to a server of 127.0.0.1, and makes something happen in its middle:
/// after so many octets of the server, on which the session cannot get ahead.
class Bridge {
public:
    Bridge(const char* address, int port, int server_port, std::size_t octets,
           std::function<void()> happens)
        : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
        , server_port_{server_port}
        , octets_{octets}
        , happens_{std::move(happens)}
    {
        const sockaddr_in name = name_of(address, port);
        const auto* const generic = reinterpret_cast<const sockaddr*>(&name);
        if (::bind(listener_, generic, sizeof name) != 0 || ::listen(listener_, 1) != 0) {
            std::perror("listen");
            std::abort();
        }
        thread_ = std::jthread{[this] { serve(); }};
    }
    ~Bridge()
    {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
    }
    Bridge(const Bridge&) = delete;
    Bridge& operator=(const Bridge&) = delete;

private:
    void serve()
    {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        ::close(listener_); // the machine is gone with its server: no second connection
        if (client < 0) {
            return;
        }
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in name = name_of("127.0.0.1", server_port_);
        if (server >= 0 &&
            ::connect(server, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0) {
            carry(client, server);
        }
        ::close(server);
        ::close(client);
    }

    void carry(int client, int server)
    {
        std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        while (::poll(ends.data(), ends.size(), -1) > 0) {
            if ((ends[0].revents != 0 && pass(client, server) == 0) ||
                (ends[1].revents != 0 && !take_from(server, client))) {
                return;
            }
        }
    }

    /// False at the end. What the server had sent ahead dies with it: else it could be everything.
    bool take_from(int server, int client)
    {
        const std::size_t count = pass(server, client);
        if (count >= octets_) {
            happens_();
            return false;
        }
        octets_ -= count;
        return count > 0;
    }

    /// 0 at the end, whichever way it comes.
    static std::size_t pass(int from, int to)
    {
        std::array<char, 16384> buffer{};
        const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
        const bool passed = count > 0 && ::send(to, buffer.data(), static_cast<std::size_t>(count),
                                                MSG_NOSIGNAL) == count;
        return passed ? static_cast<std::size_t>(count) : 0;
    }

    int listener_;
    int server_port_;
    std::size_t octets_; // still to come before it happens
    std::function<void()> happens_;
    std::jthread thread_;
};

class CollectFailOver : public testing::TestWithParam<const char*> {};

TEST_P(CollectFailOver, ServerThatDiesInMidSessionIsReplacedByItsTwin)
{
    const TempDir folder;
    const auto hosts =
        folder.write("hosts", "127.0.0.2 mail.test\n127.0.0.4 mail.test\n127.0.0.3 mail.test\n");
    const std::vector<std::string> with_hosts{
        "unshare", "--map-root-user",
        "--mount", "sh",
        "-c",      "mount --bind " + hosts.string() + " /etc/hosts && exec \"$@\"",
        "sh"};
    auto trial = with_hosts;
    trial.emplace_back("true");
    if (!Dovecot::is_installed() || run_program(trial).exit_code != 0) {
        GTEST_SKIP() << "needs dovecot-pop3d and the right to a mount namespace";
    }
    const bool has_tls = std::string{GetParam()} == "implicit";
    const Dovecot first;
    DovecotOptions twin;
    twin.addresses = {"127.0.0.3"};
    twin.mail = first.mail();
    const Dovecot second{twin};
    std::vector<std::string> expected;
    for (int i = 10; i < 50; ++i) {
        const auto text = mail(std::to_string(i), 65'536);
        first.deliver("alice", std::to_string(i), text);
        expected.push_back(with_crlf(text));
    }
    const int port = has_tls ? second.tls_port() : second.port();
    const Bridge bridge{"127.0.0.2", port, has_tls ? first.tls_port() : first.port(), 1'000'000,
                        [&] { first.kill(); }};
    const Collecting collecting;
    auto words = with_hosts;
    for (auto& word :
         collecting.words({"--server", "mail.test", "--port", std::to_string(port), "--tls",
                           GetParam(), "--certificate", "any", "--delete", "--json"})) {
        words.push_back(std::move(word));
    }
    const auto result = run_program(words);
    EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
    EXPECT_THAT(result.err, HasSubstr("the link to 127.0.0.2 broke"));
    EXPECT_THAT(result.out, HasSubstr(R"("address":"127.0.0.3")")); // which served in the end
    // Not EXPECT_EQ: what differs between megabytes of text takes it all of the memory to show.
    EXPECT_TRUE(collecting.contents() == expected) << result.out;
    EXPECT_TRUE(second.messages("alice").empty()); // and were deleted, once they were ours
}

INSTANTIATE_TEST_SUITE_P(All, CollectFailOver, testing::Values("none", "implicit"));

} // namespace
} // namespace watchpost::test
