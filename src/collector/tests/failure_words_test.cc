// No failure of a poll lacks a step, the server's own words (quoted) and what to do: one row for
// each way in which a poll can end early.
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/console_text.h"
#include "collector/poll_record.h"
#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;
using test::PollBench;
using test::script_of;
using testing::HasSubstr;

struct Failure {
    const char* name;
    std::function<void(PollBench&)> arrange;
    const char* step;     // of the history, the one that is marked
    const char* sentence; // how the message begins
    const char* words;    // the server's, or those of the machine
    const char* remedy;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Failure& failure, std::ostream* out)
{
    *out << failure.name;
}

auto reply(std::string command, std::string text)
{
    return [command = std::move(command), text = std::move(text)](PollBench& bench) {
        bench.script.replies[command] = text;
    };
}

auto cut(std::string command, std::size_t octets)
{
    return [command = std::move(command), octets](PollBench& bench) {
        bench.script.capabilities = {"UIDL"};
        bench.script.cuts[command] = octets;
    };
}

auto refuse_connection(ErrorCode code, std::string text)
{
    return [code, text = std::move(text)](PollBench& bench) {
        bench.transport.connect_error = Error{code, Retry::later, text};
    };
}

auto fail_handshake(ErrorCode code, std::string text)
{
    return [code, text = std::move(text)](PollBench& bench) {
        bench.settings.tls_mode = TlsMode::implicit;
        bench.transport.handshake_error = Error{code, Retry::later, text};
    };
}

auto fail_commit(ErrorCode code, std::string text)
{
    return [code, text = std::move(text)](PollBench& bench) {
        bench.intake.fails_commit = [code, text](std::size_t) {
            return std::optional{Error{code, Retry::later, text}};
        };
    };
}

void delete_once_stored(PollBench& bench)
{
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    bench.script.capabilities = {"UIDL"};
}

// NOLINTNEXTLINE(readability-function-size): a table, one row a failure
const std::vector<Failure>& failures()
{
    static const std::vector<Failure> all{
        {"NameNotResolved", refuse_connection(ErrorCode::name_not_resolved, "no such name"),
         "connect", "connect: ", "no such name", "check the name of the mail server and the DNS"},
        {"NobodyListens", refuse_connection(ErrorCode::connect_failed, "Connection refused"),
         "connect", "connect: ", "Connection refused", "check server name and port"},
        {"NoAnswerToConnect", refuse_connection(ErrorCode::timed_out, "no answer"), "connect",
         "connect: ", "no answer", "firewall"},
        {"NoResources", refuse_connection(ErrorCode::internal, "start the resolver"), "connect",
         "connect: ", "start the resolver", "report it with the log"},
        {"Handshake", fail_handshake(ErrorCode::tls_failed, "wrong version number"), "tls",
         "tls: ", "wrong version number", "check port, TLS mode and cipher suite"},
        {"Certificate",
         fail_handshake(ErrorCode::certificate_rejected, "it is expired; ask for another one"),
         "tls", "tls: ", "it is expired", "ask for another one"},
        {"StlsRefused",
         [](PollBench& bench) {
             bench.settings.tls_mode = TlsMode::stls;
             bench.script.replies["STLS"] = "-ERR not \x1b[31mtoday\r\n";
         },
         "tls", "tls: ", R"(not \x1b[31mtoday)", "try the TLS mode \"implicit\""},
        {"GreetingRefuses",
         [](PollBench& bench) { bench.script.greeting = "-ERR go \x07 away\r\n"; }, "greeting",
         "greeting: ", R"(go \x07 away)", "ask the administrator of the mail server"},
        {"AnotherProtocol",
         [](PollBench& bench) { bench.script.greeting = "220 mail.example ESMTP\r\n"; }, "greeting",
         "greeting: ", "220 mail.example ESMTP", "check that a POP3 server answers"},
        {"SilentServer", [](PollBench& bench) { bench.script.greeting = ""; }, "greeting",
         "greeting: ", "no answer", "check port and TLS mode"},
        {"EndlessLine",
         [](PollBench& bench) { bench.script.greeting = "+OK " + std::string(100'000, 'x'); },
         "greeting", "greeting: ", "longer than", "no mail server needs so much"},
        {"CapabilitiesWithoutEnd", reply("CAPA", "+OK\r\nUSER\r\n"), "capabilities",
         "capabilities: ", "while waiting for", "check port and TLS mode"},
        {"PasswordRefused", reply("PASS", "-ERR wrong \x1b[1mpassword\r\n"), "log in",
         "log in: ", R"(wrong \x1b[1mpassword)", "check user name and password"},
        {"InUse", reply("PASS", "-ERR [IN-USE] mailbox is locked\r\n"), "log in",
         "log in: ", "mailbox is locked", "another program may have the mailbox open"},
        {"TooSoon", reply("PASS", "-ERR [LOGIN-DELAY] wait\r\n"), "log in", "log in: ", "wait",
         "raise \"Receive every\""},
        {"Temporary", reply("PASS", "-ERR [SYS/TEMP] storage is away\r\n"), "log in",
         "log in: ", "storage is away", "ask the administrator of the mail server"},
        {"Permanent", reply("PASS", "-ERR [SYS/PERM] no such store\r\n"), "log in",
         "log in: ", "no such store", "ask the administrator of the mail server"},
        {"BreaksAtLogIn", cut("PASS", 0), "log in", "log in: ", "closed the connection",
         "the log of the mail server tells why"},
        {"ApopWithoutStamp",
         [](PollBench& bench) { bench.settings.authentication = pop3::Mechanism::apop; }, "log in",
         "log in: ", "holds no time stamp", "choose what the server can do"},
        {"StatRefused", reply("STAT", "-ERR index \x01 broken\r\n"), "list",
         "list the messages: ", R"(index \x01 broken)", "ask the administrator of the mail server"},
        {"ListRefused", reply("LIST", "-ERR index is broken\r\n"), "list",
         "list the messages: ", "index is broken", "ask the administrator of the mail server"},
        {"ListBreaks", cut("LIST", 8), "list", "list the messages: ", "closed the connection",
         "the log of the mail server tells why"},
        {"NoUidlForNewOnly",
         [](PollBench& bench) {
             bench.first_poll = FirstPoll::new_only;
             bench.script.replies["UIDL"] = "-ERR unknown\r\n";
         },
         "list", "first poll: ", "the server has no UIDL", "choose \"All mail\""},
        {"RetrieveBreaks", cut("RETR 2", 20), "retrieve",
         "fetch the messages: ", "closed the connection", "the log of the mail server tells why"},
        {"RetrieveGarbage", reply("RETR 1", "what?\r\n"), "retrieve",
         "fetch the messages: ", "what?", "the log of the mail server"},
        {"RetrieveStalls", reply("RETR 1", ""), "retrieve",
         "fetch the messages: ", "while waiting for", "the log of the mail server"},
        {"DiskFullWhileReading", [](PollBench& bench) { bench.intake.octets_max = 10; }, "retrieve",
         "fetch the messages: ", "no room", "disk"},
        {"SpoolBroken",
         [](PollBench& bench) {
             bench.intake.fails_begin = Error{ErrorCode::io_failed, Retry::later, "open: EIO"};
         },
         "retrieve", "fetch the messages: ", "open: EIO", "look after the disk of the spool"},
        {"DiskFullAtCommit", fail_commit(ErrorCode::disk_full, "no space left"), "retrieve",
         "store the messages: ", "no space left", "disk"},
        {"SyncFails", fail_commit(ErrorCode::io_failed, "fdatasync: EIO"), "retrieve",
         "store the messages: ", "fdatasync: EIO", "look after the disk of the spool"},
        {"DeleteBreaks",
         [](PollBench& bench) {
             delete_once_stored(bench);
             bench.script.cuts["DELE"] = 0;
         },
         "delete", "delete the collected messages: ", "closed the connection",
         "the log of the mail server tells why"},
        {"QuitRefused",
         [](PollBench& bench) {
             delete_once_stored(bench);
             bench.script.replies["QUIT"] = "-ERR some \x02 are not removed\r\n";
         },
         "quit", "delete the collected messages: ", R"(some \x02 are not removed)",
         "ask the administrator of the mail server"},
        {"QuitBreaks",
         [](PollBench& bench) {
             delete_once_stored(bench);
             bench.script.cuts["QUIT"] = 0;
         },
         "quit", "delete the collected messages: ", "closed the connection",
         "the log of the mail server tells why"},
    };
    return all;
}

class FailureWords : public testing::TestWithParam<Failure> {};

TEST_P(FailureWords, NameTheStepHaveTheServersWordsAndSayWhatToDo)
{
    PollBench bench{script_of(3)};
    bench.transport.piece_octets = 4'096;
    GetParam().arrange(bench);
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    const auto text = to_console_text(*report.error);
    EXPECT_THAT(text, testing::StartsWith(GetParam().sentence));
    EXPECT_THAT(text, HasSubstr(GetParam().words));
    EXPECT_THAT(text, HasSubstr(GetParam().remedy));
    EXPECT_THAT(report.error->describe(), HasSubstr(GetParam().words)); // the log's
    const auto record = make_record(report, bench.now, {});
    std::vector<std::string> failed;
    for (const auto& step : record.steps) {
        if (step.has_failed) {
            failed.push_back(step.step);
        }
    }
    EXPECT_THAT(failed, testing::Contains(GetParam().step));
    EXPECT_EQ(std::ranges::count_if(text, [](unsigned char c) { return c < ' '; }), 0) << text;
}

INSTANTIATE_TEST_SUITE_P(Each, FailureWords, testing::ValuesIn(failures()),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(FailureRemedies, SpeakOfNoMailServerWhereATokenEndPointWasAsked)
{
    for (int number = 0; number <= static_cast<int>(ErrorCode::internal); ++number) {
        const auto code = static_cast<ErrorCode>(number);
        for (const char* const step : {"fetch token", "get device code"}) {
            const auto text =
                to_console_text(Error{code, Retry::later, "x"}.during(step).during("log in"));
            EXPECT_EQ(text.find("POP3"), std::string::npos) << text;
            EXPECT_EQ(text.find("mail server"), std::string::npos) << text;
        }
    }
    EXPECT_THAT(
        to_console_text(Error{ErrorCode::timed_out, Retry::later, "x"}.during("fetch token")),
        HasSubstr("check the address of the end point"));
}

/// What has no remedy here has it in its own words.
TEST(FailureRemedies, OnlyThoseAreEmptyThatTheirMakersName)
{
    std::vector<std::string> without;
    for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
        if (remedy_for(static_cast<ErrorCode>(code)).empty()) {
            without.emplace_back(base::to_string(static_cast<ErrorCode>(code)));
        }
    }
    EXPECT_THAT(without, testing::UnorderedElementsAre("invalid_argument", "connect_failed",
                                                       "certificate_rejected", "auth_rejected"));
}

} // namespace
} // namespace watchpost::collector
