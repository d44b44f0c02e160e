// "First poll: only from now on", whole polls.
#include "collector/first_poll.h"

#include <gtest/gtest.h>

#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using std::chrono::minutes;
using test::form;
using test::message;
using test::script_of;
using test::ServiceBench;

Assignment new_only(const ServiceBench& bench)
{
    auto assignment = bench.assignment();
    auto settings = form();
    settings["first_poll"] = "new_only";
    settings["after_retrieval"] = "delete";
    assignment.settings_json = settings.dump();
    return assignment;
}

std::size_t fetched(const ServiceBench& bench)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(bench.intake.stored, [](const test::Stored& stored) {
            return spool::has_content(stored.receipt.completeness);
        }));
}

TEST(FirstPoll, WhatWasThereBeforeIsNeitherFetchedNorDeleted)
{
    ServiceBench bench{script_of(3)};
    bench.service.set_mailboxes({new_only(bench)});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::ok);
    EXPECT_EQ(bench.intake.stored.size(), 3U);
    EXPECT_EQ(fetched(bench), 0U);
    bench.script.messages.push_back(message("u4"));
    bench.pass(minutes{2});
    bench.poll();
    EXPECT_EQ(fetched(bench), 1U);
    EXPECT_EQ(bench.intake.stored.back().receipt.uid, "u4");
    EXPECT_FALSE(bench.script.has_seen("DELE 1"));
    EXPECT_FALSE(bench.script.has_seen("RETR 1"));
    EXPECT_TRUE(bench.script.has_seen("DELE 4"));
}

TEST(FirstPoll, AFirstPollThatFailedIsMadeAgain)
{
    ServiceBench bench{script_of(3)};
    bench.intake.fails_commit = [](std::size_t number) {
        return number == 0 ? std::optional{base::Error{base::ErrorCode::disk_full,
                                                       base::Retry::later, "no room"}}
                           : std::nullopt;
    };
    bench.service.set_mailboxes({new_only(bench)});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::paused);
    bench.pass(minutes{15});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::warning); // that it was late
    EXPECT_EQ(fetched(bench), 0U);
    EXPECT_EQ(bench.intake.stored.size(), 3U);
}

TEST(FirstPoll, ThatItGotThroughLateIsTold)
{
    ServiceBench bench{script_of(3)};
    bench.script.replies["STAT"] = "-ERR [SYS/TEMP] not now\r\n";
    bench.service.set_mailboxes({new_only(bench)});
    bench.poll();
    bench.script.replies.clear();
    bench.pass(minutes{30});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::warning);
    EXPECT_NE(bench.status().last_error.find("tried at 2026-11-24T06:00:00Z"), std::string::npos)
        << bench.status().last_error;
    bench.pass(minutes{30});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::ok);
}

TEST(FirstPoll, ChosenLaterItLeavesNothingOut)
{
    ServiceBench bench{script_of(1)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    auto assignment = new_only(bench);
    assignment.version = 2;
    bench.script.messages.push_back(message("u2"));
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(fetched(bench), 2U);
}

TEST(FirstPoll, AnotherMaildropHasAFirstPollOfItsOwn)
{
    ServiceBench bench{script_of(1)};
    auto assignment = new_only(bench);
    bench.service.set_mailboxes({assignment});
    bench.poll();
    assignment.version = 2;
    assignment.generation = 2;
    bench.script.messages.push_back(message("u2"));
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(fetched(bench), 0U);
}

TEST(FirstPoll, WithoutUidlItIsRefusedVisibly)
{
    ServiceBench bench{script_of(2)};
    bench.script.replies["UIDL"] = "-ERR unknown command\r\n";
    bench.service.set_mailboxes({new_only(bench)});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::error);
    EXPECT_NE(bench.status().last_error.find("choose \"All mail\""), std::string::npos);
    EXPECT_TRUE(bench.intake.stored.empty());
}

TEST(FirstPoll, WhatHasNoUsableUidIsCollected)
{
    ServiceBench bench{script_of(1)};
    bench.script.messages.push_back(message("same"));
    bench.script.messages.push_back(message("same"));
    bench.script.messages.back().content += "other\r\n";
    bench.service.set_mailboxes({new_only(bench)});
    bench.poll();
    EXPECT_EQ(fetched(bench), 2U);
    EXPECT_EQ(bench.status().state, MailboxState::warning);
}

} // namespace
} // namespace watchpost::collector
