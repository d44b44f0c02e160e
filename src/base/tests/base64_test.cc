#include "base/base64.h"

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

TEST(Base64, EveryLengthThereAndBack) // RFC 4648 §10
{
    const std::pair<const char*, const char*> rows[]{{"", ""},
                                                     {"f", "Zg=="},
                                                     {"fo", "Zm8="},
                                                     {"foo", "Zm9v"},
                                                     {"foob", "Zm9vYg=="},
                                                     {"fooba", "Zm9vYmE="},
                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [octets, text] : rows) {
        EXPECT_EQ(to_base64(octets), text);
        EXPECT_EQ(parse_base64(text), octets);
    }
    std::string all;
    for (int octet = 0; octet < 256; ++octet) {
        all += static_cast<char>(octet);
    }
    EXPECT_EQ(parse_base64(to_base64(all)), all);
}

TEST(Base64, NothingButBase64IsTaken)
{
    for (const auto* text : {"Zg", "Zg=", "Zh==", "Zm9=", "=", "====", "Z===", "Zg==Zg==", "Zm9v ",
                             " Zm9v", "Zm9-", "Zm9\xFF", "Zm9vZ"}) {
        EXPECT_FALSE(parse_base64(text)) << text;
    }
}

} // namespace
} // namespace watchpost::base
