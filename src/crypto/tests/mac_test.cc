#include "crypto/mac.h"

#include <gtest/gtest.h>

namespace watchpost::crypto {
namespace {

using base::as_bytes;

std::string hex(const Mac& mac)
{
    return base::to_hex(mac.bytes());
}

TEST(Mac, DigestsHaveTheirKnownAnswers) // RFC 1321 A.5, FIPS 180-4
{
    EXPECT_EQ(hex(digest(Algorithm::md5, as_bytes("abc"))), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex(digest(Algorithm::sha1, as_bytes("abc"))),
              "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex(digest(Algorithm::sha256, as_bytes("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Mac, KeyedDigestsHaveTheirKnownAnswers) // RFC 2202 §2, §3; RFC 4231 §4.3
{
    const auto text = as_bytes("what do ya want for nothing?");
    EXPECT_EQ(hex(hmac(Algorithm::md5, as_bytes("Jefe"), text)),
              "750c783e6ab0b503eaa86e310a5db738");
    EXPECT_EQ(hex(hmac(Algorithm::sha1, as_bytes("Jefe"), text)),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac(Algorithm::sha256, as_bytes("Jefe"), text)),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Mac, AnEmptyKeyIsAKeyToo)
{
    EXPECT_EQ(hex(hmac(Algorithm::md5, {}, {})), "74e6f7298a9c2d168935f58c001bad88");
}

TEST(Mac, KeysOutOfPasswordsHaveTheirKnownAnswers) // RFC 6070 §2
{
    EXPECT_EQ(hex(pbkdf2(Algorithm::sha1, "password", as_bytes("salt"), 4096)),
              "4b007901b765489abead49d926f721d065a429c1");
}

TEST(Mac, EqualMeansEveryOctetAndTheSameLength)
{
    EXPECT_TRUE(is_equal(as_bytes("abc"), as_bytes("abc")));
    EXPECT_FALSE(is_equal(as_bytes("abc"), as_bytes("abd")));
    EXPECT_FALSE(is_equal(as_bytes("abc"), as_bytes("ab")));
    EXPECT_TRUE(is_equal({}, {}));
}

TEST(Mac, AWipedSecretIsEmpty)
{
    std::string secret = "secret";
    wipe(secret);
    EXPECT_TRUE(secret.empty());
}

} // namespace
} // namespace watchpost::crypto
