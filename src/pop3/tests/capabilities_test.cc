#include "pop3/capabilities.h"

#include <gtest/gtest.h>

namespace watchpost::pop3 {
namespace {

Capabilities of(std::initializer_list<std::string_view> lines)
{
    Capabilities capabilities;
    for (const auto line : lines) {
        capabilities.add(line);
    }
    return capabilities;
}

TEST(Pop3Capabilities, WhatDovecotAnnouncesIsUnderstood)
{
    const auto capabilities = of({"CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING",
                                  "AUTH-RESP-CODE", "STLS", "USER", "SASL PLAIN LOGIN"});
    EXPECT_TRUE(capabilities.uidl);
    EXPECT_TRUE(capabilities.pipelining);
    EXPECT_TRUE(capabilities.auth_codes);
    EXPECT_TRUE(capabilities.stls);
    EXPECT_TRUE(capabilities.user);
    EXPECT_TRUE(capabilities.has_mechanism("PLAIN"));
    EXPECT_FALSE(capabilities.has_mechanism("CRAM-MD5"));
    EXPECT_EQ(capabilities.lines.size(), 9U);
}

TEST(Pop3Capabilities, NamesAreReadInEitherCaseAndWithAnySpacing)
{
    const auto capabilities = of({"stls", "sasl \t plain", "Pipelining "});
    EXPECT_TRUE(capabilities.stls);
    EXPECT_TRUE(capabilities.pipelining);
    EXPECT_TRUE(capabilities.has_mechanism("PLAIN"));
}

TEST(Pop3Capabilities, AnEmptySaslListNamesNoMechanism)
{
    EXPECT_TRUE(of({"SASL", ""}).mechanisms.empty());
}

TEST(Pop3Capabilities, LoginDelayIsReadAndBounded)
{
    EXPECT_EQ(of({"LOGIN-DELAY 900 USER"}).login_delay, std::chrono::seconds{900});
    EXPECT_EQ(of({"LOGIN-DELAY 99999999999"}).login_delay, std::chrono::seconds{86'400});
    EXPECT_EQ(of({"LOGIN-DELAY soon"}).login_delay, std::nullopt);
}

TEST(Pop3Capabilities, ExpireIsReadInDays)
{
    Capabilities capabilities;
    capabilities.add("EXPIRE 60 USER");
    EXPECT_EQ(capabilities.expire, std::chrono::days{60});
    capabilities.add("EXPIRE 0");
    EXPECT_EQ(capabilities.expire, std::chrono::days{0});
    for (const auto* const never : {"EXPIRE NEVER", "EXPIRE 99999999999999", "EXPIRE"}) {
        capabilities.add(never);
        EXPECT_FALSE(capabilities.expire) << never;
    }
}

TEST(Pop3Capabilities, ALongerWordIsAnotherCapability)
{
    EXPECT_FALSE(of({"STLSX", "X-STLS"}).stls);
}

} // namespace
} // namespace watchpost::pop3
