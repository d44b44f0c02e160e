#include "collector/server_memory.h"

#include <gtest/gtest.h>

#include "collector/attempts.h"
#include "collector/message_mark.h"
#include "collector/tests/support/fake_intake.h"

namespace watchpost::collector {
namespace {

using std::chrono::days;
using test::FakeStore;

const base::Instant today = base::parse_rfc3339("2026-11-24T06:00:00Z").value();

TEST(ServerMemory, RemembersByServerAndPort)
{
    FakeStore store;
    ServerMemory memory{store, "Mail.Example", 110};
    ServerFacts facts = memory.load(today);
    EXPECT_EQ(facts, ServerFacts{});
    facts.hangs_up_on_capa = true;
    facts.broken_pipelines = 2;
    facts.sizes.note(10, 20);
    EXPECT_TRUE(memory.save(facts, today).has_value());
    EXPECT_EQ((ServerMemory{store, "mail.example", 110}.load(today)), facts);
    EXPECT_EQ((ServerMemory{store, "mail.example", 995}.load(today)), ServerFacts{});
}

TEST(ServerMemory, ForgetsAfterSomeTimeAllButTheSizes)
{
    FakeStore store;
    ServerMemory memory{store, "mail.example", 110};
    ServerFacts facts = memory.load(today);
    facts.hangs_up_on_capa = true;
    facts.sizes.note(10, 20);
    EXPECT_TRUE(memory.save(facts, today).has_value());
    facts.broken_pipelines = 1; // later: the age is that of the first
    EXPECT_TRUE(memory.save(facts, today + days{20}).has_value());
    EXPECT_EQ((ServerMemory{store, "mail.example", 110}.load(today + days{29})), facts);
    const auto later = ServerMemory{store, "mail.example", 110}.load(today + days{31});
    EXPECT_FALSE(later.hangs_up_on_capa);
    EXPECT_EQ(later.sizes, facts.sizes);
}

TEST(ServerMemory, KnowsTheMechanismsThatAreAnnouncedInVainForAsLong)
{
    FakeStore store;
    ServerMemory memory{store, "mail.example", 110};
    ServerFacts facts = memory.load(today);
    facts.rejected = {pop3::Mechanism::scram_sha_256, pop3::Mechanism::plain};
    EXPECT_TRUE(memory.save(facts, today).has_value());
    EXPECT_EQ((ServerMemory{store, "mail.example", 110}.load(today)), facts);
    EXPECT_EQ(describe(facts).front(),
              "it announces SCRAM-SHA-256 and refuses it, so that it is not tried");
    EXPECT_EQ((ServerMemory{store, "mail.example", 110}.load(today + days{31})), ServerFacts{});
    EXPECT_TRUE((ServerMemory{store, "mail.example", 110}.start_anew(today).has_value()));
    EXPECT_TRUE((ServerMemory{store, "mail.example", 110}.load(today)).rejected.empty());
}

TEST(ServerMemory, WhatSomebodyAppliesIsTriedOutAnew)
{
    FakeStore store;
    ServerMemory memory{store, "mail.example", 110};
    ServerFacts facts = memory.load(today);
    facts.hangs_up_on_capa = true;
    facts.broken_pipelines = 2;
    facts.sizes.note(10, 20);
    EXPECT_TRUE(memory.save(facts, today).has_value());
    EXPECT_TRUE((ServerMemory{store, "mail.example", 110}.start_anew(today).has_value()));
    const auto left = ServerMemory{store, "mail.example", 110}.load(today);
    EXPECT_TRUE(left.allows_pipelining() && !left.hangs_up_on_capa);
    EXPECT_EQ(left.sizes, facts.sizes);
}

TEST(ServerMemory, PollsThatOverlapKeepWhatEachHasLearned)
{
    FakeStore store;
    ServerMemory one{store, "mail.example", 110};
    ServerMemory other{store, "mail.example", 110};
    ServerFacts ones = one.load(today);
    ServerFacts others = other.load(today);
    ones.broken_pipelines = 2;
    ones.rejected = {pop3::Mechanism::plain};
    ones.sizes.note(10, 20);
    EXPECT_TRUE(one.save(ones, today).has_value());
    others.hangs_up_on_capa = true;
    others.rejected = {pop3::Mechanism::scram_sha_256};
    others.sizes.note(10, 20);
    EXPECT_TRUE(other.save(others, today).has_value());
    const auto all = ServerMemory{store, "mail.example", 110}.load(today);
    EXPECT_TRUE(all.hangs_up_on_capa);
    EXPECT_EQ(all.broken_pipelines, 2U);
    EXPECT_EQ(all.rejected.size(), 2U);
    SizeRecord both;
    both.note(10, 20);
    both.note(10, 20);
    EXPECT_EQ(all.sizes, both);
}

TEST(ServerMemory, SizesThatAgreeAreSeldomWrittenDown)
{
    FakeStore store;
    unsigned writes = 0;
    ServerMemory memory{store, "mail.example", 110};
    ServerFacts facts = memory.load(today);
    for (int i = 0; i < 1'000; ++i) {
        facts.sizes.note(10, 10);
        store.values.clear();
        EXPECT_TRUE(memory.save(facts, today).has_value());
        writes += store.values.empty() ? 0 : 1;
    }
    EXPECT_LT(writes, 10U);
    EXPECT_GT(writes, 3U);
}

TEST(ServerMemory, ADamagedValueIsNone)
{
    FakeStore store;
    for (const auto* const value :
         {"", "x", "2026-11-24T06:00:00Z", "2026-11-24T06:00:00Z 1 9 0 0 0 0",
          "2026-11-24T06:00:00Z 1 1 0 0"}) {
        store.values["server-facts/mail.example:110"] = value;
        EXPECT_EQ((ServerMemory{store, "mail.example", 110}.load(today)), ServerFacts{}) << value;
    }
}

TEST(Attempts, AreCountedByUidAndSizeAndKept)
{
    FakeStore store;
    const pop3::ListedMessage one{1, 100, "u1", true};
    const pop3::ListedMessage other_size{1, 101, "u1", true};
    Attempts attempts{store, "short-messages", "box"};
    attempts.note(one);
    attempts.note(one);
    EXPECT_TRUE(attempts.save().has_value());
    Attempts later{store, "short-messages", "box"};
    EXPECT_EQ(later.count(one), 2U);
    EXPECT_EQ(later.count(other_size), 0U);
    EXPECT_EQ((Attempts{store, "short-messages", "other"}.count(one)), 0U);
}

TEST(Attempts, AreBounded)
{
    FakeStore store;
    Attempts attempts{store, "short-messages", "box"};
    for (std::uint32_t i = 0; i < 1'000; ++i) {
        attempts.note({1, i, "u", true});
    }
    for (int i = 0; i < 50; ++i) {
        attempts.note({1, 0, "u", true});
    }
    EXPECT_TRUE(attempts.save().has_value());
    EXPECT_LE(store.values.at("short-messages/box").size(), spool::StateStore::value_bytes_max);
    Attempts later{store, "short-messages", "box"};
    EXPECT_EQ(later.count({1, 0, "u", true}), 9U); // none pushes another out
    EXPECT_EQ(later.count({1, 999, "u", true}), 0U);
    EXPECT_EQ(later.room(), 0U);
    later.keep_only({mark_of({1, 0, "u", true})});
    EXPECT_EQ(later.room(), Attempts::remembered_max - 1);
}

} // namespace
} // namespace watchpost::collector
