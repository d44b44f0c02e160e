#include "pop3/client.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pop3/limits.h"
#include "pop3/tests/dialogue.h"

namespace watchpost::pop3 {
namespace {

using test::logged_in_client;
using test::Recorder;

/// A whole session, everything requested at once: what the server sends, and what must come of it.
constexpr std::string_view session_stream = "+OK POP3 ready\r\n"
                                            "+OK\r\nUIDL\r\nPIPELINING\r\n.\r\n"
                                            "+OK\r\n+OK logged in\r\n"
                                            "+OK 2 30\r\n"
                                            "+OK\r\n1 10\r\n2 20\r\n.\r\n"
                                            "-ERR no UIDL\r\n"
                                            "+OK 10 octets\r\n..a\r\nb\r\n.\r\n"
                                            "-ERR expunged\r\n"
                                            "+OK\r\n+OK\r\n+OK\r\n+OK bye\r\n";
constexpr std::string_view session_events = "greeting ok POP3 ready\n"
                                            "CAPA ok \n  UIDL\n  PIPELINING\nend CAPA\n"
                                            "USER ok \nPASS ok logged in\n"
                                            "STAT ok 2 30\n"
                                            "LIST ok \n  1 10\n  2 20\nend LIST\n"
                                            "UIDL err no UIDL\n"
                                            "RETR ok 10 octets\n<.a\r\nb\r\n>\nend RETR 7\n"
                                            "RETR err expunged\n"
                                            "DELE ok \nRSET ok \nNOOP ok \nQUIT ok bye\n";

/// Plays session_stream up to `stop`, cut in two at `split`, with the requests at their places.
void play(Client& client, Recorder& recorder, std::size_t split, std::size_t stop)
{
    std::size_t at = 0;
    const auto feed_until = [&](std::size_t end) {
        for (const auto to : {std::min({split, end, stop}), std::min(end, stop)}) {
            if (at < to) {
                recorder.feed(session_stream.substr(at, to - at));
                at = to;
            }
        }
    };
    feed_until(session_stream.find("+OK\r\nUIDL"));
    if (client.state() == Client::State::greeting) {
        return;
    }
    client.request(Verb::capa);
    client.request(Verb::user, "alice");
    client.request(Verb::pass, "secret");
    feed_until(session_stream.find("+OK 2 30"));
    if (client.state() == Client::State::authorization) {
        return;
    }
    for (const auto verb : {Verb::stat, Verb::list, Verb::uidl}) {
        client.request(verb);
    }
    client.request(Verb::retr, 1, 7);
    client.request(Verb::retr, 2, 20);
    client.request(Verb::dele, 1);
    for (const auto verb : {Verb::rset, Verb::noop, Verb::quit}) {
        client.request(verb);
    }
    feed_until(session_stream.size());
}

TEST(Pop3Client, EverySplitOfTheStreamGivesTheSameSession)
{
    for (std::size_t split = 0; split <= session_stream.size(); ++split) {
        SCOPED_TRACE(split);
        Client client;
        Recorder recorder{client};
        play(client, recorder, split, session_stream.size());
        EXPECT_EQ(recorder.text(), session_events);
        EXPECT_EQ(client.state(), Client::State::ended);
        EXPECT_EQ(client.outstanding(), 0U);
    }
}

TEST(Pop3Client, StopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length < session_stream.size(); ++length) {
        SCOPED_TRACE(length);
        Client client;
        Recorder recorder{client};
        play(client, recorder, 0, length);
        EXPECT_FALSE(recorder.failed()) << recorder.text();
        EXPECT_GT(client.outstanding(), 0U);
    }
}

TEST(Pop3Client, RequestsAreSentInTheirOrderAndOnce)
{
    Client client = logged_in_client();
    client.request(Verb::stat);
    client.request(Verb::retr, 17, 100);
    client.request(Verb::quit);
    EXPECT_EQ(client.take_output(), "STAT\r\nRETR 17\r\nQUIT\r\n");
    EXPECT_EQ(client.take_output(), "");
}

TEST(Pop3Client, SaysWhatItWaitsFor)
{
    EXPECT_EQ(Client{}.awaited(), "the greeting");
    Client client = logged_in_client();
    EXPECT_EQ(client.awaited(), "nothing");
    client.request(Verb::retr, 17, 100);
    EXPECT_EQ(client.awaited(), "the reply to RETR 17");
    Recorder recorder{client};
    recorder.feed("+OK\r\nx");
    EXPECT_EQ(client.awaited(), "the rest of the reply to RETR 17");
}

TEST(Pop3Client, ARefusedGreetingIsTheServersWord)
{
    Client client;
    Recorder recorder{client};
    recorder.feed("-ERR [SYS/TEMP] too many connections\r\n");
    EXPECT_EQ(recorder.text(),
              "error refused_by_server: the server said \"-ERR [SYS/TEMP] too many "
              "connections\"\n");
}

TEST(Pop3Client, AnotherProtocolIsQuoted)
{
    Client client;
    Recorder recorder{client};
    recorder.feed("220 mail.example.org ESMTP\r\n");
    EXPECT_EQ(recorder.text(), "error protocol_violation: the reply to greeting is neither +OK nor "
                               "-ERR: \"220 mail.example.org ESMTP\"\n");
}

TEST(Pop3Client, ReplyNobodyAskedForIsRefused)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    recorder.feed("+OK injected\r\n");
    EXPECT_EQ(recorder.text(), "error protocol_violation: the server sent something that nobody "
                               "asked for: \"+OK injected\"\n");
    EXPECT_EQ(client.state(), Client::State::ended);
}

TEST(Pop3Client, AnUnaskedErrIsTheReasonWhyTheServerHangsUp)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    recorder.feed("-ERR [SYS/TEMP] Mailbox is corrupted\r\n");
    EXPECT_EQ(recorder.text(),
              "error refused_by_server: unasked, the server said \"-ERR [SYS/TEMP] "
              "Mailbox is corrupted\"\n");
}

TEST(Pop3Client, OneEmptyLineInFrontOfAReplyIsForgivenAndASecondIsNot)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::dele, 1);
    client.request(Verb::dele, 2);
    recorder.feed("\r\n+OK\r\n");
    EXPECT_EQ(recorder.text(), "DELE ok \n");
    recorder.feed("\r\n\r\n");
    EXPECT_TRUE(recorder.failed());
}

TEST(Pop3Client, APlusIsAReplyOnlyToAuth)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::noop);
    recorder.feed("+ go on\r\n");
    EXPECT_TRUE(recorder.failed());
}

TEST(Pop3ClientStls, TheHandshakeFollowsTheOkAndForgetsWhatWasSaidInClear)
{
    Client client;
    Recorder recorder{client};
    recorder.feed("+OK\r\n");
    client.request(Verb::stls);
    recorder.feed("+OK begin\r\n");
    EXPECT_EQ(client.state(), Client::State::handshake);
    client.begin_tls();
    EXPECT_EQ(client.state(), Client::State::authorization);
}

TEST(Pop3ClientStls, OctetsBufferedBehindTheOkEndTheLink)
{
    for (const auto* injected : {"+OK\r\n", "x", "-ERR\r\n", "\x16\x03\x01"}) {
        Client client;
        Recorder recorder{client};
        recorder.feed("+OK\r\n");
        client.request(Verb::stls);
        recorder.feed(std::string{"+OK begin\r\n"} + injected);
        EXPECT_NE(recorder.text().find("error protocol_violation: something was sent in clear"),
                  std::string::npos);
        EXPECT_EQ(client.state(), Client::State::ended);
    }
}

TEST(Pop3ClientStls, ARefusalLeavesTheLinkInClear)
{
    Client client;
    Recorder recorder{client};
    recorder.feed("+OK\r\n");
    client.request(Verb::stls);
    recorder.feed("-ERR no TLS\r\n");
    EXPECT_EQ(client.state(), Client::State::authorization);
}

TEST(Pop3ClientLimit, MoreCapabilitiesThanTheLimitEndTheSession)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::capa);
    std::string answer = "+OK\r\n";
    for (std::size_t i = 0; i <= capability_lines_max; ++i) {
        answer += "X\r\n";
    }
    recorder.feed(answer);
    EXPECT_NE(
        recorder.text().find("error limit_exceeded: the answer to CAPA has more than 256 lines"),
        std::string::npos);
}

TEST(Pop3ClientLimit, MoreListLinesThanTheLimitEndTheSession)
{
    Client client = logged_in_client();
    client.request(Verb::list);
    const std::string piece = "1 1\r\n1 1\r\n1 1\r\n1 1\r\n1 1\r\n1 1\r\n1 1\r\n1 1\r\n";
    auto input = base::as_bytes("+OK\r\n");
    std::size_t lines = 0;
    base::Result<Event> event = client.next(input);
    while (event && lines <= 2 * std::size_t{listing_lines_max}) {
        lines += event->kind == Event::Kind::line ? 1 : 0;
        input = event->kind == Event::Kind::need_input ? base::as_bytes(piece) : input;
        event = client.next(input);
    }
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code(), base::ErrorCode::limit_exceeded);
    EXPECT_EQ(lines, listing_lines_max);
}

} // namespace
} // namespace watchpost::pop3
