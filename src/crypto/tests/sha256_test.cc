#include "crypto/sha256.h"

#include <gtest/gtest.h>

namespace watchpost::crypto {
namespace {

// FIPS 180-4 examples.
constexpr std::string_view abc_digest =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view empty_digest =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, KnownAnswers)
{
    EXPECT_EQ(to_hex(sha256(base::as_bytes("abc"))), abc_digest);
    EXPECT_EQ(to_hex(sha256({})), empty_digest);
}

TEST(Sha256, PiecesGiveTheDigestOfTheWholeAndTheHasherIsAsNewAfterwards)
{
    Sha256Hasher hasher;
    hasher.update(base::as_bytes("a"));
    hasher.update(base::as_bytes("bc"));
    EXPECT_EQ(to_hex(hasher.finish()), abc_digest);
    EXPECT_EQ(to_hex(hasher.finish()), empty_digest);
}

} // namespace
} // namespace watchpost::crypto
