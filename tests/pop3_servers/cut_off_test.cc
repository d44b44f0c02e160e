// Exactly once in effect, wherever a server breaks off: cut after every few octets of a session,
// kept or deleted, pipelined or not, and then whole again.
#include <gtest/gtest.h>

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

INSTANTIATE_TEST_SUITE_P(All, CutOff,
                         testing::Values(Way{false, false, true}, Way{false, true, true},
                                         Way{true, false, true}, Way{true, true, true},
                                         Way{false, true, false}, Way{true, true, false}));

} // namespace
} // namespace watchpost::test
