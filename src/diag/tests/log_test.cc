#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diag/log.h"
#include "diag/log_catalogue.h"
#include "support/temp_dir.h"

namespace watchpost::diag {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(LogCatalogue, IsSortedWithoutDoubles)
{
    const auto rows = log_catalogue();
    EXPECT_EQ(std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &LogMessage::id),
              rows.end());
}

TEST(LogCatalogue, EveryMessageHasAParagraphForTheOperator)
{
    for (const LogMessage& row : log_catalogue()) {
        EXPECT_GT(row.paragraph.size(), 10U) << row.id;
        EXPECT_EQ(find_log_message(row.id), &row);
    }
}

// To make the page anew: WATCHPOST_WRITE_PAGES=1 in the environment of this test.
TEST(LogCatalogue, ThePageIsMadeFromIt)
{
    const std::string path = WATCHPOST_SOURCE_DIR "/docs/log-messages.md";
    if (std::getenv("WATCHPOST_WRITE_PAGES") != nullptr) {
        std::ofstream{path} << log_messages_page();
    }
    EXPECT_EQ(test::read_file(path), log_messages_page());
}

TEST(Log, ALineNamesTimeSeverityProcessAndId)
{
    const Log log{"collector"};
    EXPECT_EQ(log.line(base::Instant{}, "mailbox.collected", {{"mailbox", "Copies"}}),
              "1970-01-01T00:00:00Z info collector mailbox.collected \"messages were collected\" "
              "mailbox=\"Copies\"\n");
}

TEST(Log, HostileTextForgesNeitherALineNorAValue)
{
    const Log log{"collector"};
    const auto line =
        log.line(base::Instant{}, "mailbox.poll_failed", {{"error", "a\n2026 \" next=\"never"}});
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_THAT(line, HasSubstr(R"(error="a\x0a2026 \" next=\"never")"));
}

TEST(Log, ABackslashBeforeAQuoteDoesNotOpenTheValue)
{
    const Log log{"collector"};
    EXPECT_THAT(log.line(base::Instant{}, "mailbox.poll_failed", {{"error", "\\\""}}),
                EndsWith("error=\"\\\\\\\"\"\n"));
}

TEST(Log, IsWrittenToItsDescriptor)
{
    const int file = ::memfd_create("log", MFD_CLOEXEC);
    Log{"collector", file}.write("collector.stopping");
    std::array<char, 200> octets{};
    const auto count = ::pread(file, octets.data(), octets.size(), 0);
    ::close(file);
    EXPECT_THAT(std::string(octets.data(), static_cast<std::size_t>(count)),
                EndsWith(" info collector collector.stopping \"the collector ends its "
                         "polls and stops\"\n"));
}

} // namespace
} // namespace watchpost::diag
