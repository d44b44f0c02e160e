#include "collector/maildrop_registry.h"

#include <gtest/gtest.h>

#include "collector/tests/support/fake_intake.h"

namespace watchpost::collector {
namespace {

TEST(MaildropRegistry, FirstMaildropIsGenerationOneAndStaysSo)
{
    test::FakeStore store;
    MaildropRegistry registry{store};
    EXPECT_EQ(registry.resolve("box", "alice").value(), (spool::MailboxKey{"box", 1}));
    EXPECT_EQ(registry.resolve("box", "alice").value(), (spool::MailboxKey{"box", 1}));
}

TEST(MaildropRegistry, ChangedUserNameRaisesTheGeneration)
{
    test::FakeStore store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("box", "alice"));
    EXPECT_EQ(registry.resolve("box", "bob").value().generation, 2U);
    EXPECT_EQ(registry.resolve("box", "alice").value().generation, 3U);
}

TEST(MaildropRegistry, OperatorCanSayThatItIsADifferentMaildrop)
{
    test::FakeStore store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("box", "alice"));
    EXPECT_EQ(registry.resolve("box", "alice", Maildrop::different).value().generation, 2U);
    EXPECT_EQ(registry.resolve("box", "alice").value().generation, 2U);
}

TEST(MaildropRegistry, MailboxesDoNotMeet)
{
    test::FakeStore store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("a", "alice"));
    ASSERT_TRUE(registry.resolve("a", "bob"));
    EXPECT_EQ(registry.resolve("b", "alice").value().generation, 1U);
}

TEST(MaildropRegistry, GenerationThatCannotBeStoredIsNotUsed)
{
    test::FakeStore store;
    store.is_full = true;
    MaildropRegistry registry{store};
    const auto key = registry.resolve("box", "alice");
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), base::ErrorCode::disk_full);
}

TEST(MaildropRegistry, UnreadableStateIsAnErrorAndNotANewMaildrop)
{
    for (const char* value : {"", "x", "0 alice", "4294967296 alice", "-1 alice"}) {
        test::FakeStore store;
        store.values["maildrop/box"] = value;
        MaildropRegistry registry{store};
        const auto key = registry.resolve("box", "alice");
        ASSERT_FALSE(key) << value;
        EXPECT_EQ(key.error().code(), base::ErrorCode::damaged);
    }
}

TEST(MaildropRegistry, NamesOverTheLimitAreRefused)
{
    test::FakeStore store;
    MaildropRegistry registry{store};
    EXPECT_FALSE(registry.resolve("", "alice"));
    EXPECT_FALSE(registry.resolve(std::string(256, 'm'), "alice"));
    EXPECT_FALSE(registry.resolve("box", std::string(1025, 'u')));
}

} // namespace
} // namespace watchpost::collector
