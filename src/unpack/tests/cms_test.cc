#include <gtest/gtest.h>

#include "unpack/tests/cms_maker.h"
#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

const std::string entity = "Content-Type: text/plain\r\n\r\nhello";

class SignedCms : public testing::TestWithParam<CmsForm> {};

TEST_P(SignedCms, GivesWhatIsSigned)
{
    const auto unpacked = Unpacked::of(make_cms(GetParam(), entity), {"smime.p7m"});
    EXPECT_EQ(unpacked.content("signed.eml"), entity);
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST_P(SignedCms, LongContentIsWhole)
{
    const auto content = noise(300'000);
    const auto unpacked = Unpacked::of(make_cms(GetParam(), content), {"contract.pdf.p7m"});
    EXPECT_EQ(unpacked.names(), Names{"contract.pdf"});
    EXPECT_TRUE(unpacked.content("contract.pdf") == content);
}

TEST_P(SignedCms, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.limits.member_bytes_max = 10;
    const auto cms = make_cms(GetParam(), entity);
    EXPECT_EQ(Unpacked::of(cms, options).reasons(), Names{"limit_member_bytes: signed.eml"});
    EXPECT_EQ(Unpacked::of(cms, options).members.at(0).content.size(), 10U);
    options.limits = {};
    options.limits.members_max = 0;
    EXPECT_EQ(Unpacked::of(cms, options).reasons(), Names{"limit_members"});
}

/// What is cut off is missing from the content or told; the structure is not believed.
TEST_P(SignedCms, StopsCleanlyAtEveryOffset)
{
    const auto cms = make_cms(GetParam(), entity);
    for (std::size_t size = 24; size < cms.size(); ++size) {
        const auto unpacked = Unpacked::of(cms.substr(0, size));
        EXPECT_TRUE(unpacked.members.empty() || unpacked.content("signed.eml") == entity) << size;
        EXPECT_FALSE(unpacked.members.empty() && unpacked.gaps.empty()) << size;
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, SignedCms,
                         testing::Values(CmsForm::signed_der, CmsForm::signed_ber));

TEST(Cms, SignatureWithoutContentIsNeitherMemberNorGap)
{
    const auto unpacked = Unpacked::of(make_cms(CmsForm::signed_detached, entity), {"smime.p7s"});
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Cms, EncryptedForItsRecipientsIsAGap)
{
    const auto unpacked = Unpacked::of(make_cms(CmsForm::enveloped, entity), {"smime.p7m"});
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), Names{"encrypted_message"});
}

TEST(Cms, OtherSequencesAreNone)
{
    EXPECT_EQ(container_format(base::as_bytes("\x30\x82\x01\x02\x06\x03\x55\x04\x03"s)), "");
    EXPECT_EQ(container_format(base::as_bytes("\x30"s)), "");
    EXPECT_EQ(
        container_format(base::as_bytes("\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"s)),
        "cms");
}

TEST(Cms, EveryAlteredOctetEndsWell)
{
    const auto cms = make_cms(CmsForm::signed_der, entity);
    for (std::size_t at = 0; at < cms.size(); ++at) {
        auto altered = cms;
        altered[at] = static_cast<char>(~altered[at]);
        const auto unpacked = Unpacked::of(altered);
        EXPECT_LE(unpacked.members.size(), 1U);
    }
}

} // namespace
} // namespace watchpost::unpack::test
