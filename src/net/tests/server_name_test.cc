#include "net/server_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watchpost::net {
namespace {

using ::testing::HasSubstr;

ServerName parsed(std::string_view text)
{
    return parse_server_name(text).value();
}

std::string refusal(std::string_view text)
{
    const auto name = parse_server_name(text);
    return name ? "accepted" : name.error().message();
}

TEST(ServerName, AddressesHaveOneForm)
{
    EXPECT_EQ(parsed("192.0.2.1").text, "192.0.2.1");
    EXPECT_EQ(parsed("2001:DB8:0:0::1").text, "2001:db8::1");
    EXPECT_EQ(parsed("[2001:db8::1]").text, "2001:db8::1");
    EXPECT_EQ(parsed("[2001:db8::1]").kind, ServerName::Kind::address);
}

TEST(ServerName, HostNameLosesItsTrailingDot)
{
    EXPECT_EQ(parsed("mail.example.test.").text, "mail.example.test");
    EXPECT_EQ(parsed("mail.example.test").kind, ServerName::Kind::host_name);
    EXPECT_EQ(parsed("host_1").text, "host_1");
}

TEST(ServerName, ShortAddressesOfOldLibrariesAreNames)
{
    EXPECT_EQ(parsed("127.1").kind, ServerName::Kind::host_name);
    EXPECT_EQ(parsed("0x7f000001").kind, ServerName::Kind::host_name);
}

TEST(ServerName, LeadingDotIsRefusedSinceItWouldMatchEverySubdomain)
{
    EXPECT_THAT(refusal(".example.test"), HasSubstr("expected is"));
}

TEST(ServerName, NameIsNotCutAtANul)
{
    using namespace std::string_view_literals;
    EXPECT_THAT(refusal("mail.example.test\0.evil.test"sv), HasSubstr("expected is"));
    EXPECT_THAT(refusal("192.0.2.1\0.evil.test"sv), HasSubstr("expected is"));
}

TEST(ServerName, WhatIsNoNameIsRefused)
{
    EXPECT_THAT(refusal(""), HasSubstr("expected is"));
    EXPECT_THAT(refusal("."), HasSubstr("expected is"));
    EXPECT_THAT(refusal("a..b"), HasSubstr("expected is"));
    EXPECT_THAT(refusal("a b"), HasSubstr("expected is"));
    EXPECT_THAT(refusal("fe80::1%eth0"), HasSubstr("is not a server"));
    EXPECT_THAT(refusal(std::string(64, 'a')), HasSubstr("expected is"));
    EXPECT_THAT(refusal(std::string(63, 'a') + "." + std::string(200, 'b')),
                HasSubstr("expected is"));
}

TEST(ServerName, CommonMistakesAreToldWithTheirRemedy)
{
    EXPECT_THAT(refusal("pop3s://mail.example.test"), HasSubstr("the name or the address alone"));
    EXPECT_THAT(refusal("mail.example.test:995"), HasSubstr("the port has a field of its own"));
}

TEST(ServerName, InternationalNamesAreReadInTheirAsciiForm) // RFC 5890 §2.3.2.1
{
    EXPECT_EQ(parsed("post.exämple.test").text, "post.xn--exmple-cua.test");
    EXPECT_EQ(parsed("POST.EXÄMPLE.test.").text, "post.xn--exmple-cua.test");
    EXPECT_EQ(parsed("straße.example").text, "xn--strae-oqa.example"); // not "strasse", UTS #46
    EXPECT_EQ(parsed("почта.испытание").text, "xn--80a1acny.xn--80akhbyknj4f");
    EXPECT_EQ(parsed("xn--exmple-cua.test").text, "xn--exmple-cua.test");
    EXPECT_EQ(parsed("my_mail.exämple.test").text, "my_mail.xn--exmple-cua.test");
}

TEST(ServerName, WhatBecomesAnAddressIsOne)
{
    EXPECT_EQ(parsed("１２７。０。０。１").text, "127.0.0.1"); // full-width digits and dots
    EXPECT_EQ(parsed("１２７。０。０。１").kind, ServerName::Kind::address);
}

TEST(ServerName, WhatCannotBeAnInternationalNameIsRefused)
{
    EXPECT_THAT(refusal("post.ex\xe4mple.test"), HasSubstr("xn--"));   // Latin-1, not UTF-8
    EXPECT_THAT(refusal("a\u200db.test"), HasSubstr("xn--"));          // a joiner out of place
    EXPECT_THAT(refusal("＊.example.test"), HasSubstr("expected is")); // becomes a "*"
    std::string long_name = "ä";
    long_name.append(2000, 'a');
    EXPECT_THAT(refusal(long_name), HasSubstr("xn--"));
}

TEST(ServerName, HostileTextIsQuoted)
{
    EXPECT_THAT(refusal("\x1b[2J"), HasSubstr("\\x1b[2J"));
}

TEST(ServerName, StandsWithItsPortAsUrlsHaveIt)
{
    EXPECT_EQ(to_host_and_port("mail.example.org", 995), "mail.example.org:995");
    EXPECT_EQ(to_host_and_port("192.0.2.1", 110), "192.0.2.1:110");
    EXPECT_EQ(to_host_and_port("2001:db8::1", 995), "[2001:db8::1]:995");
}

} // namespace
} // namespace watchpost::net
