#include "store/sqlite/words.h"

#include <gtest/gtest.h>

namespace watchpost::store::sqlite {
namespace {

TEST(StoreWords, WordsAreSplitAndJoined)
{
    EXPECT_EQ(split_words("  a \t bc\n"), (std::vector<std::string>{"a", "bc"}));
    EXPECT_EQ(join_words({"a", "bc"}), "a bc");
    EXPECT_TRUE(split_words(" ").empty());
}

TEST(StoreWords, AQueryWithoutFiltersNeedsNoIndex)
{
    EXPECT_EQ(match_expression({}), "");
    AlertQuery query;
    query.any_words = " *** ";
    EXPECT_EQ(match_expression(query), "");
}

TEST(StoreWords, EveryFilterIsATermAndWordsAreQuoted)
{
    AlertQuery query;
    query.states = {AlertState::fresh, AlertState::in_process};
    query.is_partial = true;
    query.is_unassigned = true;
    query.subject_words = "say \"hi\"";
    EXPECT_EQ(match_expression(query), R"(("#s0" OR "#s1") AND ("#p1") AND ("#anone") AND )"
                                       R"(subject : " say" subject : " ""hi""")");
}

} // namespace
} // namespace watchpost::store::sqlite
