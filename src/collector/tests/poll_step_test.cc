// A server that gives a reply too many: no content may pass for that of another message, and
// nothing that was not read is deleted.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "collector/tests/support/poll_bench.h"

namespace watchpost::collector::test {
namespace {

using watchpost::test::Step;

const Step usual{Step::Kind::usual};
const Step refusal{Step::Kind::say, "-ERR not now\r\n"};

/// What RETR 2 is answered by.
struct TooMany {
    std::string name;
    std::vector<Step> steps;
};

struct Way {
    TooMany reply;
    bool pipelines = false;
    AfterRetrieval after = AfterRetrieval::leave_on_server;
};

void PrintTo(const Way& way, std::ostream* out)
{
    *out << way.reply.name;
}

std::vector<Way> ways()
{
    const Step later{Step::Kind::await_client}; // the rest comes with the answer to what is next
    const std::vector<TooMany> replies{
        {"Twice", {usual, usual}},
        {"AgainLater", {usual, later, usual}},
        {"ThenRefused", {usual, refusal}},
        {"ThenRefusedLater", {usual, later, refusal}},
        {"RefusedThenGiven", {refusal, usual}},
        {"ThenOk", {usual, {Step::Kind::say, "+OK\r\n"}}},
        {"ThenOkLater", {usual, later, {Step::Kind::say, "+OK\r\n"}}},
    };
    std::vector<Way> all;
    for (const auto& reply : replies) {
        for (const bool pipelines : {false, true}) {
            for (const auto after :
                 {AfterRetrieval::leave_on_server, AfterRetrieval::delete_once_stored}) {
                all.push_back({reply, pipelines, after});
            }
        }
    }
    return all;
}

class PollStep : public ::testing::TestWithParam<Way> {
protected:
    /// All of one size.
    PollStep() : bench_{script_of(6)}
    {
        if (!GetParam().pipelines) {
            std::erase(bench_.script.capabilities, "PIPELINING");
        }
        bench_.settings.after_retrieval = GetParam().after;
        for (const auto& message : bench_.script.messages) {
            contents_.insert(message.content);
        }
    }

    std::set<std::string> stored() const
    {
        std::set<std::string> all;
        for (const auto& one : bench_.intake.stored) {
            if (spool::has_content(one.receipt.completeness)) {
                all.insert(one.content);
            }
        }
        return all;
    }

    std::set<std::string> at_server() const
    {
        std::set<std::string> all;
        for (const auto& message : bench_.script.messages) {
            all.insert(message.content);
        }
        return all;
    }

    /// Ours, or still there to be fetched.
    void expect_nothing_lost() const
    {
        auto all = stored();
        all.merge(at_server());
        EXPECT_TRUE(std::ranges::includes(all, contents_));
    }

    PollBench bench_;
    std::set<std::string> contents_;
};

TEST_P(PollStep, GivesNoMessageTheContentOfAnother)
{
    bench_.script.replies_in[1]["RETR 2"].steps = GetParam().reply.steps;
    bench_.poll();
    expect_nothing_lost();
    for (int again = 0; again < 2; ++again) {
        const auto report = bench_.poll();
        EXPECT_FALSE(report.error);
        expect_nothing_lost();
    }
    EXPECT_TRUE(std::ranges::includes(stored(), contents_)); // and what was in doubt
    EXPECT_EQ(bench_.script.messages.empty(),
              GetParam().after == AfterRetrieval::delete_once_stored);
    const auto before = bench_.intake.stored.size();
    bench_.script.commands.clear();
    EXPECT_FALSE(bench_.poll().error);
    EXPECT_EQ(bench_.intake.stored.size(), before);
    EXPECT_FALSE(bench_.script.has_seen("RETR")) << "nothing is in doubt any more";
}

TEST_P(PollStep, AServerThatGoesOnLikeThatCostsThatMessageAlone)
{
    bench_.script.replies["RETR 2"].steps = GetParam().reply.steps;
    const auto second = bench_.script.messages[1].content;
    for (int poll = 0; poll < 6; ++poll) {
        bench_.poll();
        bench_.now += std::chrono::hours{1};
        expect_nothing_lost();
    }
    auto others = contents_;
    others.erase(second);
    const auto all = stored();
    EXPECT_TRUE(std::ranges::includes(all, others));
}

INSTANTIATE_TEST_SUITE_P(Each, PollStep, ::testing::ValuesIn(ways()), [](const auto& test) {
    const Way& way = test.param;
    return way.reply.name + (way.pipelines ? "Pipelined" : "Serial") +
           (way.after == AfterRetrieval::leave_on_server ? "Leave" : "Delete");
});

/// The note outlives the process: between the poll that saw it and the next there may be a restart.
TEST(PollDoubt, IsKnownAfterARestart)
{
    PollBench bench{script_of(4)};
    bench.settings.after_retrieval = AfterRetrieval::delete_once_stored;
    bench.limits.links_max = 1; // and nothing is mended in this poll
    bench.script.replies_in[1]["RETR 2"].steps = {usual, usual};
    EXPECT_TRUE(bench.poll().error);
    EXPECT_EQ(bench.script.messages.size(), 4U);
    bench.ledger = Ledger::load(bench.intake).value();
    EXPECT_FALSE(bench.poll().error);
    EXPECT_TRUE(bench.script.messages.empty());
    std::set<std::string> uids;
    for (const auto& one : bench.intake.stored) {
        uids.insert(one.content.substr(0, one.content.find('\r')));
    }
    EXPECT_EQ(uids,
              (std::set<std::string>{"Subject: u1", "Subject: u2", "Subject: u3", "Subject: u4"}));
}

} // namespace
} // namespace watchpost::collector::test
