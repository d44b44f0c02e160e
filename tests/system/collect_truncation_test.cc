// Two ways in which a real Dovecot 2.3 makes clients lose mail: it ends a message that it cannot
// read to its end with a proper terminator, and it does not stuff a dot that is a message's first
// octet, so that the rest of a hostile message passes for the replies that follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include "collect_fixture.h"
#include "support/relay.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

std::string gzip(const TempDir& folder, const std::string& text)
{
    const auto file = folder.write("message", text);
    EXPECT_EQ(run_program({"gzip", "--force", file}).exit_code, 0);
    return read_file(file.string() + ".gz");
}

/// Lines that do not compress to nothing.
std::string incompressible(std::size_t octets)
{
    std::string text = "Subject: long\n\n";
    std::uint32_t state = 1;
    while (text.size() < octets) {
        state = state * 1664525U + 1013904223U;
        text += std::to_string(state) + (state % 7 == 0 ? "\n" : " ");
    }
    return text + "\n";
}

/// All that the server says to `commands`, to the end.
std::string converse(int port, const std::string& commands)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(fd, commands.data(), commands.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(commands.size()));
    std::string all;
    std::array<char, 4096> piece{};
    for (ssize_t read = 0; (read = ::recv(fd, piece.data(), piece.size(), 0)) > 0;) {
        all.append(piece.data(), static_cast<std::size_t>(read));
    }
    ::close(fd);
    return all;
}

TEST(CollectTruncation, AStumpIsKeptFlaggedAndLeftAtTheServer)
{
    if (!Dovecot::is_installed() ||
        !std::filesystem::exists("/usr/lib/dovecot/modules/lib20_zlib_plugin.so")) {
        GTEST_SKIP() << "Dovecot with its zlib plugin is not installed";
    }
    DovecotOptions options;
    options.configuration = "mail_plugins = zlib\n";
    const Dovecot dovecot{options};
    const Collecting collecting;
    const std::string text = incompressible(400'000);
    auto packed = gzip(collecting.folder(), text);
    packed.resize(packed.size() / 2);
    dovecot.deliver("alice", "1.good", mail("good"));
    dovecot.deliver("alice",
                    "2.cut,S=" + std::to_string(text.size()) +
                        ",W=" + std::to_string(with_crlf(text).size()),
                    packed);
    dovecot.deliver("alice", "3.good", mail("good too"));

    const auto result = collecting.run_clear(dovecot.port(), {"--delete"});
    EXPECT_EQ(result.exit_code, 0) << result.err << dovecot.log();
    EXPECT_THAT(result.out, HasSubstr("3 messages collected"));
    EXPECT_THAT(result.out, HasSubstr("1 shorter than announced"));
    EXPECT_EQ(dovecot.messages("alice").size(), 1U);
    for (const auto& message : collecting.stored()) {
        const bool is_stump = message.completeness == spool::Completeness::short_of_announced;
        EXPECT_EQ(message.content.starts_with("Subject: long"), is_stump);
        EXPECT_EQ(with_crlf(text).starts_with(message.content.substr(0, 1000)), is_stump);
    }
    EXPECT_THAT(collecting.run_clear(dovecot.port(), {"--delete"}).out,
                HasSubstr("0 messages collected, 0 octets; 1 known before"));
}

/// Asks for everything at once and believes every ".": what most clients do.
std::vector<std::string> fetch_naively(int port, int messages)
{
    std::string commands = "USER alice\r\nPASS secret\r\n";
    for (int i = 1; i <= messages; ++i) {
        commands += "RETR " + std::to_string(i) + "\r\n";
    }
    std::istringstream replies{converse(port, commands + "QUIT\r\n")};
    std::string line;
    for (int i = 0; i < 3; ++i) { // greeting, USER, PASS
        std::getline(replies, line);
    }
    std::vector<std::string> fetched(static_cast<std::size_t>(messages));
    for (auto& message : fetched) {
        std::getline(replies, line);
        EXPECT_TRUE(line.starts_with("+OK")) << line;
        while (std::getline(replies, line) && line != ".\r") {
            message += line + "\n";
        }
    }
    return fetched;
}

const std::string forger = ".\n+OK 5 octets\nFrom: spoof@x\n\nhello\n";

class ForgedReply : public testing::TestWithParam<bool> {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        dovecot_ = std::make_unique<Dovecot>();
        dovecot_->deliver("alice", "1.forger", forger);
        for (const auto& name : {"one", "two", "three"}) {
            dovecot_->deliver("alice", "2." + std::string{name}, mail(name));
            all_.push_back(with_crlf(mail(name)));
        }
        all_.push_back(with_crlf(forger));
        std::ranges::sort(all_);
    }

    std::unique_ptr<Dovecot> dovecot_;
    std::vector<std::string> all_;
};

TEST_P(ForgedReply, MakesNoMessageVanishAndIsKeptAndReported)
{
    const auto naive = fetch_naively(dovecot_->port(), 4);
    EXPECT_EQ(naive[0], "");
    EXPECT_THAT(naive[1], HasSubstr("From: spoof@x")); // passes for the second message
    const auto naive_has = [&](const std::string& name) {
        return std::ranges::count(naive, with_crlf(mail(name))) > 0;
    };
    EXPECT_FALSE(naive_has("one") && naive_has("two") && naive_has("three"));

    const Relay relay{{dovecot_->port(), GetParam(), {}, {}}};
    const Collecting collecting;
    const auto result = collecting.run_clear(relay.port(), {"--delete"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(collecting.contents(), all_);
    EXPECT_THAT(result.err, HasSubstr("holds a line \".\" that the server did not stuff"));
    EXPECT_TRUE(dovecot_->messages("alice").empty());
    EXPECT_THAT(collecting.run_clear(relay.port(), {"--delete"}).out,
                HasSubstr("0 messages collected"));
    EXPECT_EQ(collecting.contents(), all_);
}

INSTANTIATE_TEST_SUITE_P(SerialOrNot, ForgedReply, testing::Bool());

} // namespace
} // namespace watchpost::test
