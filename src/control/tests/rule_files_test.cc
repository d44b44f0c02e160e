#include "control/rule_files.h"

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::control {
namespace {

class RuleFilesTest : public testing::Test {
protected:
    store::YaraFileId add(const std::string& name, const std::string& source)
    {
        store::YaraFile file;
        file.id = store::YaraFileId::make();
        file.name = name;
        file.source = source;
        file.importance = verdict::Importance::medium;
        file.created_at = base::now();
        EXPECT_TRUE(store->add_yara_file(file, {}));
        return file.id;
    }

    test::TempDir temporary;
    std::filesystem::path folder = temporary.write("rules/stranger.yar", "x").parent_path();
    std::unique_ptr<store::Store> store =
        store::open_sqlite_store((temporary / "watchpost.sqlite").string()).value();
    std::unique_ptr<RuleFiles> rules = RuleFiles::open(folder).value();
};

TEST_F(RuleFilesTest, TheFolderFollowsTheStore)
{
    const auto id = add("one", "rule one { condition: true }");
    const auto files = rules->follow(*store);
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 1U);
    EXPECT_EQ(files->front().name, "one");
    EXPECT_EQ(files->front().importance, verdict::Importance::medium);
    EXPECT_EQ(test::read_file(files->front().path), "rule one { condition: true }");
    ASSERT_TRUE(store->remove_yara_file(id, {}));
    EXPECT_TRUE(rules->follow(*store)->empty());
    EXPECT_TRUE(std::filesystem::exists(files->front().path)); // an inspector may open it yet
    ASSERT_TRUE(rules->sweep());
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(RuleFilesTest, WhatACrashLeftIsSweptAndWhatIsListedStays)
{
    const auto id = add("one", "rule one { condition: true }");
    ASSERT_TRUE(rules->sweep()); // nothing is known yet, so nothing goes
    EXPECT_TRUE(std::filesystem::exists(folder / "stranger.yar"));
    ASSERT_TRUE(rules->follow(*store));
    ASSERT_TRUE(rules->sweep());
    EXPECT_FALSE(std::filesystem::exists(folder / "stranger.yar"));
    EXPECT_TRUE(std::filesystem::exists(folder / (id.to_string() + ".yar")));
}

} // namespace
} // namespace watchpost::control
