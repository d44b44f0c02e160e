#include "net/proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "net/proxy_dialogue.h"
#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"

namespace watchpost::net::test {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using namespace std::string_literals;

const ProxySettings socks{.server = "proxy.test", .port = 1080};
const ProxySettings socks_login{
    .server = "proxy.test", .port = 1080, .user = "alice", .password = "secret"};
const ProxySettings http{.kind = ProxySettings::Kind::http, .server = "proxy.test", .port = 3128};
const ProxySettings http_login{.kind = ProxySettings::Kind::http,
                               .server = "proxy.test",
                               .port = 3128,
                               .user = "alice",
                               .password = "secret"};

// What an accepting proxy says, and behind it the server.
const std::string socks_yes = "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s;
const std::string socks_login_yes = "\x05\x02\x01\x00\x05\x00\x00\x03\x03"s + "abc" + "\x12\x34"s;
const std::string http_yes = "HTTP/1.1 200 OK\r\nVia: test\r\nContent-Length: 3\r\n\r\n";
const std::string greeting = "+OK ready\r\n";

struct Heard {
    std::string sent;
    std::string rest;
    bool is_done = false;
    std::optional<base::Error> error;
};

/// The pieces are fed as long as the dialogue goes on; what is left then is the server's.
Heard talk(const ProxySettings& proxy, const std::vector<std::string>& pieces,
           std::string_view server = "mail.test")
{
    Heard heard;
    const auto dialogue = make_proxy_dialogue(proxy, server, 995).value();
    heard.sent = dialogue->begin();
    for (const auto& piece : pieces) {
        if (dialogue->is_done()) {
            heard.rest += piece;
            continue;
        }
        auto answer = dialogue->feed(piece);
        if (!answer) {
            heard.error = answer.error();
            return heard;
        }
        heard.sent += *answer;
        heard.rest = dialogue->is_done() ? dialogue->rest() : "";
    }
    heard.is_done = dialogue->is_done();
    return heard;
}

std::string message(const Heard& heard)
{
    return heard.error ? heard.error->message() : "";
}

struct Case {
    const ProxySettings* proxy;
    const std::string* yes;
};
const std::vector<Case> cases{{&socks, &socks_yes},
                              {&socks_login, &socks_login_yes},
                              {&http, &http_yes},
                              {&http_login, &http_yes}};

TEST(Proxy, EverySplitOfTheStreamGivesTheSameDialogueAndLosesNothing)
{
    for (const auto& [proxy, yes] : cases) {
        const std::string stream = *yes + greeting;
        const Heard whole = talk(*proxy, {stream});
        ASSERT_TRUE(whole.is_done) << message(whole);
        EXPECT_EQ(whole.rest, greeting);
        for (std::size_t split = 0; split <= stream.size(); ++split) {
            SCOPED_TRACE(split);
            const Heard heard = talk(*proxy, {stream.substr(0, split), stream.substr(split)});
            EXPECT_TRUE(heard.is_done);
            EXPECT_EQ(heard.sent, whole.sent);
            EXPECT_EQ(heard.rest, greeting);
        }
    }
}

TEST(Proxy, NoBeginningOfAnAnswerIsTakenForOne)
{
    for (const auto& [proxy, yes] : cases) {
        for (std::size_t length = 0; length < yes->size(); ++length) {
            SCOPED_TRACE(length);
            const Heard heard = talk(*proxy, {yes->substr(0, length)});
            EXPECT_FALSE(heard.is_done);
            EXPECT_FALSE(heard.error);
        }
    }
}

TEST(Proxy, SocksRequestsCarryNamesAndAddresses)
{
    EXPECT_EQ(talk(socks, {socks_yes}).sent, "\x05\x01\x00\x05\x01\x00\x03\x09mail.test\x03\xE3"s);
    EXPECT_EQ(talk(socks, {socks_yes}, "192.0.2.1").sent,
              "\x05\x01\x00\x05\x01\x00\x01\xC0\x00\x02\x01\x03\xE3"s);
    EXPECT_EQ(talk(socks, {socks_yes}, "2001:db8::1").sent,
              "\x05\x01\x00\x05\x01\x00\x04\x20\x01\x0D\xB8"s + std::string(11, '\0') +
                  "\x01\x03\xE3"s);
    EXPECT_EQ(talk(socks_login, {socks_login_yes}).sent,
              "\x05\x02\x00\x02\x01\x05"s + "alice" + "\x06" + "secret" +
                  "\x05\x01\x00\x03\x09mail.test\x03\xE3"s);
}

TEST(Proxy, ConnectRequestsCarryNamesAddressesAndTheLogin)
{
    EXPECT_EQ(talk(http, {http_yes}).sent,
              "CONNECT mail.test:995 HTTP/1.1\r\nHost: mail.test:995\r\n\r\n");
    EXPECT_EQ(talk(http, {http_yes}, "2001:db8::1").sent,
              "CONNECT [2001:db8::1]:995 HTTP/1.1\r\nHost: [2001:db8::1]:995\r\n\r\n");
    EXPECT_THAT(talk(http_login, {http_yes}).sent,
                HasSubstr("\r\nProxy-Authorization: Basic YWxpY2U6c2VjcmV0\r\n\r\n"));
}

TEST(Proxy, RefusalsAreQuotedWithWhatToDo)
{
    const auto refusal = [](const ProxySettings& proxy, const std::string& text) {
        const Heard heard = talk(proxy, {text});
        EXPECT_TRUE(heard.error && heard.error->code() == ErrorCode::refused_by_server);
        return message(heard);
    };
    EXPECT_THAT(refusal(socks, "\x05\x00\x05\x02"s), HasSubstr("not allowed by its rules"));
    EXPECT_THAT(refusal(socks, "\x05\x00\x05\xC8"s), HasSubstr("reply 200"));
    EXPECT_THAT(refusal(socks, "\x05\xFF"s), HasSubstr("demands a log-in, and none is set"));
    EXPECT_THAT(refusal(socks_login, "\x05\xFF"s), HasSubstr("takes no log-in by user name"));
    EXPECT_THAT(refusal(socks_login, "\x05\x02\x01\x01"s), HasSubstr("refuses the log-in"));
    EXPECT_THAT(refusal(http, "HTTP/1.0 403 Filter\x1B[31m\r\n\r\n"),
                HasSubstr("\"HTTP/1.0 403 Filter\\x1b[31m\"; have CONNECT to mail.test:995"));
    EXPECT_THAT(refusal(http, "HTTP/1.1 407 Who?\r\n\r\n"), HasSubstr("set the user name"));
    EXPECT_THAT(refusal(http, "HTTP/1.1 502 Bad\r\n\r\n"), HasSubstr("can it resolve"));
}

TEST(Proxy, WhatIsNoProxyIsSaidSo)
{
    const auto fails_as = [](const ProxySettings& proxy, const std::string& text) {
        const Heard heard = talk(proxy, {text});
        return heard.error && heard.error->code() == ErrorCode::protocol_violation;
    };
    for (const std::string& text :
         {"HTTP/1.1 400 Bad Request\r\n\r\n"s, "+OK ready\r\n"s, "\x04\x5A"s, "\x05\x01"s,
          "\x05\x00\x04\x00"s, "\x05\x00\x05\x00\x00\x02\x00"s}) {
        EXPECT_TRUE(fails_as(socks, text)) << text;
    }
    EXPECT_TRUE(fails_as(socks_login, "\x05\x02\x05\x00"s)); // RFC 1929 §2: 1, not 5
    for (const std::string& text :
         {"+OK ready\r\n"s, "\x05\x00"s, "HTTP/2 200\r\n\r\n"s, "HTTP/1.1 20\r\n\r\n"s,
          "HTTP/1.1 2000 OK\r\n\r\n"s, "HTTP/1.1\r\n\r\n"s}) {
        EXPECT_TRUE(fails_as(http, text)) << text;
    }
}

TEST(Proxy, HeaderHasALimitAlsoOverInterimReplies)
{
    const std::string one = "HTTP/1.1 103 Early\r\nX: " + std::string(8'100, 'x') + "\r\n\r\n";
    EXPECT_TRUE(talk(http, {one, one, "HTTP/1.1 200 OK\r\n\r\n"}).is_done);
    std::string three = one;
    three.append(one).append(one);
    for (const std::string& text :
         {three, "HTTP/1.1 200 OK\r\nX: " + std::string(proxy_header_bytes_max, 'x')}) {
        const Heard heard = talk(http, {text});
        ASSERT_TRUE(heard.error);
        EXPECT_EQ(heard.error->code(), ErrorCode::limit_exceeded);
    }
}

TEST(Proxy, UrlIsReadOrRefusedWithTheReason)
{
    const auto parsed = parse_proxy("socks5://al%40ice@[2001:db8::1]:1080/").value();
    EXPECT_EQ(parsed.server, "2001:db8::1");
    EXPECT_EQ(parsed.user, "al@ice");
    EXPECT_EQ(parsed.port, 1080);
    EXPECT_EQ(parse_proxy("http://proxy.test:3128").value().kind, ProxySettings::Kind::http);
    for (const auto* const bad :
         {"", "proxy.test:1080", "https://proxy.test:1", "socks5://proxy.test", "socks5://:1080",
          "socks5://p:0", "socks5://p:65536", "socks5://2001:db8::1:1080", "socks5://@p:1",
          "socks5://a%0Db@p:1", "socks5://a%@p:1", "http://p:1/x", "http://p p:1"}) {
        EXPECT_FALSE(parse_proxy(bad)) << bad;
    }
    EXPECT_THAT(parse_proxy("http://a:b@p:1").error().message(),
                HasSubstr("its password has a setting of its own"));
}

/// Over a socket: what comes behind the reply in the same segment.
base::Result<std::unique_ptr<Stream>> pass(std::uint16_t port, FirstWord first_word,
                                           base::Deadline deadline = in_good_time())
{
    return pass_proxy(connect_to(port), http, "mail.test", 995, first_word, deadline);
}

TEST(PassProxy, GreetingBehindTheReplyIsReadFirst)
{
    const SocketServer server{say_in_clear(http_yes + greeting)};
    auto stream = pass(server.port(), FirstWord::server);
    ASSERT_TRUE(stream) << stream.error().describe();
    EXPECT_EQ(read_all(**stream, greeting.size()).value(), greeting);
}

TEST(PassProxy, OctetsBeforeTlsAreSomebodyElses)
{
    const SocketServer server{say_in_clear(http_yes + greeting)};
    const auto stream = pass(server.port(), FirstWord::client);
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), ErrorCode::protocol_violation);
    EXPECT_THAT(stream.error().message(), HasSubstr("+OK ready"));
}

TEST(PassProxy, ProxyThatIsSilentOrHangsUpIsSaidSo)
{
    const SocketServer silent{swallow};
    EXPECT_EQ(pass(silent.port(), FirstWord::server, soon()).error().code(), ErrorCode::timed_out);
    const SocketServer gone{[](int fd) {
        std::array<char, 256> request{};
        static_cast<void>(::recv(fd, request.data(), request.size(), 0));
    }};
    EXPECT_EQ(pass(gone.port(), FirstWord::server).error().code(), ErrorCode::connection_lost);
}

} // namespace
} // namespace watchpost::net::test
