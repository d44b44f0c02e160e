#include "pop3_server/dialogue.h"

#include <gtest/gtest.h>

namespace watchpost::test {
namespace {

using Kind = Step::Kind;

Pop3Script two_messages()
{
    Pop3Script script;
    script.messages = {{"u1", "one\r\n", {}, {}}, {"u2", ".two\r\n", {}, {}}};
    return script;
}

/// All that is said, without the rest.
std::string said(const std::vector<Step>& steps)
{
    std::string text;
    for (const auto& step : steps) {
        text += step.octets;
    }
    return text;
}

/// A dialogue that has logged in.
class Session {
public:
    explicit Session(Pop3Script& script) : dialogue{script}
    {
        static_cast<void>(dialogue.greet());
        static_cast<void>(dialogue.feed("USER alice\r\nPASS secret\r\n"));
    }
    std::string say(const std::string& line) { return said(dialogue.feed(line + "\r\n")); }

    Pop3Dialogue dialogue;
};

TEST(Pop3Dialogue, IsAPop3ServerWhereTheScriptSaysNothing)
{
    auto script = two_messages();
    Session session{script};
    EXPECT_EQ(session.say("STAT"), "+OK 2 11\r\n");
    EXPECT_EQ(session.say("UIDL"), "+OK\r\n1 u1\r\n2 u2\r\n.\r\n");
    EXPECT_EQ(session.say("RETR 2"), "+OK 6 octets\r\n..two\r\n.\r\n");
    EXPECT_EQ(session.say("DELE 1"), "+OK\r\n");
    EXPECT_EQ(session.say("QUIT"), "+OK bye\r\n");
    EXPECT_TRUE(session.dialogue.has_ended());
    ASSERT_EQ(script.messages.size(), 1U);
    EXPECT_EQ(script.messages[0].uid, "u2");
}

TEST(Pop3Dialogue, WhatASessionDeletesIsGoneForItAtOnce)
{
    auto script = two_messages();
    Session session{script};
    EXPECT_EQ(session.say("DELE 1"), "+OK\r\n");
    EXPECT_TRUE(session.say("DELE 1").starts_with("-ERR"));
    EXPECT_TRUE(session.say("RETR 1").starts_with("-ERR"));
    EXPECT_EQ(session.say("STAT"), "+OK 1 6\r\n");
    EXPECT_EQ(session.say("LIST"), "+OK\r\n2 6\r\n.\r\n");
    EXPECT_EQ(session.say("RSET"), "+OK\r\n");
    EXPECT_EQ(session.say("UIDL"), "+OK\r\n1 u1\r\n2 u2\r\n.\r\n");
    EXPECT_EQ(session.say("QUIT"), "+OK bye\r\n");
    EXPECT_EQ(script.messages.size(), 2U);
}

TEST(Pop3Dialogue, HidesOnlyWhatItGaveOutToTheEnd)
{
    auto script = two_messages();
    script.hides_retrieved = true;
    script.cuts["RETR 2"] = 10;
    Session session{script};
    static_cast<void>(session.say("RETR 1"));
    static_cast<void>(session.say("RETR 2"));
    session.dialogue.on_end();
    ASSERT_EQ(script.messages.size(), 1U);
    EXPECT_EQ(script.messages[0].uid, "u2");
}

TEST(Pop3Dialogue, TheNearestKeyOfAReplyCounts)
{
    auto script = two_messages();
    script.replies["RETR"] = "any\r\n";
    script.replies["RETR 2"] = "two\r\n";
    script.replies["RETR 2#2"] = "two again\r\n";
    script.replies_in[2]["RETR"] = "second connection\r\n";
    Session session{script};
    EXPECT_EQ(session.say("RETR 1"), "any\r\n");
    EXPECT_EQ(session.say("RETR 2"), "two\r\n");
    EXPECT_EQ(session.say("RETR 2"), "two again\r\n");
    Session second{script};
    EXPECT_EQ(second.say("RETR 2"), "second connection\r\n");
}

TEST(Pop3Dialogue, TheUsualCanStandWithinAScriptedReply)
{
    auto script = two_messages();
    script.replies["STAT"].steps = {{Kind::say, "\r\n"}, {Kind::usual}, {Kind::await_client}};
    Session session{script};
    const std::vector<Step> expected{
        {Kind::say, "\r\n"}, {Kind::say, "+OK 2 11\r\n"}, {Kind::await_client}};
    EXPECT_EQ(session.dialogue.feed("STAT\r\n"), expected);
}

TEST(Pop3Dialogue, ACutEndsAReplyAtAnyOctet)
{
    for (std::size_t octets = 0; octets < 10; ++octets) {
        auto script = two_messages();
        script.cuts["STAT"] = octets;
        Session session{script};
        const auto steps = session.dialogue.feed("STAT\r\nNOOP\r\n");
        EXPECT_EQ(said(steps), std::string{"+OK 2 11\r\n"}.substr(0, octets));
        EXPECT_EQ(steps.back().kind, Kind::cut);
        EXPECT_TRUE(session.dialogue.has_ended());
    }
}

TEST(Pop3Dialogue, WhatComesInClearBehindStlsIsHeardAndNotObeyed)
{
    Pop3Script script;
    script.tls = ServerTls::stls;
    Pop3Dialogue dialogue{script};
    static_cast<void>(dialogue.greet());
    const auto steps = dialogue.feed("STLS\r\nUSER alice\r\n");
    EXPECT_EQ(said(steps), "+OK begin TLS\r\n");
    EXPECT_EQ(steps.back().kind, Kind::start_tls);
    dialogue.on_tls();
    static_cast<void>(dialogue.feed("CAPA\r\n"));
    EXPECT_EQ(script.clear_commands, (std::vector<std::string>{"STLS", "USER alice"}));
    EXPECT_EQ(script.commands.size(), 3U);
}

TEST(Pop3Dialogue, CapabilitiesFollowTheState)
{
    Pop3Script script;
    script.capabilities = {"STLS"};
    script.capabilities_tls = {"USER"};
    script.capabilities_after_login = {"UIDL"};
    Pop3Dialogue dialogue{script};
    EXPECT_EQ(said(dialogue.feed("CAPA\r\n")), "+OK\r\nSTLS\r\n.\r\n");
    dialogue.on_tls();
    EXPECT_EQ(said(dialogue.feed("CAPA\r\n")), "+OK\r\nUSER\r\n.\r\n");
    static_cast<void>(dialogue.feed("USER alice\r\nPASS secret\r\n"));
    EXPECT_EQ(said(dialogue.feed("CAPA\r\n")), "+OK\r\nUIDL\r\n.\r\n");
}

TEST(Pop3Dialogue, TheLineThatAnswersAChallengeHasAKeyOfItsOwn)
{
    Pop3Script script;
    script.replies["AUTH PLAIN"] = "+OK go ahead\r\n";
    script.replies["(response)#1"] = "-ERR once more\r\n";
    Pop3Dialogue dialogue{script};
    static_cast<void>(dialogue.feed("AUTH PLAIN\r\n"));
    EXPECT_EQ(said(dialogue.feed("x\r\n")), "-ERR once more\r\n");
    static_cast<void>(dialogue.feed("AUTH PLAIN\r\n"));
    EXPECT_EQ(said(dialogue.feed("AGFsaWNlAHNlY3JldA==\r\n")), "+OK logged in\r\n");
}

TEST(Pop3Dialogue, WhatWasFetchedOrDeletedIsListedByTheScript)
{
    auto script = two_messages();
    script.hides_retrieved = true;
    script.keeps_deleted = true;
    Session session{script};
    static_cast<void>(session.say("RETR 1"));
    static_cast<void>(session.say("DELE 2"));
    static_cast<void>(session.say("QUIT"));
    session.dialogue.on_end();
    ASSERT_EQ(script.messages.size(), 1U);
    EXPECT_EQ(script.messages[0].uid, "u2");
}

} // namespace
} // namespace watchpost::test
