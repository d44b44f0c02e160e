#include <gtest/gtest.h>

#include "unpack/pgp.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

bool holds(const std::string& text)
{
    return holds_pgp_message(base::as_bytes(text));
}

const std::string armour = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n";

TEST(Pgp, ArmourIsFoundInATextAtTheBeginOfALine)
{
    EXPECT_TRUE(holds(armour));
    EXPECT_TRUE(holds("Hello,\r\n" + armour));
    EXPECT_TRUE(holds("Hello,\r" + armour));
    EXPECT_FALSE(holds("> " + armour));
    EXPECT_FALSE(holds("say " + armour));
}

TEST(Pgp, SignedTextIsNotEncrypted)
{
    EXPECT_FALSE(holds("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n"));
    EXPECT_FALSE(holds("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"));
}

/// What gpg 2.2 writes: --encrypt --recipient (old format), --symmetric.
TEST(Pgp, PacketsOfSessionKeysAreKnown)
{
    const auto key = "\x85\x01\x0C\x03"s + "12345678" + '\x01' + std::string(258, 'k');
    EXPECT_TRUE(holds(key + "\xD2\x3F\x01"s));
    EXPECT_FALSE(holds(key + "x"));
    EXPECT_FALSE(holds(key));
    EXPECT_TRUE(holds("\x8C\x0D\x04\x09\x03\x08"s + "saltsalt" + '\x60' + "\xD2\x3F\x01"s));
    const auto modern = "\xC1\x4C\x03"s + "12345678" + '\x12' + std::string(66, 'k');
    EXPECT_TRUE(holds(modern + "\xD2\x3F\x01"s));
}

TEST(Pgp, StopsCleanlyAtEveryOffset)
{
    const auto key = "\x85\x01\x0C\x03"s + "12345678" + '\x01' + std::string(258, 'k') + "\xD2";
    for (std::size_t size = 0; size < key.size(); ++size) {
        EXPECT_FALSE(holds(key.substr(0, size)));
    }
}

TEST(Pgp, OctetsFarBehindAreNotLookedAt)
{
    EXPECT_FALSE(holds(std::string(262'144, '\n') + armour));
    EXPECT_TRUE(holds(std::string(200'000, '\n') + armour));
}

} // namespace
} // namespace watchpost::unpack::test
