// Exit codes of `collect` and `check pop3`, and that each failure is a line which names the step,
// has the server's words and says what to do: one row a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "collect_fixture.h"
#include "pop3_server/script_json.h"
#include "pop3_server/server.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

struct Row {
    const char* name;
    const char* script;
    int collect;
    int check;
    std::vector<const char*> said; // on standard error of collect
};

void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

const std::vector<Row>& rows()
{
    static const std::vector<Row> all{
        {"AllIsOurs", R"({"messages": 3})", 0, 0, {}},
        {"AnEmptyMailbox", R"({"messages": 0})", 0, 0, {}},
        {"OneIsRefused",
         R"({"messages": 3, "replies": {"RETR 2": "-ERR its \u001bblock is damaged\r\n"}})",
         1,
         0,
         {"message 2 was not given out", R"(its \x1bblock is damaged)"}},
        {"TheLinkBreaksInAMessage",
         R"({"messages": 3, "capabilities": ["UIDL"], "cuts": {"RETR 2": 12}})",
         1,
         0,
         {"fetch the messages: connection_lost", "while waiting for",
          "it is tried again by itself"}},
        {"TheListIsRefused",
         R"({"messages": 3, "replies": {"STAT": "-ERR index is broken\r\n"}})",
         1,
         2,
         {"list the messages: refused_by_server", "index is broken", "ask the administrator"}},
        {"TheMailboxIsInUse",
         R"({"messages": 3, "replies": {"PASS": "-ERR [IN-USE] locked by another\r\n"}})",
         2,
         2,
         {"log in: busy", "locked by another", "another program may have the mailbox open"}},
        {"ThePasswordIsRefused",
         R"({"messages": 3, "password": "another"})",
         2,
         2,
         {"log in: auth_rejected", "check user name and password"}},
        {"TheGreetingRefuses",
         R"({"messages": 3, "greeting": "-ERR come back later\r\n"})",
         2,
         2,
         {"greeting: refused_by_server", "come back later", "ask the administrator"}},
        {"AnotherProtocol",
         R"({"messages": 3, "greeting": "220 mail.example ESMTP\r\n"})",
         2,
         2,
         {"greeting: protocol_violation", "220 mail.example ESMTP", "check that a POP3 server"}},
    };
    return all;
}

class CollectExit : public testing::TestWithParam<Row> {};

TEST_P(CollectExit, CodeSaysWhatCameOfItAndTheLineSaysWhy)
{
    ScriptedPop3Server server{pop3_script(GetParam().script)};
    const Collecting collecting;
    const auto result = collecting.run_clear(server.port());
    EXPECT_EQ(result.exit_code, GetParam().collect) << result.err;
    for (const char* const words : GetParam().said) {
        EXPECT_THAT(result.err, HasSubstr(words));
    }
    EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
    EXPECT_EQ(result.err.empty(), GetParam().said.empty()) << result.err;
}

TEST_P(CollectExit, OfCheckPop3IsTwoWhereAStepFailed)
{
    ScriptedPop3Server server{pop3_script(GetParam().script)};
    const Collecting collecting;
    const auto result =
        run_program({watchpost_program(), "check", "pop3", "--server", "127.0.0.1", "--port",
                     std::to_string(server.port()), "--tls", "none", "--user", "alice",
                     "--password-file", collecting.folder() / "password"});
    EXPECT_EQ(result.exit_code, GetParam().check) << result.out << result.err;
    EXPECT_EQ(result.out.find("FAILED") != std::string::npos, GetParam().check == 2) << result.out;
    if (GetParam().check == 2) {
        EXPECT_THAT(result.out, HasSubstr(GetParam().said.back()));
    }
    EXPECT_FALSE(server.script().has_seen("RETR"));
}

INSTANTIATE_TEST_SUITE_P(Each, CollectExit, testing::ValuesIn(rows()),
                         [](const auto& row) { return std::string{row.param.name}; });

} // namespace
} // namespace watchpost::test
