#include <gtest/gtest.h>

#include "inspect/message_file.h"

namespace watchpost::inspect {
namespace {

bool is_message(std::string_view text)
{
    return is_message_file(base::as_bytes(text), "");
}

TEST(MessageFile, AHeaderBlockWithTwoKnownFieldsIsAMessage)
{
    EXPECT_TRUE(is_message("From: a@example.org\r\nSubject: x\r\n\r\nbody"));
    EXPECT_TRUE(is_message("mime-version: 1.0\nCONTENT-TYPE: multipart/related\n\n--x"));
    EXPECT_TRUE(is_message("X-Folder: a\n b\n\tc\nDate: x\nTo: y\n\n"));
}

TEST(MessageFile, ALeadingFromLineIsSkipped)
{
    EXPECT_TRUE(is_message("From a@example.org Thu Jan  1 00:00:00 1970\nFrom: a\nTo: b\n\n"));
}

TEST(MessageFile, AHeaderWithoutAnEndCounts)
{
    EXPECT_TRUE(is_message("From: a\nTo: b"));
}

TEST(MessageFile, OneKnownFieldIsNotEnoughEvenIfRepeated)
{
    EXPECT_FALSE(is_message("From: a\nFrom: b\nX: c\n\n"));
}

TEST(MessageFile, FieldsBehindTheFirstOtherLineDoNotCount)
{
    EXPECT_FALSE(is_message("Hello,\nFrom: a\nTo: b\n\n"));
    EXPECT_FALSE(is_message("From: a\n\nTo: b\n\n"));
    EXPECT_FALSE(is_message(" From: a\nTo: b\nCc: c\n"));
}

TEST(MessageFile, OtherContentIsNone)
{
    EXPECT_FALSE(is_message(""));
    EXPECT_FALSE(is_message(std::string_view{"PK\3\4\0\0From: a\nTo: b\n", 20}));
    EXPECT_FALSE(is_message("{\"From\": 1,\n\"To\": 2}\n"));
}

} // namespace
} // namespace watchpost::inspect
