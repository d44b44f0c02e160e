// Exactly once in effect, wherever a server breaks off: cut after every few octets of a session,
// kept or deleted, pipelined or not, and then whole again.
#include <gtest/gtest.h>

#include <set>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

struct Way {
    bool deletes;
    bool pipelines;
    bool is_cut_for_good; // also in the links that the poll makes after the first
};

class CutOff : public ::testing::TestWithParam<Way> {
protected:
    static Pop3Script whole()
    {
        auto script = pop3_script(R"({"messages": 4})");
        script.messages[1].content = "Subject: dots\r\n\r\n.\r\n..\r\n";
        if (!GetParam().pipelines) {
            script.capabilities = {"UIDL"};
        }
        return script;
    }

    /// Every message is at the server or ours, and none is ours twice.
    static void expect_nothing_lost(const QuirkBench& bench, std::size_t octets)
    {
        const auto ours = bench.contents();
        EXPECT_EQ(std::ranges::adjacent_find(ours), ours.end()) << octets;
        const auto left = QuirkBench::contents_of(bench.server.script());
        for (const auto& message : whole().messages) {
            EXPECT_TRUE(std::ranges::binary_search(ours, message.content) ||
                        std::ranges::binary_search(left, message.content))
                << octets;
        }
    }
};

TEST_P(CutOff, AfterAnyNumberOfOctetsNothingIsLostOrCollectedTwice)
{
    const auto [deletes, pipelines, is_cut_for_good] = GetParam();
    bool came_through = false;
    for (std::size_t octets = 0; !came_through; octets += 7) {
        ASSERT_LT(octets, 5'000U);
        QuirkBench bench{whole()};
        bench.server.change([&](Pop3Script& script) { script.octets_max = octets; });
        if (deletes) {
            bench.delete_once_stored();
        }
        if (!is_cut_for_good) { // the second link is whole
            bench.server.change([&](Pop3Script& script) {
                script.octets_max.reset();
                script.octets_max_in = {{1, octets}};
            });
        }
        const auto report = bench.poll();
        came_through = !report.error && bench.server.script().connections == 1;
        expect_nothing_lost(bench, octets);
        bench.server.change([](Pop3Script& script) {
            script.octets_max.reset();
            script.octets_max_in.clear();
        });
        EXPECT_TRUE(bench.poll().is_complete()) << octets;
        EXPECT_EQ(bench.contents(), QuirkBench::contents_of(whole())) << octets;
        EXPECT_EQ(bench.server.script().messages.empty(), deletes) << octets;
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
enum class Cut : std::uint8_t { before_its_reply, after_its_reply, after_its_effect };

void cut(Pop3Script& script, const std::string& command, Cut where, bool is_for_good)
{
    using Kind = Step::Kind;
    if (where == Cut::after_its_effect) { // in all links
        script.cuts[command] = 0;
        return;
    }
    auto& replies = is_for_good ? script.replies : script.replies_in[1];
    replies[command] = where == Cut::before_its_reply
                           ? ScriptedReply{{{Kind::cut, ""}}}
                           : ScriptedReply{{{Kind::usual, ""}, {Kind::cut, ""}}};
}

TEST_P(CutOff, AroundEveryReplyNothingIsLostOrCollectedTwice)
{
    QuirkBench undisturbed{whole()};
    if (GetParam().deletes) {
        undisturbed.delete_once_stored();
    }
    const auto commands = commands_of(undisturbed);
    EXPECT_EQ(commands.contains("DELE 4"), GetParam().deletes);
    for (const auto& command : commands) {
        for (const auto where :
             {Cut::before_its_reply, Cut::after_its_reply, Cut::after_its_effect}) {
            SCOPED_TRACE(command + " " + std::to_string(static_cast<int>(where)));
            QuirkBench bench{whole()};
            if (GetParam().deletes) {
                bench.delete_once_stored();
            }
            bench.server.change([&](Pop3Script& script) {
                cut(script, command, where, GetParam().is_cut_for_good);
            });
            static_cast<void>(bench.poll());
            expect_nothing_lost(bench, 0);
            bench.server.change([](Pop3Script& script) {
                script.replies.clear();
                script.replies_in.clear();
                script.cuts.clear();
            });
            const auto report = bench.poll();
            EXPECT_TRUE(report.is_complete()) << error_of(report);
            EXPECT_EQ(bench.contents(), QuirkBench::contents_of(whole()));
            EXPECT_EQ(bench.server.script().messages.empty(), GetParam().deletes);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, CutOff,
                         testing::Values(Way{false, false, true}, Way{false, true, true},
                                         Way{true, false, true}, Way{true, true, true},
                                         Way{false, true, false}, Way{true, true, false},
                                         Way{false, false, false}, Way{true, false, false}));

} // namespace
} // namespace watchpost::test
