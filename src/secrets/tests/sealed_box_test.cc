#include "secrets/sealed_box.h"

#include <gtest/gtest.h>

namespace watchpost::secrets {
namespace {

TEST(SealedBox, TheHolderOfThePrivateKeyReadsWhatWasSealed)
{
    const KeyPair pair = KeyPair::make();
    const std::string sealed = seal(pair.public_key(), "pässword");
    EXPECT_EQ(sealed.find("ssword"), std::string::npos);
    EXPECT_EQ(pair.open(sealed).value().reveal(), "pässword");
}

TEST(SealedBox, AnotherKeyOrATamperedBoxIsRefused)
{
    const KeyPair pair = KeyPair::make();
    std::string sealed = seal(pair.public_key(), "password");
    EXPECT_EQ(KeyPair::make().open(sealed).error().code(), base::ErrorCode::damaged);
    sealed[10] = sealed[10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(pair.open(sealed).error().code(), base::ErrorCode::damaged);
    EXPECT_FALSE(pair.open("").has_value());
    EXPECT_FALSE(pair.open("not base64!").has_value());
}

TEST(SealedBox, AKeyFileIsReadBackAsItWasWritten)
{
    const KeyPair pair = KeyPair::make();
    const auto again = KeyPair::parse_key_file(pair.to_key_file().reveal());
    EXPECT_EQ(again.value().public_key(), pair.public_key());
}

TEST(SealedBox, ADamagedKeyFileIsNamedAsSuch)
{
    EXPECT_FALSE(KeyPair::parse_key_file("").has_value());
    EXPECT_FALSE(KeyPair::parse_key_file("-----BEGIN PRIVATE KEY-----").has_value());
    EXPECT_FALSE(KeyPair::parse_key_file("watchpost-key-1 AAAA").has_value());
}

TEST(SealedBox, PublicKeysAreReadBackAsTheyWereWritten)
{
    const KeyPair pair = KeyPair::make();
    EXPECT_EQ(parse_public_key(to_text(pair.public_key())).value(), pair.public_key());
    EXPECT_FALSE(parse_public_key("00").has_value());
}

TEST(Secret, AMovedFromSecretIsEmpty)
{
    Secret first{"password"};
    const Secret second{std::move(first)};
    EXPECT_EQ(second.reveal(), "password");
    EXPECT_EQ(first.reveal(), ""); // NOLINT(bugprone-use-after-move): that is the promise
}

} // namespace
} // namespace watchpost::secrets
