#include "pop3/listing.h"

#include <gtest/gtest.h>

#include "pop3/limits.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;

TEST(Pop3Stat, CountAndOctetsAreRead)
{
    const auto status = parse_stat("3 1024 more words");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->count, 3U);
    EXPECT_EQ(status->octets, 1024U);
}

TEST(Pop3Stat, AGarbageSizeIsZeroAndAGarbageCountIsNone)
{
    EXPECT_EQ(parse_stat("3 -17")->octets, 0U);
    EXPECT_EQ(parse_stat("3")->count, 3U);
    for (const auto* text : {"", "many", "-1 5", "4294967296 5", "0x3 5"}) {
        EXPECT_FALSE(parse_stat(text)) << text;
    }
}

TEST(Pop3Listing, SizesAndUidsAreJoinedByNumber)
{
    Listing listing{2};
    EXPECT_TRUE(listing.add_size("2 20"));
    EXPECT_TRUE(listing.add_size("1   10 extra"));
    EXPECT_TRUE(listing.add_uid("1 one"));
    EXPECT_TRUE(listing.add_uid("2\tt w/o \xff"));
    const auto messages = listing.take_messages();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].number, 1U);
    EXPECT_EQ(messages[0].octets, 10U);
    EXPECT_EQ(messages[0].uid, "one");
    EXPECT_EQ(messages[1].uid, "t w/o \xff");
}

TEST(Pop3Listing, NumbersOutsideTheCountAreIgnoredAndCounted)
{
    Listing listing{1};
    for (const auto* line : {"0 5", "2 5", "18446744073709551615 5"}) {
        EXPECT_TRUE(listing.add_size(line)) << line;
    }
    EXPECT_TRUE(listing.add_uid("2 x"));
    EXPECT_EQ(listing.ignored_lines(), 4U);
    EXPECT_TRUE(listing.take_messages().empty());
}

TEST(Pop3Listing, TheFirstOfTwoLinesForOneNumberCounts)
{
    Listing listing{1};
    EXPECT_TRUE(listing.add_size("1 5"));
    EXPECT_TRUE(listing.add_size("1 6"));
    EXPECT_TRUE(listing.add_uid("1 a"));
    EXPECT_TRUE(listing.add_uid("1 b"));
    EXPECT_EQ(listing.ignored_lines(), 2U);
    const auto messages = listing.take_messages();
    EXPECT_EQ(messages.at(0).octets, 5U);
    EXPECT_EQ(messages.at(0).uid, "a");
}

TEST(Pop3Listing, AMessageThatOnlyOneCommandNamesIsKeptAsFarAsItCanBeFetched)
{
    Listing listing{2};
    EXPECT_TRUE(listing.add_size("1 5"));
    EXPECT_TRUE(listing.add_uid("2 only-uid"));
    EXPECT_EQ(listing.without_uid_line(), 1U);
    const auto messages = listing.take_messages();
    EXPECT_EQ(listing.ignored_lines(), 1U);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].uid, "");
}

TEST(Pop3Listing, AGarbageSizeIsUnknown)
{
    Listing listing{3};
    EXPECT_TRUE(listing.add_size("1 -5"));
    EXPECT_TRUE(listing.add_size("2"));
    EXPECT_TRUE(listing.add_size("3 99999999999999999999999"));
    for (const auto& message : listing.take_messages()) {
        EXPECT_EQ(message.octets, 0U) << message.number;
    }
}

TEST(Pop3Listing, ALineWithoutANumberIsIgnoredCountedAndQuoted)
{
    Listing listing{1};
    EXPECT_TRUE(listing.add_size("From: \x1bx"));
    EXPECT_TRUE(listing.add_size(""));
    EXPECT_TRUE(listing.add_size("1 5"));
    EXPECT_EQ(listing.ignored_lines(), 2U);
    EXPECT_EQ(listing.garbage(), "\"From: \\x1bx\"");
    EXPECT_EQ(listing.take_messages().size(), 1U);
}

TEST(Pop3Listing, UidsThatOccurTwiceAreMarked)
{
    Listing listing{4};
    for (const auto* line : {"1 5", "2 5", "3 5", "4 5"}) {
        EXPECT_TRUE(listing.add_size(line));
    }
    for (const auto* line : {"1 same", "2 other", "3 same", "4 "}) {
        EXPECT_TRUE(listing.add_uid(line));
    }
    const auto messages = listing.take_messages();
    EXPECT_FALSE(messages[0].uid_is_unique);
    EXPECT_TRUE(messages[1].uid_is_unique);
    EXPECT_FALSE(messages[2].uid_is_unique);
}

TEST(Pop3ListingLimit, AUidBeyondItsLimitCountsAsNone)
{
    Listing listing{2};
    EXPECT_TRUE(listing.add_size("1 5"));
    EXPECT_TRUE(listing.add_size("2 5"));
    EXPECT_TRUE(listing.add_uid("1 " + std::string(uid_bytes_max, 'u')));
    EXPECT_TRUE(listing.add_uid("2 " + std::string(uid_bytes_max + 1, 'u')));
    const auto messages = listing.take_messages();
    EXPECT_EQ(messages[0].uid.size(), uid_bytes_max);
    EXPECT_EQ(messages[1].uid, "");
}

TEST(Pop3ListingLimit, TheOctetsOfTheWholeListAreLimited)
{
    Listing listing{1};
    const std::string line = "1 " + std::string(line_bytes_max - 4, 'u');
    base::Result<void> result;
    std::size_t octets = 0;
    while (result && octets <= 2 * listing_bytes_max) {
        result = listing.add_uid(line);
        octets += line.size();
    }
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::limit_exceeded);
    EXPECT_GT(octets, listing_bytes_max);
}

} // namespace
} // namespace watchpost::pop3
