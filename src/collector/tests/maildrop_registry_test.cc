#include "collector/maildrop_registry.h"

#include <map>

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

class StoreInMemory final : public spool::StateStore {
public:
    std::optional<std::string> get(std::string_view name) const override
    {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    }
    base::Result<void> put(std::string_view name, std::string_view value) override
    {
        if (is_full) {
            return base::fail(base::ErrorCode::disk_full, base::Retry::later, "full");
        }
        values[std::string{name}] = value;
        return {};
    }

    std::map<std::string, std::string, std::less<>> values;
    bool is_full = false;
};

TEST(MaildropRegistry, FirstMaildropIsGenerationOneAndStaysSo)
{
    StoreInMemory store;
    MaildropRegistry registry{store};
    EXPECT_EQ(registry.resolve("box", "alice").value(), (spool::MailboxKey{"box", 1}));
    EXPECT_EQ(registry.resolve("box", "alice").value(), (spool::MailboxKey{"box", 1}));
}

TEST(MaildropRegistry, ChangedUserNameRaisesTheGeneration)
{
    StoreInMemory store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("box", "alice"));
    EXPECT_EQ(registry.resolve("box", "bob").value().generation, 2U);
    EXPECT_EQ(registry.resolve("box", "alice").value().generation, 3U);
}

TEST(MaildropRegistry, OperatorCanSayThatItIsADifferentMaildrop)
{
    StoreInMemory store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("box", "alice"));
    EXPECT_EQ(registry.resolve("box", "alice", Maildrop::different).value().generation, 2U);
    EXPECT_EQ(registry.resolve("box", "alice").value().generation, 2U);
}

TEST(MaildropRegistry, MailboxesDoNotMeet)
{
    StoreInMemory store;
    MaildropRegistry registry{store};
    ASSERT_TRUE(registry.resolve("a", "alice"));
    ASSERT_TRUE(registry.resolve("a", "bob"));
    EXPECT_EQ(registry.resolve("b", "alice").value().generation, 1U);
}

TEST(MaildropRegistry, GenerationThatCannotBeStoredIsNotUsed)
{
    StoreInMemory store;
    store.is_full = true;
    MaildropRegistry registry{store};
    const auto key = registry.resolve("box", "alice");
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), base::ErrorCode::disk_full);
}

TEST(MaildropRegistry, UnreadableStateIsAnErrorAndNotANewMaildrop)
{
    for (const char* value : {"", "x", "0 alice", "4294967296 alice", "-1 alice"}) {
        StoreInMemory store;
        store.values["maildrop/box"] = value;
        MaildropRegistry registry{store};
        const auto key = registry.resolve("box", "alice");
        ASSERT_FALSE(key) << value;
        EXPECT_EQ(key.error().code(), base::ErrorCode::damaged);
    }
}

TEST(MaildropRegistry, NamesOverTheLimitAreRefused)
{
    StoreInMemory store;
    MaildropRegistry registry{store};
    EXPECT_FALSE(registry.resolve("", "alice"));
    EXPECT_FALSE(registry.resolve(std::string(256, 'm'), "alice"));
    EXPECT_FALSE(registry.resolve("box", std::string(1025, 'u')));
}

} // namespace
} // namespace watchpost::collector
