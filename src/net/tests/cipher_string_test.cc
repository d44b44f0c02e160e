#include "net/cipher_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "net/tls.h"

namespace watchpost::net {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> offered(const std::string& ciphers)
{
    TlsSettings settings;
    settings.ciphers = ciphers;
    return TlsClient::make(settings).value()->cipher_suites();
}

std::string refusal(const std::string& ciphers)
{
    TlsSettings settings;
    settings.ciphers = ciphers;
    const auto client = TlsClient::make(settings);
    if (client) {
        return "accepted";
    }
    EXPECT_EQ(client.error().code(), base::ErrorCode::invalid_argument);
    return client.error().message();
}

std::vector<std::string> tls12_of(std::vector<std::string> suites)
{
    std::erase_if(suites, [](const std::string& name) { return name.starts_with("TLS_"); });
    return suites;
}

TEST(CipherString, EmptyMeansOpenSslsDefaultWithTls13First)
{
    const auto suites = offered("");
    ASSERT_GT(suites.size(), 10U);
    EXPECT_EQ(suites.front(), "TLS_AES_256_GCM_SHA384");
    EXPECT_THAT(suites, Contains("ECDHE-RSA-AES256-GCM-SHA384"));
}

TEST(CipherString, NamesOfTls13SetThoseSuitesInTheirOrder)
{
    const auto suites = offered("TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(suites.at(0), "TLS_CHACHA20_POLY1305_SHA256");
    EXPECT_EQ(suites.at(1), "TLS_AES_128_GCM_SHA256");
    EXPECT_THAT(suites, Not(Contains("TLS_AES_256_GCM_SHA384")));
    EXPECT_EQ(tls12_of(suites), tls12_of(offered(""))); // not named: as it was
}

TEST(CipherString, OtherWordsSetTheSuitesOfTls12)
{
    const auto suites = offered("ECDHE+AESGCM:!ECDSA");
    EXPECT_THAT(tls12_of(suites), Each(StartsWith("ECDHE-RSA-AES")));
    EXPECT_EQ(suites.front(), "TLS_AES_256_GCM_SHA384"); // not named: as it was
}

TEST(CipherString, BothKindsMixInOneString)
{
    EXPECT_THAT(offered("ECDHE-RSA-AES128-GCM-SHA256, TLS_AES_128_GCM_SHA256"),
                ::testing::ElementsAre("TLS_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"));
}

TEST(CipherString, SecurityLevelWorksInEveryPlaceWhereOpenSslTakesIt)
{
    // Level 4 asks for 192 bits, which AES-128 does not have.
    EXPECT_LT(offered("DEFAULT@SECLEVEL=4").size(), offered("DEFAULT").size());
    EXPECT_EQ(offered("DEFAULT:@SECLEVEL=4"), offered("DEFAULT@SECLEVEL=4"));
    EXPECT_EQ(offered("@SECLEVEL=4"), offered("DEFAULT@SECLEVEL=4"));
    EXPECT_EQ(offered("@SECLEVEL=2"), offered(""));
}

TEST(CipherString, UsualExclusionsOfOldSuitesPass)
{
    EXPECT_EQ(refusal("HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA:!SSLv2"),
              "accepted");
    EXPECT_EQ(refusal("ECDHE:DHE:kRSA:-SHA1:+AES128:@STRENGTH"), "accepted");
}

TEST(CipherString, WordThatOpenSslDoesNotKnowIsNamedWhereverItStands)
{
    EXPECT_THAT(refusal("NOSUCHCIPHER"), HasSubstr("\"NOSUCHCIPHER\" is not known"));
    EXPECT_THAT(refusal("HIGH:!aNUL"), HasSubstr("\"aNUL\" is not known"));
    EXPECT_THAT(refusal("ECDHE+AESGSM"), HasSubstr("\"AESGSM\" is not known"));
    EXPECT_THAT(refusal("ECDHE-RSA-AES128-GCM-SHA25"), HasSubstr("is not known"));
    EXPECT_THAT(refusal("high"), HasSubstr("\"high\" is not known"));
}

TEST(CipherString, Tls13NameThatIsNoneIsNamedWithTheOnesThatAre)
{
    EXPECT_THAT(refusal("TLS_AES_512_GCM_SHA512"), HasSubstr("is not a TLS 1.3 suite; choose"));
    EXPECT_THAT(refusal("HIGH:TLS_"), HasSubstr("\"TLS_\" is not a TLS 1.3 suite"));
}

TEST(CipherString, StandardNameOfATls12SuiteIsTranslated)
{
    EXPECT_THAT(refusal("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                HasSubstr("called ECDHE-RSA-AES128-GCM-SHA256"));
}

TEST(CipherString, Tls13SuitesCannotBeExcluded)
{
    EXPECT_THAT(refusal("!TLS_AES_128_GCM_SHA256"), HasSubstr("can only be listed"));
}

TEST(CipherString, CommandsAreChecked)
{
    EXPECT_THAT(refusal("HIGH@SECLEVEL=9"), HasSubstr("\"@SECLEVEL=9\" is not a command"));
    EXPECT_THAT(refusal("@SECLEVL=1"), HasSubstr("is not a command"));
    EXPECT_THAT(refusal("HIGH:DEFAULT"), HasSubstr("as the first word only"));
    EXPECT_THAT(refusal("HIGH:!"), HasSubstr("stands alone"));
}

TEST(CipherString, SuitesWithoutEncryptionOrCertificateAreNeverOffered)
{
    const auto suites = offered("ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    ASSERT_GT(suites.size(), 20U);
    EXPECT_THAT(suites, Each(Not(HasSubstr("NULL"))));
    EXPECT_THAT(suites, Each(Not(HasSubstr("ADH-"))));
    EXPECT_THAT(suites, Each(Not(HasSubstr("AECDH-"))));
    EXPECT_THAT(refusal("eNULL:@SECLEVEL=0"), HasSubstr("leaves no cipher suite"));
    EXPECT_THAT(refusal("aNULL:@SECLEVEL=0"), HasSubstr("leaves no cipher suite"));
}

TEST(CipherString, StringThatLeavesNothingIsRefused)
{
    EXPECT_THAT(refusal("HIGH:!ALL"), HasSubstr("leaves no cipher suite"));
    EXPECT_THAT(refusal("RC4"), HasSubstr("leaves no cipher suite"));
    EXPECT_THAT(refusal("AES128:TLS_AES_128_GCM_SHA256@SECLEVEL=5"),
                HasSubstr("leaves no cipher suite at security level 5"));
}

TEST(CipherString, NulCannotCutOffWhatFollows)
{
    using namespace std::string_literals;
    EXPECT_THAT(refusal("ALL:@SECLEVEL=0\0"s), HasSubstr("has a character that no"));
    EXPECT_THAT(refusal("HIGH\0:!DHE"s), HasSubstr("\"HIGH\\x00:!DHE\" has a character"));
    EXPECT_THAT(refusal("HIGH\n"), HasSubstr("has a character that no"));
}

TEST(CipherString, LengthIsLimited)
{
    std::string longest = "HIGH";
    longest.resize(4096, ':');
    EXPECT_EQ(refusal(longest), "accepted");
    EXPECT_THAT(refusal(longest + ":"), HasSubstr("longer than 4096 characters"));
}

TEST(CipherString, SeparatorsAloneChangeNothing)
{
    EXPECT_EQ(offered(" : , "), offered(""));
}

} // namespace
} // namespace watchpost::net
