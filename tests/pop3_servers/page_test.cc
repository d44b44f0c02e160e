// docs/pop3-servers.md names every quirk and every test of it, and no other.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "support/temp_dir.h"

namespace watchpost::test {
namespace {

constexpr unsigned quirks = 32;

/// The words of "Q07_SizesThatAreNone": its number and the rest.
using Tests = std::map<unsigned, std::set<std::string>>;

Tests registered()
{
    Tests tests;
    const auto& all = *::testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const auto& suite = *all.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            const std::string name = suite.GetTestInfo(j)->name();
            if (std::string{suite.name()} == "Pop3Quirk" && name.size() > 4) {
                tests[static_cast<unsigned>(std::stoul(name.substr(1, 2)))].insert(name.substr(4));
            }
        }
    }
    return tests;
}

/// Rows "| 7 | quirk | seen at | what is done | `Test`, `Test` |".
Tests stated()
{
    Tests tests;
    std::istringstream page{
        read_file(std::filesystem::path{WATCHPOST_SOURCE_DIR} / "docs/pop3-servers.md")};
    const std::regex row{R"(\| (\d+) \| .* \| ([^|]*) \|)"};
    const std::regex name{"`([A-Za-z_]+)`"};
    for (std::string line; std::getline(page, line);) {
        std::smatch parts;
        if (!std::regex_match(line, parts, row)) {
            continue;
        }
        auto& names = tests[static_cast<unsigned>(std::stoul(parts[1]))];
        const std::string list = parts[2];
        for (std::sregex_iterator each{list.begin(), list.end(), name}, end; each != end; ++each) {
            names.insert((*each)[1]);
        }
    }
    return tests;
}

TEST(Pop3ServersPage, NamesEveryQuirkWithItsTestsAndNoOther)
{
    const auto there = registered();
    const auto page = stated();
    EXPECT_EQ(there.size(), quirks);
    EXPECT_EQ(page.size(), quirks);
    for (unsigned number = 1; number <= quirks; ++number) {
        ASSERT_TRUE(there.contains(number)) << number;
        ASSERT_TRUE(page.contains(number)) << number;
        EXPECT_EQ(there.at(number), page.at(number)) << number;
    }
}

} // namespace
} // namespace watchpost::test
