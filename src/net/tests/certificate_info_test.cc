#include "net/certificate_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/tests/support/certificate_maker.h"

namespace watchpost::net::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CertificateInfo described(const CertificateSpec& spec)
{
    return describe_certificate(make_self_signed(spec).certificate.get());
}

TEST(CertificateInfo, NamesAreDnsNamesAndAddressesInTheirOrder)
{
    const auto info = described(
        {.names = "DNS:b.example.test,email:a@example.test,IP:2001:db8::1,DNS:*.example.test"});
    EXPECT_THAT(info.names, ElementsAre("b.example.test", "2001:db8::1", "*.example.test"));
}

TEST(CertificateInfo, KeyKindAndSizeAreTold)
{
    EXPECT_EQ(described({}).key, "EC 256 (prime256v1)");
    EXPECT_EQ(described({.rsa_bits = 1024}).key, "RSA 1024");
}

TEST(CertificateInfo, DatesAreRfc3339)
{
    const auto info = described({});
    EXPECT_THAT(info.not_before, ::testing::MatchesRegex("20..-..-..T..:..:..Z"));
    EXPECT_LT(info.not_before, info.not_after);
}

TEST(CertificateInfo, HostileTextIsQuoted)
{
    const auto info = described({.common_name = "\x1b[31mred\r\nLog: forged"});
    EXPECT_EQ(info.subject.find('\x1b'), std::string::npos);
    EXPECT_EQ(info.subject.find('\n'), std::string::npos);
    EXPECT_THAT(info.subject, HasSubstr("\\x1b[31mred\\x0d\\x0a"));
    EXPECT_EQ(info.issuer, info.subject);
}

TEST(CertificateInfo, TextOfOtherScriptsStaysReadable)
{
    EXPECT_EQ(described({.common_name = "Почта"}).subject, "CN = Почта");
}

TEST(CertificateInfo, ManyNamesAreCutAndCounted)
{
    std::string names = "DNS:n0.example.test";
    for (std::size_t i = 1; i < names_shown_max + 7; ++i) {
        names += ",DNS:n" + std::to_string(i) + ".example.test";
    }
    const auto info = described({.names = names});
    ASSERT_EQ(info.names.size(), names_shown_max + 1);
    EXPECT_EQ(info.names.back(), "… (7 more)");
}

} // namespace
} // namespace watchpost::net::test
