// One octet of a corpus file is another: whatever that breaks, the inspector lives, and every
// message gets its line. WATCHPOST_FLIPS=20000 makes so many trials; the seed is fixed, so that a
// failure comes again.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "sanitized.h"
#include "scan_fixture.h"

namespace watchpost::test {
namespace {

namespace fs = std::filesystem;

/// Gaps that tell of us and not of the message.
const std::set<std::string> failures{"inspector_crashed",       "inspector_timed_out",
                                     "inspector_out_of_memory", "inspector_unavailable",
                                     "message_unreadable",      "engine_failed"};

std::size_t trials()
{
    const char* const wanted = std::getenv("WATCHPOST_FLIPS");
    return wanted != nullptr ? std::stoul(wanted) : is_sanitized ? 200 : 2'000;
}

struct Source {
    fs::path path;
    bool is_message = true; // else it is attached to one
};

/// In the order of their names, so that the same seed meets the same files.
std::vector<Source> sources()
{
    std::vector<Source> found;
    for (const auto* const part : {"mail", "mime", "attach"}) {
        const auto folder = shared_dir() / "corpus" / part;
        if (!fs::is_directory(folder)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator{folder}) {
            if (entry.is_regular_file() && !entry.is_symlink() && entry.file_size() > 0) {
                found.push_back({entry.path(), std::string_view{part} != "attach"});
            }
        }
    }
    std::ranges::sort(found, {}, &Source::path);
    return found;
}

class Flips {
public:
    explicit Flips(std::vector<Source> sources) : sources_{std::move(sources)} {}

    /// Writes the next one; its words say how it was made.
    std::string write(const TempDir& folder, const std::string& name)
    {
        const auto& source = sources_[next(sources_.size())];
        auto content = read_file(source.path);
        const auto offset = next(content.size());
        const auto flipped = static_cast<unsigned char>(content[offset]) ^ (1 + next(255));
        content[offset] = static_cast<char>(flipped);
        folder.write(
            name, source.is_message
                      ? content
                      : make_message({attachment_part(source.path.filename().native(), content)}));
        return source.path.native() + ": octet " + std::to_string(offset) + " is " +
               std::to_string(flipped);
    }

private:
    std::size_t next(std::size_t count)
    {
        return std::uniform_int_distribution<std::size_t>{0, count - 1}(random_);
    }

    std::vector<Source> sources_;
    std::mt19937_64 random_{20'261'130}; // NOLINT(bugprone-random-generator-seed): comes again
};

TEST(ScanFlips, AnOctetThatIsAnotherEndsNoInspector)
{
    Flips flips{shared_dir().empty() ? std::vector<Source>{} : sources()};
    if (shared_dir().empty() || sources().empty()) {
        GTEST_SKIP() << "no corpus in the shared folder";
    }
    constexpr std::size_t at_once = 500;
    for (std::size_t done = 0; done < trials(); done += at_once) {
        const TempDir folder;
        std::map<std::string, std::string> made;
        for (auto number = done; number < std::min(done + at_once, trials()); ++number) {
            const auto name = std::to_string(number) + ".eml";
            made.emplace((folder / name).native(), flips.write(folder, name));
        }
        const auto result = scan_json({folder.path().native()});
        EXPECT_LT(result.exit_code, 3) << result.err.substr(0, 2000);
        const auto joined = static_cast<std::size_t>(std::ranges::count_if(
            result.lines, [](const auto& line) { return is_of_joined_pieces(line); }));
        EXPECT_EQ(result.lines.size() - joined, made.size());
        for (const auto& line : result.lines) {
            for (const auto& gap : line.at("not_inspected")) {
                EXPECT_FALSE(failures.contains(gap.at("reason")))
                    << made[line.at("file")] << ": " << gap;
            }
        }
    }
}

} // namespace
} // namespace watchpost::test
