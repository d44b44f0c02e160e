#include "collector/content_matcher.h"

#include <gtest/gtest.h>

#include "collector/folder_data.h"
#include "collector/tests/support/fake_intake.h"

namespace watchpost::collector {
namespace {

using Kind = ContentMatch::Kind;

const spool::MailboxKey box{"box", 1};

crypto::Sha256 sha(std::string_view text)
{
    return crypto::sha256(base::as_bytes(text));
}

class ContentMatcherTest : public ::testing::Test {
protected:
    void know(const std::string& uid, std::string_view content,
              spool::Completeness completeness = spool::Completeness::whole,
              spool::SourceState state = spool::SourceState::kept)
    {
        spool::Receipt receipt;
        receipt.key = box;
        receipt.uid = uid;
        receipt.sha256 = sha(content);
        receipt.octets = content.size();
        receipt.announced_octets = content.size();
        receipt.completeness = completeness;
        ledger.add(spool::SpoolId::make(), receipt, state);
    }

    static pop3::ListedMessage listed(const std::string& uid, std::uint64_t octets = 4)
    {
        return {1, octets, uid, true};
    }

    Kind match(const pop3::ListedMessage& message, std::string_view content,
               spool::Completeness completeness = spool::Completeness::whole)
    {
        return matcher->match(message, sha(content), content.size(), completeness).kind;
    }

    void list(const std::vector<pop3::ListedMessage>& all) { matcher.emplace(ledger, box, all); }

    Ledger ledger;
    std::optional<ContentMatcher> matcher;
};

TEST_F(ContentMatcherTest, ContentThatIsNotKnownIsNew)
{
    know("a", "text");
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "else"), Kind::is_new);
    EXPECT_EQ(matcher->match(listed("b"), sha("text"), 5, spool::Completeness::whole).kind,
              Kind::is_new);
}

TEST_F(ContentMatcherTest, AUidThatIsGoneHasBecomeAnother)
{
    know("a", "text");
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "text"), Kind::another_uid);
    EXPECT_EQ(match(listed("c"), "text"), Kind::is_new); // one known message, one new name
}

TEST_F(ContentMatcherTest, AUidThatIsStillListedMakesItASecondCopy)
{
    know("a", "text");
    list({listed("a"), listed("b")});
    EXPECT_EQ(match(listed("b"), "text"), Kind::is_new);
}

TEST_F(ContentMatcherTest, TheSameUidIsTheSameMessage)
{
    know("a", "text");
    list({listed("a")});
    EXPECT_EQ(match(listed("a"), "text"), Kind::fetched_before);
    EXPECT_EQ(match(listed("a", 9), "text"), Kind::another_uid); // listed with another size
}

TEST_F(ContentMatcherTest, WithoutAUsableUidContentAloneTells)
{
    know("a", "text");
    list({listed("")});
    EXPECT_EQ(match(listed(""), "text"), Kind::fetched_before);
    EXPECT_EQ(match(listed(""), "text"), Kind::is_new); // a second copy of what was stored once
    list({{1, 4, "x", false}});
    EXPECT_EQ(match({1, 4, "x", false}, "text"), Kind::fetched_before);
}

TEST_F(ContentMatcherTest, AMessageThatHadNoUidGetsOne)
{
    know("", "text");
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "text"), Kind::another_uid);
}

TEST_F(ContentMatcherTest, AStumpIsNoReasonToPassOverWhatMayBeWhole)
{
    know("a", "text", spool::Completeness::short_of_announced);
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "text"), Kind::is_new);
}

/// Sizes that grew, and with them the names.
TEST_F(ContentMatcherTest, WhatIsShorterThanAnnouncedNowIsKnownByItsContent)
{
    know("a", "text");
    list({listed("b")});
    const auto is_short = spool::Completeness::short_of_announced;
    EXPECT_EQ(match(listed("a", 9), "text", is_short), Kind::another_uid);
    EXPECT_EQ(match(listed("b", 9), "text", is_short), Kind::another_uid);
    EXPECT_EQ(match(listed("b", 9), "text", is_short), Kind::is_new) << "one was stored";
}

TEST_F(ContentMatcherTest, AStumpThatMovesIsKnownAndACopyBesideItIsNot)
{
    const auto is_short = spool::Completeness::short_of_announced;
    know("a", "text", is_short);
    list({listed("a"), listed("b")});
    EXPECT_EQ(match(listed("b"), "text", is_short), Kind::is_new);
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "text", is_short), Kind::another_uid);
}

TEST_F(ContentMatcherTest, AStumpThatComesAgainIsKnownWithAnotherSizeToo)
{
    know("a", "text", spool::Completeness::short_of_announced);
    list({listed("a")});
    EXPECT_EQ(match(listed("a"), "text", spool::Completeness::short_of_announced),
              Kind::fetched_before);
    EXPECT_EQ(match(listed("a", 9), "text"), Kind::another_uid);
    EXPECT_TRUE(matcher->was_short(listed("a", 9), sha("else"), 4));
    EXPECT_TRUE(matcher->was_short(listed("b"), sha("text"), 4));
    EXPECT_FALSE(matcher->was_short(listed("b"), sha("else"), 4));
}

TEST_F(ContentMatcherTest, WhatWasDeletedAtTheSourceHasNoOtherName)
{
    know("a", "text", spool::Completeness::whole, spool::SourceState::expunged);
    list({listed("b")});
    EXPECT_EQ(match(listed("b"), "text"), Kind::is_new);
}

TEST_F(ContentMatcherTest, WithoutAUidWhatWasDeletedIsKnownOnceForEachTimeThatItWas)
{
    know("", "text", spool::Completeness::whole, spool::SourceState::expunged);
    know("", "text", spool::Completeness::whole, spool::SourceState::expunged);
    list({listed(""), listed(""), listed("")});
    EXPECT_EQ(match(listed(""), "text"), Kind::fetched_before);
    EXPECT_EQ(match(listed(""), "text"), Kind::fetched_before);
    EXPECT_EQ(match(listed(""), "text"), Kind::is_new);
}

TEST_F(ContentMatcherTest, ANewNameThatIsListedUsesItsCopyUp)
{
    know("a", "text");
    know("b", "text", spool::Completeness::another_uid);
    list({listed("b"), listed("c")});
    EXPECT_EQ(match(listed("c"), "text"), Kind::is_new);
    list({listed("c"), listed("d")});
    EXPECT_EQ(match(listed("c"), "text"), Kind::another_uid);
    EXPECT_EQ(match(listed("d"), "text"), Kind::is_new);
}

TEST(FolderData, IsToldByItsHeadersAlone)
{
    const std::string subject = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\n";
    const auto is_it = [](const std::string& text) {
        FolderDataDetector detector;
        for (const char c : text) { // in the smallest pieces
            detector.take(base::as_bytes(std::string_view{&c, 1}));
        }
        return detector.is_folder_data();
    };
    EXPECT_TRUE(is_it(subject + "X-IMAP: 1\r\n\r\n"));
    EXPECT_TRUE(is_it("From: x\r\nX-IMAPbase: 1 2\r\n" + subject + "\r\nbody"));
    EXPECT_FALSE(is_it(subject + "\r\nX-IMAP: 1\r\n"));
    EXPECT_FALSE(is_it("X-IMAP: 1\r\n\r\n" + subject));
    EXPECT_FALSE(is_it("X-" + subject + "X-IMAP: 1\r\n\r\n"));
    EXPECT_FALSE(is_it(std::string(5'000, 'x') + "\r\n" + subject + "X-IMAP: 1\r\n\r\n"));
}

} // namespace
} // namespace watchpost::collector
