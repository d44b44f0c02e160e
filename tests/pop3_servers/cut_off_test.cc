// Exactly once in effect, wherever a server breaks off: cut after every few octets of a session,
// kept or deleted, pipelined or not, and then whole again.
#include <gtest/gtest.h>

#include <set>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

enum class LogIn : std::uint8_t { user, sasl_challenge };

struct Way {
    bool deletes;
    bool pipelines;
    bool is_cut_for_good; // also in the links that the poll makes after the first
    LogIn log_in = LogIn::user;
};

class CutOff : public ::testing::TestWithParam<Way> {
protected:
    static bool has_challenge() { return GetParam().log_in == LogIn::sasl_challenge; }

    static Pop3Script whole()
    {
        auto script = pop3_script(R"({"messages": 4})");
        script.messages[1].content = "Subject: dots\r\n\r\n.\r\n..\r\n";
        script.capabilities = {"UIDL"};
        if (GetParam().pipelines) {
            script.capabilities.emplace_back("PIPELINING");
        }
        if (has_challenge()) {
            script.capabilities.emplace_back("SASL PLAIN");
            script.password = std::string(400, 'x'); // does not fit into a command
        }
        return script;
    }

    static std::unique_ptr<QuirkBench> make_bench()
    {
        auto bench = std::make_unique<QuirkBench>(whole());
        bench->password = whole().password;
        if (GetParam().deletes) {
            bench->delete_once_stored();
        }
        return bench;
    }
};

TEST_P(CutOff, AfterAnyNumberOfOctetsNothingIsLostOrCollectedTwice)
{
    bool came_through = false;
    for (std::size_t octets = 0; !came_through; octets += 7) {
        SCOPED_TRACE(octets);
        ASSERT_LT(octets, 5'000U);
        const auto made = make_bench();
        QuirkBench& bench = *made;
        bench.server.change([&](Pop3Script& script) { script.octets_max = octets; });
        if (!GetParam().is_cut_for_good) { // the second link is whole
            bench.server.change([&](Pop3Script& script) {
                script.octets_max.reset();
                script.octets_max_in = {{1, octets}};
            });
        }
        const auto report = bench.poll();
        came_through = !report.error && bench.server.script().connections == 1;
        expect_nothing_lost(bench, whole());
        bench.server.change([](Pop3Script& script) {
            script.octets_max.reset();
            script.octets_max_in.clear();
        });
        EXPECT_TRUE(bench.poll().is_complete());
        expect_all_collected(bench, whole(), GetParam().deletes);
    }
}

/// The commands of a whole session, each of them once.
std::set<std::string> commands_of(QuirkBench& bench)
{
    EXPECT_TRUE(bench.poll().is_complete());
    const auto script = bench.server.script();
    return {script.commands.begin(), script.commands.end()};
}

/// Where the server breaks off around one command.
enum class Cut : std::uint8_t {
    before_its_reply,
    after_its_reply,
    reset_before_its_reply, // RST: what was said before may be lost
    reset_after_its_reply,
    after_its_effect
};

ScriptedReply broken_reply(Cut where)
{
    using Kind = Step::Kind;
    switch (where) {
    case Cut::before_its_reply:
        return {{{Kind::cut}}};
    case Cut::after_its_reply:
        return {{{Kind::usual}, {Kind::cut}}};
    case Cut::reset_before_its_reply:
        return {{{Kind::reset}}};
    case Cut::reset_after_its_reply:
        return {{{Kind::usual}, {Kind::reset}}};
    case Cut::after_its_effect:
        break;
    }
    return {};
}

void cut(Pop3Script& script, const std::string& command, Cut where, bool is_for_good)
{
    if (where == Cut::after_its_effect) { // in all links
        script.cuts[command] = 0;
    } else {
        (is_for_good ? script.replies : script.replies_in[1])[command] = broken_reply(where);
    }
}

TEST_P(CutOff, AroundEveryReplyNothingIsLostOrCollectedTwice)
{
    const auto commands = commands_of(*make_bench());
    EXPECT_EQ(commands.contains("DELE 4"), GetParam().deletes);
    EXPECT_EQ(commands.contains("AUTH PLAIN"), has_challenge());
    for (const auto& command : commands) {
        for (const auto where :
             {Cut::before_its_reply, Cut::after_its_reply, Cut::reset_before_its_reply,
              Cut::reset_after_its_reply, Cut::after_its_effect}) {
            SCOPED_TRACE(command + " " + std::to_string(static_cast<int>(where)));
            const auto bench = make_bench();
            bench->server.change([&](Pop3Script& script) {
                cut(script, command, where, GetParam().is_cut_for_good);
            });
            static_cast<void>(bench->poll());
            expect_nothing_lost(*bench, whole());
            bench->server.change([](Pop3Script& script) {
                script.replies.clear();
                script.replies_in.clear();
                script.cuts.clear();
            });
            const auto report = bench->poll();
            EXPECT_TRUE(report.is_complete()) << error_of(report);
            expect_all_collected(*bench, whole(), GetParam().deletes);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, CutOff,
                         testing::Values(Way{false, false, true}, Way{false, true, true},
                                         Way{true, false, true}, Way{true, true, true},
                                         Way{false, true, false}, Way{true, true, false},
                                         Way{false, false, false}, Way{true, false, false},
                                         Way{false, true, true, LogIn::sasl_challenge},
                                         Way{true, true, false, LogIn::sasl_challenge}));

} // namespace
} // namespace watchpost::test
