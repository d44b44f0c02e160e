#include "secrets/keyed_hash.h"

#include <gtest/gtest.h>

namespace watchpost::secrets {
namespace {

TEST(KeyedHash, IsTheSameForItsCopiesAndAnotherForAnotherKey)
{
    const KeyedHash hash;
    const KeyedHash copy = hash;
    const KeyedHash other;
    const auto octets = base::as_bytes("uid");
    EXPECT_EQ(hash(octets), copy(octets));
    EXPECT_NE(hash(octets), other(octets)); // once in 2^64 runs
    EXPECT_NE(hash(octets), hash(base::as_bytes("uie")));
    EXPECT_EQ(hash({}), copy({}));
}

} // namespace
} // namespace watchpost::secrets
