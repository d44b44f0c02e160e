#include "collector/mailbox_states.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using ::testing::ElementsAre;
using ::testing::Key;

TEST(MailboxStates, GoWithTheirMailboxButThoseThatKeepItFromBeingCollectedTwice)
{
    test::FakeStore store;
    store.values = {{"poll/gone/1", "1"},        {"poll/there/1", "1"},
                    {"poll/gone-too/49", "1"},   {"stuck-message/gone/abc", "1"},
                    {"stuck-messages/gone", ""}, {"maildrop/gone", "1 alice"},
                    {"first-poll/gone", "1"},    {"poll", "no mailbox's"},
                    {"server-facts/gone", "1"}};
    ASSERT_TRUE(forget_states_of_others(
        store, [](std::string_view mailbox) { return mailbox == "there" || mailbox.empty(); }));
    EXPECT_THAT(store.values, ElementsAre(Key("first-poll/gone"), Key("maildrop/gone"), Key("poll"),
                                          Key("poll/there/1"), Key("server-facts/gone")));
}

/// Also where it went while the service was not running.
TEST(MailboxStates, ThoseOfAMailboxThatIsNotNamedGo)
{
    test::ServiceBench bench{test::script_of(1)};
    bench.store.values["poll/of-before/1"] = "1 {}";
    bench.service.set_mailboxes({bench.assignment("box"), bench.assignment("other")});
    EXPECT_FALSE(bench.store.values.contains("poll/of-before/1"));
    bench.poll();
    EXPECT_TRUE(bench.store.values.contains("poll/box/1"));
    bench.service.set_mailboxes({bench.assignment("other")});
    EXPECT_FALSE(bench.store.values.contains("poll/box/1"));
    EXPECT_TRUE(bench.store.values.contains("poll/other/1"));
    EXPECT_TRUE(bench.store.values.contains("maildrop/box"));
}

} // namespace
} // namespace watchpost::collector
