#include "collector/control_outbox.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace watchpost::collector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A spool on disk, and a control that remembers what it was told.
class ControlOutboxTest : public ::testing::Test {
protected:
    ControlOutboxTest() : spool{spool::Spool::open(folder.path()).value()} {}

    std::string collect()
    {
        std::vector<spool::Arrival> batch;
        batch.push_back({spool->begin(3).value(), {}});
        batch.back().receipt.key.mailbox = "box";
        EXPECT_TRUE(batch.back().content->append(base::as_bytes("abc")).has_value());
        return spool->commit(std::move(batch)).value().at(0).to_string();
    }

    ControlPeer peer()
    {
        return {.call = [this](std::string_view method,
                               const std::string& json) -> base::Result<std::string> {
                    EXPECT_EQ(method, unsettled_method);
                    pages.push_back(parse_ids(json).value());
                    return encode_recorded(recorded);
                },
                .notify = [this](std::string_view method,
                                 const std::string& json) -> base::Result<void> {
                    if (is_away) {
                        return base::fail(base::ErrorCode::connection_lost, base::Retry::later,
                                          "away");
                    }
                    told.push_back(std::string{method} + " " + json);
                    return {};
                }};
    }

    test::TempDir folder;
    std::unique_ptr<spool::Spool> spool;
    ControlOutbox outbox{*spool, folder.path()};
    std::vector<std::string> told;
    std::vector<std::vector<std::string>> pages;
    std::vector<std::string> recorded;
    bool is_away = false;
};

TEST_F(ControlOutboxTest, OnlyTheNewestStatusOfAMailboxIsTold)
{
    MailboxStatus status;
    status.messages_total = 1;
    outbox.put_status({"box", status});
    status.messages_total = 2;
    outbox.put_status({"box", status});
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, ElementsAre("mailbox_status " + encode_mailbox_status({"box", status})));
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, SizeIs(1));
}

TEST_F(ControlOutboxTest, AStatusThatDidNotChangeIsNotToldAgain)
{
    outbox.put_status({"box", {}});
    EXPECT_TRUE(outbox.send(peer()).has_value());
    outbox.put_status({"box", {}});
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, SizeIs(1));
}

TEST_F(ControlOutboxTest, APauseIsToldWithItsReasonAndItsEnd)
{
    outbox.set_pause("the spool takes 1 GiB of its limit");
    EXPECT_TRUE(outbox.status().is_paused);
    EXPECT_THAT(outbox.status().warnings, ElementsAre(::testing::HasSubstr("1 GiB of its limit")));
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, ElementsAre(::testing::StartsWith("collector_status ")));
    outbox.set_pause("");
    EXPECT_FALSE(outbox.status().is_paused);
    EXPECT_THAT(outbox.status().warnings, ::testing::IsEmpty());
}

TEST_F(ControlOutboxTest, WhatControlMissedIsToldWithTheNextLink)
{
    is_away = true;
    outbox.put_status({"box", {}});
    outbox.add_collected(3);
    EXPECT_FALSE(outbox.send(peer()).has_value());
    outbox.add_collected(2);
    is_away = false;
    outbox.on_connected();
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, ElementsAre("mailbox_status " + encode_mailbox_status({"box", {}}),
                                  "collected " + encode_collected(5),
                                  ::testing::StartsWith("collector_status ")));
}

TEST_F(ControlOutboxTest, ANewLinkSettlesWhatControlHasRecorded)
{
    const auto first = collect();
    const auto second = collect();
    recorded = {first};
    outbox.on_connected();
    EXPECT_TRUE(outbox.send(peer()).has_value());
    const auto [lower, upper] = std::minmax(first, second); // ids of one millisecond: in any order
    EXPECT_THAT(pages, ElementsAre(ElementsAre(lower, upper)));
    EXPECT_THAT(spool->unsettled(), ElementsAre(spool::SpoolId::parse(second).value()));
}

TEST_F(ControlOutboxTest, ItIsAskedInPages)
{
    for (std::size_t i = 0; i < ids_per_document_max + 1; ++i) {
        collect();
    }
    outbox.on_connected();
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(pages, ElementsAre(SizeIs(ids_per_document_max), SizeIs(1)));
}

TEST_F(ControlOutboxTest, WhatControlCouldNotAnswerIsAskedAgain)
{
    const auto id = collect();
    outbox.on_connected();
    auto refusing = peer();
    refusing.call = [](std::string_view, const std::string&) -> base::Result<std::string> {
        return base::fail(base::ErrorCode::busy, base::Retry::later, "the store is busy");
    };
    EXPECT_FALSE(outbox.send(refusing).has_value());
    recorded = {id};
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(spool->unsettled(), IsEmpty());
}

TEST_F(ControlOutboxTest, SettledIdsThatAreNonePassOver)
{
    const auto id = collect();
    EXPECT_TRUE(outbox.settle({"garbage", spool::SpoolId::make().to_string(), id}).has_value());
    EXPECT_THAT(spool->unsettled(), IsEmpty());
}

TEST_F(ControlOutboxTest, AFullDiskIsAWarningUntilThereIsRoom)
{
    EXPECT_THAT(outbox.status().warnings, IsEmpty());
    EXPECT_GT(outbox.status().spool_octets, 0U);
    outbox.set_disk_full(true);
    EXPECT_THAT(outbox.status().warnings, SizeIs(1));
    EXPECT_TRUE(outbox.send(peer()).has_value());
    EXPECT_THAT(told, SizeIs(1));
    outbox.set_disk_full(false);
    EXPECT_THAT(outbox.status().warnings, IsEmpty());
}

TEST_F(ControlOutboxTest, MessagesOfBeforeTheFirstPollAreSettledFromTheStart)
{
    std::vector<spool::Arrival> batch(1);
    batch.back().receipt.key.mailbox = "box";
    batch.back().receipt.completeness = spool::Completeness::before_first_poll;
    EXPECT_TRUE(spool->commit(std::move(batch)).has_value());
    EXPECT_THAT(spool->unsettled(), IsEmpty());
    spool.reset();
    const auto again = spool::Spool::open(folder.path()).value();
    EXPECT_THAT(again->unsettled(), IsEmpty());
}

} // namespace
} // namespace watchpost::collector
