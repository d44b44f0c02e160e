#include "pop3_server/script_json.h"

#include <gtest/gtest.h>

namespace watchpost::test {
namespace {

using Kind = Step::Kind;

std::string fault_of(const std::string& json)
{
    const auto parsed = parse_pop3_script(json);
    const auto* const fault = std::get_if<std::string>(&parsed);
    return fault == nullptr ? "" : *fault;
}

TEST(Pop3ScriptJson, EveryFieldIsRead)
{
    const auto script = pop3_script(R"({
        "about": "for people", // so is this
        "messages": [{"uid": "a", "content": "x\r\n", "announced": "-1", "reply": "+OK"}],
        "user": "bob", "password": "pw", "greeting": "+OK hello\r\n",
        "capabilities": ["A"], "capabilities_tls": ["B"], "capabilities_after_login": ["C"],
        "replies": {"STAT": ["a", {"do": "pause"}, {"do": "usual"}, {"do": "cut"}]},
        "replies_in": {"2": {"LIST": {"repeat": ["ab", 3]}}},
        "hangs_up_at": ["CAPA"], "cuts": {"RETR 1": 7}, "octets_max": 99,
        "octets_max_in": {"3": 7},
        "stuffs_first_dot": false, "keeps_deleted": true, "hides_retrieved": true,
        "tls": "stls", "certificate": "c.pem", "key": "k.pem"})");
    EXPECT_EQ(script.messages.at(0).announced, "-1");
    EXPECT_EQ(script.messages.at(0).reply, "+OK");
    EXPECT_EQ(script.user + script.password, "bobpw");
    EXPECT_EQ(script.greeting.steps.at(0).octets, "+OK hello\r\n");
    EXPECT_EQ(script.capabilities_after_login, std::vector<std::string>{"C"});
    EXPECT_EQ(script.replies.at("STAT").steps.at(3).kind, Kind::cut);
    EXPECT_EQ(script.replies_in.at(2).at("LIST").steps.at(0).octets, "ababab");
    EXPECT_TRUE(script.hangs_up_at.contains("CAPA"));
    EXPECT_EQ(script.cuts.at("RETR 1"), 7U);
    EXPECT_EQ(script.octets_max, 99U);
    EXPECT_EQ(script.octets_max_in.at(3), 7U);
    EXPECT_EQ(script.tls, ServerTls::stls);
    EXPECT_TRUE(script.keeps_deleted && script.hides_retrieved && !script.stuffs_first_dot);
    EXPECT_EQ(script.certificate + script.key, "c.pemk.pem");
}

TEST(Pop3ScriptJson, ACharacterIsAnOctet)
{
    const auto script = pop3_script(R"({"user": "\u0000\u007f\u0080\u00c0\u00ff"})");
    EXPECT_EQ(script.user, (std::string{"\0\x7f\x80\xc0\xff", 5}));
}

TEST(Pop3ScriptJson, ANumberOfMessagesMakesSmallOnes)
{
    const auto script = pop3_script(R"({"messages": 3})");
    ASSERT_EQ(script.messages.size(), 3U);
    EXPECT_EQ(script.messages[2].uid, "u3");
}

TEST(Pop3ScriptJson, WhatIsWrongIsNamedByItsField)
{
    EXPECT_TRUE(fault_of(R"({"mesages": 1})").starts_with("mesages: there is no such field"));
    EXPECT_TRUE(fault_of(R"({"user": "\u0100"})").starts_with("user: a character beyond"));
    EXPECT_TRUE(fault_of(R"({"replies": {"X": {"do": "dance"}}})").starts_with("replies: "));
    EXPECT_TRUE(fault_of(R"({"tls": "maybe"})").starts_with("tls: "));
    EXPECT_TRUE(fault_of("[]").starts_with("the script: "));
    EXPECT_TRUE(fault_of("{").starts_with("the script: "));
}

} // namespace
} // namespace watchpost::test
