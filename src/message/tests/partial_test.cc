#include "message/partial.h"

#include <gtest/gtest.h>

#include "message/tests/message_text.h"

namespace watchpost::message {
namespace {

/// The example of RFC 2046 §5.2.2.1, shortened.
const std::string first = test::lines(
    {"From: Bill@host.com", "To: joe@otherhost.com", "Subject: Audio mail (part 1 of 2)",
     "Message-ID: <id1@host.com>", "MIME-Version: 1.0",
     "Content-type: message/partial; id=\"ABC@host.com\";", "  number=1; total=2", "",
     "X-Weird-Header-1: Foo", "Subject: Audio mail", "Message-ID: <id2@host.com>",
     "MIME-Version: 1.0", "Content-type: text/plain", "", "first half"});
const std::string second = test::lines(
    {"From: Bill@host.com", "Subject: Audio mail (part 2 of 2)",
     "Content-type: message/partial; id=\"ABC@host.com\"; number=2; total=2", "", "second half"});

std::string join(std::initializer_list<std::string_view> pieces)
{
    std::vector<base::ByteView> views;
    for (const auto piece : pieces) {
        views.push_back(base::as_bytes(piece));
    }
    return std::string{base::as_text(join_pieces(views))};
}

TEST(Partial, PieceSaysWhichItIs)
{
    const auto piece = piece_of(Message::parse(base::as_bytes(first)));
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->id, "ABC@host.com");
    EXPECT_EQ(piece->number, 1U);
    EXPECT_EQ(piece->total, 2U);
    EXPECT_FALSE(piece_of(Message::parse(base::as_bytes("Subject: x\r\n\r\nbody"))));
    const auto odd = piece_of(
        Message::parse(base::as_bytes("Content-Type: message/partial; number=-1\r\n\r\n")));
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->number, 0U);
}

TEST(Partial, JoinedMessageHasTheFieldsThatTheStandardSays)
{
    const auto joined = join({first, second});
    const test::Parsed parsed{joined};
    EXPECT_EQ(parsed.root().field("From"), " Bill@host.com");
    EXPECT_EQ(parsed.root().field("Subject"), " Audio mail");
    EXPECT_EQ(parsed.root().field("Message-ID"), " <id2@host.com>");
    EXPECT_FALSE(parsed.root().field("X-Weird-Header-1"));
    EXPECT_EQ(parsed.content("1"), "first half\r\nsecond half\r\n");
}

TEST(Partial, EncodedPiecesAreDecoded)
{
    const std::string encoded =
        test::lines({"Content-Type: message/partial; id=a; number=2; total=2",
                     "Content-Transfer-Encoding: base64", "", "c2Vjb25k"});
    EXPECT_TRUE(join({first, encoded}).ends_with("first half\r\nsecond"));
}

TEST(Partial, JoiningStopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length <= first.size(); ++length) {
        const auto joined = join({std::string_view{first}.substr(0, length), second});
        EXPECT_LE(joined.size(), first.size() + second.size());
    }
}

} // namespace
} // namespace watchpost::message
