#include "secrets/password.h"

#include <gtest/gtest.h>

namespace watchpost::secrets {
namespace {

constexpr PasswordCost cheap{1, std::size_t{8} << 10U};

TEST(Password, OnlyTheRightPasswordFits)
{
    const std::string hash = hash_password("correct horse", cheap);
    EXPECT_TRUE(hash.starts_with("$argon2id$"));
    EXPECT_TRUE(is_password("correct horse", hash));
    EXPECT_FALSE(is_password("correct hors", hash));
    EXPECT_FALSE(is_password("correct horse", "plain text"));
}

TEST(Password, EqualPasswordsHaveDifferentHashes)
{
    EXPECT_NE(hash_password("same", cheap), hash_password("same", cheap));
}

TEST(Password, AHashOfAnotherCostIsOutdated)
{
    const std::string hash = hash_password("password", cheap);
    EXPECT_FALSE(is_outdated(hash, cheap));
    EXPECT_TRUE(is_outdated(hash, PasswordCost{2, std::size_t{8} << 10U}));
}

TEST(Token, TokensAreLongAndDiffer)
{
    EXPECT_EQ(random_token(32).size(), 43U);
    EXPECT_NE(random_token(), random_token());
    EXPECT_EQ(random_password().size(), 24U);
}

TEST(Token, ComparisonTakesTheWholeText)
{
    EXPECT_TRUE(is_equal("abc", "abc"));
    EXPECT_FALSE(is_equal("abc", "abd"));
    EXPECT_FALSE(is_equal("abc", "ab"));
}

} // namespace
} // namespace watchpost::secrets
