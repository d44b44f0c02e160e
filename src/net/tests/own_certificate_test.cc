#include "net/own_certificate.h"

#include <gtest/gtest.h>

namespace watchpost::net {
namespace {

OwnCertificateRequest request()
{
    return {.common_name = "Watchpost console",
            .names = {"localhost", "127.0.0.1", "::1"},
            .valid_for = std::chrono::days{397},
            .now = base::parse_rfc3339("2026-11-24T12:00:00Z").value()};
}

TEST(OwnCertificate, IsWhatWasAskedFor)
{
    const auto pem = make_own_certificate(request());
    ASSERT_TRUE(pem);
    const auto info = read_certificate(*pem);
    ASSERT_TRUE(info);
    EXPECT_NE(info->subject.find("Watchpost console"), std::string::npos);
    EXPECT_EQ(info->subject, info->issuer);
    EXPECT_EQ(info->names.size(), 3U);
    EXPECT_EQ(info->not_before, "2026-11-24T11:00:00Z");
    EXPECT_EQ(info->not_after, "2027-12-26T12:00:00Z");
    EXPECT_TRUE(check_certificate_and_key(*pem, *pem));
}

TEST(OwnCertificate, ANewOneHasAnotherKey)
{
    const auto one = make_own_certificate(request()).value();
    const auto other = make_own_certificate(request()).value();
    EXPECT_NE(read_certificate(one)->fingerprint, read_certificate(other)->fingerprint);
    const auto checked = check_certificate_and_key(one, other);
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message().find("does not belong"), std::string::npos);
}

TEST(OwnCertificate, WhatIsNoPemIsSaidSo)
{
    const auto pem = make_own_certificate(request()).value();
    EXPECT_NE(check_certificate_and_key("x", pem).error().message().find("certificate"),
              std::string::npos);
    EXPECT_NE(check_certificate_and_key(pem, "x").error().message().find("private key"),
              std::string::npos);
    EXPECT_EQ(read_certificate("").error().code(), base::ErrorCode::invalid_argument);
}

} // namespace
} // namespace watchpost::net
