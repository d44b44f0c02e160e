#include "pop3/line_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "pop3/limits.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;

std::vector<std::string> lines_of(LineReader& reader, std::string_view octets)
{
    std::vector<std::string> lines;
    auto input = base::as_bytes(octets);
    for (auto line = reader.next(input); line && *line; line = reader.next(input)) {
        lines.emplace_back(**line);
    }
    return lines;
}

TEST(Pop3LineReader, EverySplitOfTheStreamGivesTheSameLines)
{
    const std::string_view stream = "+OK\r\n\r\nlone\rcr\r\nunfinished";
    for (std::size_t split = 0; split <= stream.size(); ++split) {
        SCOPED_TRACE(split);
        LineReader reader;
        auto lines = lines_of(reader, stream.substr(0, split));
        const auto more = lines_of(reader, stream.substr(split));
        lines.insert(lines.end(), more.begin(), more.end());
        EXPECT_EQ(lines, (std::vector<std::string>{"+OK", "", "lone\rcr"}));
        EXPECT_EQ(reader.pending(), "unfinished");
    }
}

TEST(Pop3LineReader, ABareLineFeedIsAnErrorWhereverTheStreamIsSplit)
{
    for (std::size_t split = 0; split <= 4; ++split) {
        LineReader reader;
        auto first = base::as_bytes(std::string_view{"+OK\n"}.substr(0, split));
        auto second = base::as_bytes(std::string_view{"+OK\n"}.substr(split));
        auto result = reader.next(first);
        if (result) {
            result = reader.next(second);
        }
        ASSERT_FALSE(result) << split;
        EXPECT_EQ(result.error().code(), ErrorCode::protocol_violation);
    }
}

TEST(Pop3LineReaderLimit, ALineOfTheLimitPassesAndOneOctetMoreDoesNot)
{
    for (const std::size_t size : {line_bytes_max, line_bytes_max + 1}) {
        const std::string line = std::string(size - 2, 'x') + "\r\n";
        LineReader reader;
        auto input = base::as_bytes(line);
        const auto result = reader.next(input);
        EXPECT_EQ(result.has_value(), size == line_bytes_max);
        if (!result) {
            EXPECT_EQ(result.error().code(), ErrorCode::limit_exceeded);
        }
    }
}

TEST(Pop3LineReaderLimit, AnEndlessLineInSmallPiecesStopsAtTheLimit)
{
    LineReader reader;
    std::size_t fed = 0;
    bool failed = false;
    while (!failed && fed <= 2 * line_bytes_max) {
        auto input = base::as_bytes("xxxxxxxx");
        failed = !reader.next(input).has_value();
        fed += 8;
    }
    EXPECT_TRUE(failed);
    EXPECT_LE(reader.pending().size(), line_bytes_max);
}

} // namespace
} // namespace watchpost::pop3
