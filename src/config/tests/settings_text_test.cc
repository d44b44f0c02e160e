#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "config/setting_table.h"
#include "config/settings_file.h"
#include "config/settings_text.h"
#include "support/temp_dir.h"

namespace watchpost::config {
namespace {

TEST(SettingsText, ReadingTheExampleChangesNoDefault)
{
    auto read = parse_settings(example_file(), "/x/w.toml");
    ASSERT_TRUE(read) << read.error().describe();
    Settings defaults;
    const auto expected = setting_table(defaults);
    const auto actual = setting_table(*read);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        SCOPED_TRACE(expected[i].key());
        std::visit(
            [&](auto* slot) { EXPECT_EQ(*slot, *std::get<decltype(slot)>(expected[i].slot)); },
            actual[i].slot);
    }
}

TEST(SettingsText, TheManualsPageIsTheOneThatTheDeclarationGives)
{
    const std::filesystem::path page{WATCHPOST_SOURCE_DIR "/docs/settings.md"};
    EXPECT_EQ(test::read_file(page), settings_page())
        << "run: watchpost settings --page > docs/settings.md";
}

TEST(SettingTable, EveryKeyIsDeclaredOnceInADeclaredSection)
{
    Settings settings;
    std::set<std::string> keys;
    for (const Setting& setting : setting_table(settings)) {
        EXPECT_TRUE(keys.insert(setting.key()).second) << setting.key();
        const auto& sections = section_table();
        EXPECT_TRUE(std::any_of(sections.begin(), sections.end(), [&](const Section& section) {
            return section.name == setting.section;
        })) << setting.key();
    }
}

TEST(SettingTable, EveryDefaultLiesInItsRange)
{
    Settings settings;
    for (const Setting& setting : setting_table(settings)) {
        if (const auto* slot = std::get_if<std::uint64_t*>(&setting.slot)) {
            EXPECT_GE(**slot, setting.least) << setting.key();
            EXPECT_LE(**slot, setting.most) << setting.key();
        }
    }
}

} // namespace
} // namespace watchpost::config
