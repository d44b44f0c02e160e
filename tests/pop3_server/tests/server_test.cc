// The server on its port, with a client that knows only sockets and OpenSSL's program.
#include "pop3_server/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include <gtest/gtest.h>

#include "pop3_server/script_json.h"
#include "support/certificates.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::test {
namespace {

class Client {
public:
    explicit Client(int port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        if (fd_ < 0) {
            std::abort();
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void say(const std::string& octets) const
    {
        EXPECT_EQ(::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(octets.size()));
    }
    /// Up to `end`, or to the end of the connection.
    [[nodiscard]] std::string read_to(const std::string& end) const
    {
        std::string text;
        char octet = 0;
        while (!text.ends_with(end) && ::recv(fd_, &octet, 1, 0) == 1) {
            text += octet;
        }
        return text;
    }
    [[nodiscard]] std::string read_all() const { return read_to("\n(never)"); }

private:
    int fd_;
};

TEST(ScriptedPop3Server, SpeaksWithSeveralClientsAtOnce)
{
    ScriptedPop3Server server{pop3_script(R"({"messages": 1})")};
    const Client one{server.port()};
    const Client other{server.port()};
    EXPECT_EQ(other.read_to("\n"), "+OK ready\r\n");
    EXPECT_EQ(one.read_to("\n"), "+OK ready\r\n");
    other.say("QUIT\r\n");
    EXPECT_EQ(other.read_all(), "+OK bye\r\n");
    EXPECT_EQ(server.script().connections, 2U);
}

TEST(ScriptedPop3Server, WaitsForTheClientWhereTheScriptSaysSo)
{
    ScriptedPop3Server server{pop3_script(
        R"({"replies": {"CAPA": ["+OK\r\n", {"do": "await_client"}, ".\r\n", {"do": "close"}]}})")};
    const Client client{server.port()};
    static_cast<void>(client.read_to("\n"));
    client.say("CAPA\r\n");
    EXPECT_EQ(client.read_to("\n"), "+OK\r\n");
    client.say("NOOP\r\n");
    EXPECT_EQ(client.read_all(), ".\r\n");
}

TEST(ScriptedPop3Server, ACutArrivesWithAllThatWasSaidBefore)
{
    ScriptedPop3Server server{pop3_script(R"({"messages": 1, "octets_max": 14})")};
    const Client client{server.port()};
    client.say("CAPA\r\nUSER alice\r\nPASS secret\r\n");
    EXPECT_EQ(client.read_all(), "+OK ready\r\n+OK");
}

TEST(ScriptedPop3Server, EndsAlthoughAClientHoldsItsConnection)
{
    auto server = std::make_unique<ScriptedPop3Server>(Pop3Script{});
    const Client client{server->port()};
    EXPECT_EQ(client.read_to("\n"), "+OK ready\r\n");
    server.reset();
    EXPECT_EQ(client.read_all(), "");
}

TEST(ScriptedPop3Server, AChangeCountsFromTheNextCommand)
{
    ScriptedPop3Server server{Pop3Script{}};
    const Client client{server.port()};
    static_cast<void>(client.read_to("\n"));
    server.change([](Pop3Script& script) { script.replies["NOOP"] = "+OK changed\r\n"; });
    client.say("NOOP\r\n");
    EXPECT_EQ(client.read_to("\n"), "+OK changed\r\n");
    EXPECT_TRUE(server.wait_for_command("NOOP"));
}

TEST(ScriptedPop3Server, SpeaksTlsFromTheStartAndAfterStls)
{
    const TempDir folder;
    const auto files = make_self_signed(folder.path());
    for (const bool is_implicit : {true, false}) {
        Pop3Script script;
        script.tls = is_implicit ? ServerTls::implicit : ServerTls::stls;
        script.certificate = files.certificate;
        script.key = files.key;
        ScriptedPop3Server server{script};
        std::vector<std::string> words{"openssl",  "s_client",
                                       "-quiet",   "-ign_eof",
                                       "-connect", "127.0.0.1:" + std::to_string(server.port())};
        if (!is_implicit) {
            words.insert(words.end(), {"-starttls", "pop3"});
        }
        ProgramOptions options;
        options.input = "CAPA\r\nQUIT\r\n";
        const auto result = run_program(words, options);
        EXPECT_TRUE(result.out.ends_with("+OK bye\r\n")) << result.out << result.err;
        const auto heard = server.script();
        EXPECT_FALSE(heard.commands.empty());
        EXPECT_EQ(heard.clear_commands.empty(), is_implicit);
        EXPECT_EQ(heard.commands.back(), "QUIT");
    }
}

TEST(ScriptedPop3Server, TellsWhatHappens)
{
    std::vector<std::string> lines; // of the connection's thread; read when it has ended
    {
        ScriptedPop3Server server{Pop3Script{}, 0,
                                  [&](const auto& line) { lines.push_back(line); }};
        const Client client{server.port()};
        client.say("QUIT\r\n");
        static_cast<void>(client.read_all());
    }
    const std::vector<std::string> expected{"1 connected", "1 < QUIT", "1 ended"};
    EXPECT_EQ(lines, expected);
}

} // namespace
} // namespace watchpost::test
