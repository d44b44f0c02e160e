// Real mail and the torture tests of other readers: everything is inspected, nothing fails.
#include <algorithm>
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

/// Gaps that tell of us and not of the message.
const std::set<std::string> failures{
    "inspector_crashed",     "inspector_timed_out", "inspector_out_of_memory",
    "inspector_unavailable", "message_unreadable",  "timed_out",
    "engine_failed",         "engine_timed_out",    "limit_report_message"};

class ScanCorpus : public ::testing::TestWithParam<const char*> {};

TEST_P(ScanCorpus, EveryMessageIsInspectedWithoutAFailure)
{
    const auto folder = shared_dir() / "corpus" / GetParam();
    if (shared_dir().empty() || !std::filesystem::is_directory(folder)) {
        GTEST_SKIP() << "no " << GetParam() << " in the shared corpus";
    }
    const auto files = static_cast<std::size_t>(std::ranges::count_if(
        std::filesystem::recursive_directory_iterator{folder},
        [](const auto& entry) { return entry.is_regular_file() && !entry.is_symlink(); }));
    const auto result = scan_json({folder.native()});
    EXPECT_LT(result.exit_code, 3) << result.err.substr(0, 2000);
    const auto joined = std::ranges::count_if(result.lines, [](const Json& line) {
        return line.at("file").get<std::string>().starts_with("joined: "); // of several files
    });
    EXPECT_EQ(result.lines.size(), files + static_cast<std::size_t>(joined));
    for (const auto& line : result.lines) {
        for (const auto& gap : line.at("not_inspected")) {
            EXPECT_FALSE(failures.contains(gap.at("reason"))) << line.at("file") << ' ' << gap;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Corpus, ScanCorpus, ::testing::Values("mail", "mime", "attach"),
                         [](const auto& test) { return std::string{test.param}; });

} // namespace
} // namespace watchpost::test
