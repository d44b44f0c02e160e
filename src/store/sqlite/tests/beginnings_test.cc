#include "store/sqlite/beginnings.h"

#include <gtest/gtest.h>

#include "store/sqlite/database.h"
#include "support/temp_dir.h"

namespace watchpost::store::sqlite {
namespace {

/// One text a row in a full-text index of its own.
class StoreBeginnings : public testing::Test {
protected:
    void SetUp() override
    {
        connection =
            std::move(Connection::open((folder / "words.db").string(), Access::read_write).value());
        ASSERT_TRUE(
            connection
                ->execute("CREATE VIRTUAL TABLE words USING fts5 (text, columnsize = 0, "
                          "tokenize = 'beginnings');"
                          "CREATE VIRTUAL TABLE terms USING fts5vocab ('words', 'instance')")
                .has_value());
    }
    void add(const std::string& text)
    {
        auto insert = connection->prepare("INSERT INTO words (text) VALUES (?)");
        ASSERT_TRUE(insert.bind(text).run().has_value());
    }
    std::vector<std::string> terms()
    {
        auto read = connection->prepare("SELECT term || '/' || offset FROM terms ORDER BY offset, "
                                        "term");
        return all_rows(read, [](const Statement& row) { return row.text(0); }).value();
    }
    /// How many texts a phrase finds.
    std::int64_t found(const std::string& phrase)
    {
        auto count = connection->prepare("SELECT COUNT(*) FROM words WHERE words MATCH ?");
        EXPECT_TRUE(count.bind('"' + phrase + '"').step().value_or(false));
        return count.number(0);
    }

    test::TempDir folder;
    std::unique_ptr<Connection> connection;
};

using Texts = std::vector<std::string>;

TEST_F(StoreBeginnings, EveryBeginningIsATermAndTheWholeWordIsOneMore)
{
    add(" Née 7");
    EXPECT_EQ(terms(), (Texts{"n/0", "ne/0", "nee/0", "nee$/0", "7/1", "7$/1"}));
}

TEST_F(StoreBeginnings, LongWordsAreCutIntoPiecesThatFollowEachOther)
{
    add(" abcdefghijk");
    EXPECT_EQ(terms(), (Texts{"a/0", "ab/0", "abc/0", "abcd/0", "abcde/0", "abcdef/0", "abcdefg/0",
                              "abcdefgh/0", "+i/1", "+ij/1", "+ijk/1", "+ijk$/1"}));
}

TEST_F(StoreBeginnings, PiecesAreCutBetweenLettersAndNotBetweenOctets)
{
    add(" 日本語の手紙を読む人");
    EXPECT_EQ(found(" 日本語の手紙を読"), 1);
    EXPECT_EQ(found(" 日本語の手紙を読む"), 1);
    EXPECT_EQ(found(" 日本語の手紙を読人"), 0);
}

TEST_F(StoreBeginnings, AWordIsFoundByEachOfItsBeginningsAndByNothingElse)
{
    const std::string word = "benachrichtigungsdienst"; // three pieces, the last of seven letters
    add(" " + word);
    for (std::size_t length = 1; length <= word.size(); ++length) {
        EXPECT_EQ(found(" " + word.substr(0, length)), 1) << length;
        EXPECT_EQ(found(" " + word.substr(0, length) + "q"), 0) << length;
    }
    for (std::size_t begin = 1; begin < word.size(); ++begin) {
        EXPECT_EQ(found(" " + word.substr(begin)), 0) << begin;
    }
}

TEST_F(StoreBeginnings, InAPhraseOnlyTheLastWordMayGoOn)
{
    add(" anna.brockmeier@mail.example.org");
    EXPECT_EQ(found(" anna.brockmeier@mail.example.org"), 1);
    EXPECT_EQ(found(" anna.brock"), 1);
    EXPECT_EQ(found(" ann.brock"), 0);
    EXPECT_EQ(found(" anna.brock@mail"), 0);
    EXPECT_EQ(found(" anna.brockmei@mail"), 0); // a whole piece is not yet a whole word
    EXPECT_EQ(found(" mail.exam"), 1);
    EXPECT_EQ(found(" anna.mail"), 0);
}

TEST_F(StoreBeginnings, TagsAreWholeAndNoWordIsOne)
{
    add("#s0 anone");
    EXPECT_EQ(terms(), (Texts{"#s0/0", "#anone/1"}));
    EXPECT_EQ(found("#s0"), 1);
    EXPECT_EQ(found("#s"), 0);
    EXPECT_EQ(found(" s0"), 0);
    EXPECT_EQ(found(" #s0"), 0);
    add(" #s1 $ + s0$");
    EXPECT_EQ(found("#s1"), 0);
    EXPECT_EQ(found("#s0"), 1);
    EXPECT_EQ(found(" s"), 1);
}

TEST_F(StoreBeginnings, AnEmptyTextHasNoTerms)
{
    add("");
    add(" ");
    add("#");
    add(" --- ");
    EXPECT_EQ(terms(), Texts{});
}

} // namespace
} // namespace watchpost::store::sqlite
