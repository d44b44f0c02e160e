#include "collector/batch_writer.h"

#include <gtest/gtest.h>

#include "collector/tests/support/fake_intake.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;

const pop3::ListedMessage* listed(const std::string& uid, unsigned number)
{
    static std::deque<pop3::ListedMessage> all;
    return &all.emplace_back(pop3::ListedMessage{number, uid.size(), uid, true});
}

std::vector<Fetched> batch_of(test::FakeIntake& intake, const std::string& uid, unsigned number)
{
    std::vector<Fetched> batch;
    spool::Receipt receipt;
    receipt.uid = uid;
    auto content = intake.begin(1).value();
    EXPECT_TRUE(content->append(base::as_bytes(uid)));
    batch.push_back({{std::move(content), receipt}, listed(uid, number)});
    return batch;
}

TEST(BatchWriter, CommitsInOrderAndTellsWhichMessageBecameWhich)
{
    test::FakeIntake intake;
    BatchWriter writer{intake, 1};
    for (unsigned i = 0; i < 50; ++i) {
        EXPECT_TRUE(writer.submit(batch_of(intake, "u" + std::to_string(i), i)));
    }
    ASSERT_TRUE(writer.finish());
    const auto committed = writer.take_committed();
    ASSERT_EQ(committed.size(), 50U);
    for (unsigned i = 0; i < 50; ++i) {
        EXPECT_EQ(committed[i].listed->number, i);
        EXPECT_EQ(committed[i].id, intake.stored[i].id);
        EXPECT_EQ(committed[i].listed->uid, intake.stored[i].receipt.uid);
    }
    EXPECT_TRUE(writer.take_committed().empty());
}

TEST(BatchWriter, AfterAFailureNothingMoreIsCommitted)
{
    test::FakeIntake intake;
    intake.fails_commit = [](std::size_t number) {
        return number == 1 ? std::optional{Error{ErrorCode::io_failed, Retry::later, "x"}}
                           : std::nullopt;
    };
    BatchWriter writer{intake, 1};
    for (unsigned i = 0; i < 5; ++i) {
        static_cast<void>(writer.submit(batch_of(intake, "u", i)));
    }
    EXPECT_FALSE(writer.finish());
    EXPECT_FALSE(writer.submit(batch_of(intake, "u", 6)));
    EXPECT_EQ(writer.take_committed().size(), 1U);
    EXPECT_EQ(intake.stored.size(), 1U);
}

TEST(BatchWriter, WhatWasSubmittedIsCommittedBeforeItGoes)
{
    test::FakeIntake intake;
    {
        BatchWriter writer{intake, 1};
        EXPECT_TRUE(writer.submit(batch_of(intake, "u", 1)));
    }
    EXPECT_EQ(intake.stored.size(), 1U);
}

TEST(BatchWriter, SeveralCommittersCommitEveryBatchOnce)
{
    test::FakeIntake intake;
    BatchWriter writer{intake, 4};
    for (unsigned i = 0; i < 200; ++i) {
        EXPECT_TRUE(writer.submit(batch_of(intake, "u" + std::to_string(i), i)));
    }
    ASSERT_TRUE(writer.finish());
    std::map<spool::SpoolId, std::string> uids;
    for (const auto& item : intake.stored) {
        uids[item.id] = item.receipt.uid;
    }
    EXPECT_EQ(uids.size(), 200U);
    for (const auto& message : writer.take_committed()) {
        EXPECT_EQ(uids.at(message.id), "u" + std::to_string(message.listed->number));
        uids.erase(message.id);
    }
    EXPECT_TRUE(uids.empty());
}

TEST(BatchWriter, FinishWaitsForEveryCommitterAlsoAfterAFailure)
{
    test::FakeIntake intake;
    intake.fails_commit = [](std::size_t number) {
        return number == 2 ? std::optional{Error{ErrorCode::io_failed, Retry::later, "x"}}
                           : std::nullopt;
    };
    BatchWriter writer{intake, 4};
    for (unsigned i = 0; i < 20; ++i) {
        static_cast<void>(writer.submit(batch_of(intake, "u", i)));
    }
    EXPECT_FALSE(writer.finish());
    EXPECT_EQ(writer.take_committed().size(), intake.stored.size());
}

TEST(BatchWriter, FinishWithNothingUnderWayReturnsAtOnce)
{
    test::FakeIntake intake;
    BatchWriter writer{intake, 1};
    EXPECT_TRUE(writer.finish());
    EXPECT_TRUE(writer.take_committed().empty());
}

} // namespace
} // namespace watchpost::collector
