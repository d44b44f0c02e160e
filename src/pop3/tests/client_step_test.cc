// How the client stays in step with a server that ends messages early: docs/adr/0003.
#include <gtest/gtest.h>

#include "pop3/client.h"
#include "pop3/tests/dialogue.h"

namespace watchpost::pop3 {
namespace {

using test::logged_in_client;
using test::Recorder;

// What Dovecot 2.3 sends for a stored message whose first line is ".": 41 octets are announced.
constexpr std::string_view forger_content = ".\r\n+OK 5 octets\r\nFrom: spoof@x\r\n\r\nhello\r\n";
constexpr std::string_view forger_reply =
    "+OK 41 octets\r\n.\r\n+OK 5 octets\r\nFrom: spoof@x\r\n\r\nhello\r\n.\r\n";

TEST(Pop3ClientStep, AForgedReplyIsNeverTakenForThatOfTheNextMessage)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 41);
    client.request(Verb::retr, 2, 26);
    recorder.feed(forger_reply);
    EXPECT_TRUE(
        recorder.text().starts_with("RETR ok 41 octets\nend RETR 0\nerror protocol_violation"))
        << recorder.text();
    EXPECT_EQ(recorder.text().find("spoof"), std::string::npos);
    EXPECT_EQ(client.state(), Client::State::ended);
}

TEST(Pop3ClientStep, NoRequestIsAnsweredOnceStepIsLostEvenWhenTheForgerySitsInALaterPiece)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 41);
    client.request(Verb::quit);
    recorder.feed("+OK 41 octets\r\n.\r\n");
    EXPECT_TRUE(recorder.failed());
}

TEST(Pop3ClientStep, WithNothingOutstandingTheWholeOfTheForgersMessageIsRead)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 41);
    recorder.feed(forger_reply);
    EXPECT_EQ(recorder.text(), "RETR ok 41 octets\n<" + std::string{forger_content} +
                                   ">\nend RETR 41 early end kept\n");
}

TEST(Pop3ClientStep, WithNothingOutstandingAMessageThatIsReallyShortEndsWhereItEnds)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 1000);
    recorder.feed("+OK\r\nstump\r\n.\r\n");
    EXPECT_EQ(recorder.text(), "RETR ok \n<stump\r\n>\nend RETR 7\n");
    client.request(Verb::noop);
    recorder.feed("+OK\r\n");
    EXPECT_TRUE(recorder.text().ends_with("NOOP ok \n"));
}

TEST(Pop3ClientStep, TheTailOfAForgeryIsNoAnswerToTheProbe)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 41);
    recorder.feed("+OK 41 octets\r\n.\r\n");
    client.request(Verb::noop);
    recorder.feed("+OK 5 octets\r\nFrom: spoof@x\r\n\r\nhello\r\n.\r\n+OK\r\n");
    EXPECT_TRUE(
        recorder.text().ends_with("error protocol_violation: the server sent something that "
                                  "nobody asked for: \"From: spoof@x\"\n"))
        << recorder.text();
}

TEST(Pop3ClientStep, MoreOctetsThanAnnouncedAreTakenAndCounted)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 2);
    recorder.feed("+OK\r\nlonger\r\n.\r\n");
    client.request(Verb::noop);
    recorder.feed("+OK\r\n");
    EXPECT_EQ(recorder.text(), "RETR ok \n<longer\r\n>\nend RETR 8\nNOOP ok \n");
}

TEST(Pop3ClientStep, MoreOctetsThanAnnouncedWithOthersOutstandingMayHideTheNextMessage)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 6);
    client.request(Verb::retr, 2, 8);
    recorder.feed("+OK\r\nglued..\r\n+OK\r\nhidden\r\n.\r\n");
    EXPECT_TRUE(recorder.text().ends_with("apart from its content\n")) << recorder.text();
    EXPECT_EQ(recorder.text().find("RETR ok", 8), std::string::npos) << recorder.text();
}

TEST(Pop3ClientStep, ATerminatorGluedToTheLastLineIsOneWhereTheServerStaysSilent)
{
    Client client = logged_in_client();
    client.request(Verb::retr, 1, 4);
    const std::string reply = "+OK\r\ntext.\r\n";
    for (std::size_t split = 0; split <= reply.size(); ++split) {
        Client one = client;
        Recorder recorder{one};
        recorder.feed(reply.substr(0, split));
        EXPECT_EQ(one.may_have_ended(), split == reply.size()) << split;
        recorder.feed(reply.substr(split));
        ASSERT_TRUE(one.may_have_ended());
        const auto end = one.end_glued();
        EXPECT_TRUE(end.is_end_glued);
        EXPECT_EQ(end.octets, 4U);
        EXPECT_EQ(one.outstanding(), 0U);
    }
}

TEST(Pop3ClientStep, NoOtherMessageSeemsToHaveEnded)
{
    for (const std::uint64_t announced : {0U, 5U}) { // unknown; not all there yet
        Client client = logged_in_client();
        Recorder recorder{client};
        client.request(Verb::retr, 1, announced);
        recorder.feed("+OK\r\ntext.\r\n");
        EXPECT_FALSE(client.may_have_ended());
    }
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 4);
    recorder.feed("+OK\r\ntext!\r\n");
    EXPECT_FALSE(client.may_have_ended());
}

TEST(Pop3ClientStep, AnUnknownSizeIsNeverShort)
{
    Client client = logged_in_client();
    Recorder recorder{client};
    client.request(Verb::retr, 1, 0);
    client.request(Verb::noop);
    recorder.feed("+OK\r\n.\r\n+OK\r\n");
    EXPECT_EQ(recorder.text(), "RETR ok \nend RETR 0\nNOOP ok \n");
}

TEST(Pop3ClientStep, EverySplitOfAForgeryBehindOtherRequestsStopsAtTheSamePlace)
{
    for (std::size_t split = 0; split <= forger_reply.size(); ++split) {
        Client client = logged_in_client();
        Recorder recorder{client};
        client.request(Verb::retr, 1, 41);
        client.request(Verb::retr, 2, 26);
        recorder.feed(forger_reply.substr(0, split));
        recorder.feed(forger_reply.substr(split));
        EXPECT_EQ(recorder.text().find("spoof"), std::string::npos) << split;
        EXPECT_TRUE(recorder.failed()) << split;
    }
}

} // namespace
} // namespace watchpost::pop3
