#include "unpack/encrypted_office.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "office_maker.h"
#include "unpack/office_encryption.h"
#include "unpacked.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;
constexpr const char* inside = "EncryptedPackage/document";

/// Longer than a segment, and no multiple of a block.
std::string document()
{
    std::string text = "PK the document";
    for (int i = 0; text.size() < 9'001; ++i) {
        text += std::to_string(i);
    }
    return text;
}

Unpacked opened(const std::string& file, std::vector<std::string> passwords)
{
    Unpacked::Options options;
    options.passwords = std::move(passwords);
    return Unpacked::of(file, options);
}

TEST(EncryptedOffice, AgileIsOpenedWithAKnownPassword)
{
    const auto found = opened(make_agile_office(document()), {"other", "sesame"});
    EXPECT_EQ(found.content(inside), document());
    EXPECT_TRUE(found.reasons().empty());
}

TEST(EncryptedOffice, StandardIsOpenedWithAKnownPassword)
{
    const auto found = opened(make_standard_office(document(), "sesame"), {"other", "sesame"});
    EXPECT_EQ(found.content(inside), document());
    EXPECT_TRUE(found.reasons().empty());
}

TEST(EncryptedOffice, ExcelsOwnPasswordNeedsNotBeKnown)
{
    AgileOptions options;
    options.password = "VelvetSweatshop";
    EXPECT_EQ(opened(make_agile_office(document(), options), {}).content(inside), document());
    EXPECT_EQ(opened(make_standard_office(document(), options.password), {}).content(inside),
              document());
}

TEST(EncryptedOffice, WithoutThePasswordItIsAGapThatCountsTheTries)
{
    const auto found = opened(make_agile_office(document()), {"a", "b"});
    EXPECT_EQ(found.content(inside), std::nullopt);
    ASSERT_EQ(found.reasons(), Names{"encrypted_document"});
    EXPECT_EQ(found.gaps[0].detail,
              "the document is encrypted: none of the 2 known passwords opens it");
}

TEST(EncryptedOffice, TooManyRoundsAreRefusedAndSaid)
{
    for (const char* const rounds : {"1000001", "2147483648", "99999999999999999999", "-1", ""}) {
        AgileOptions options;
        options.told_rounds = rounds;
        const auto found = opened(make_agile_office("x", options), {"sesame"});
        ASSERT_EQ(found.reasons(), Names{"encrypted_document"}) << rounds;
        EXPECT_NE(found.gaps[0].detail.find("more than 1000000 rounds"), std::string::npos);
    }
}

TEST(EncryptedOffice, ManyRoundsLeaveFewTries)
{
    EXPECT_EQ(office_tries_max(OfficeCipher::rounds_max), 10U);
    EXPECT_EQ(office_tries_max(100'000), 100U); // as Office writes it
    EXPECT_EQ(office_tries_max(0), password_tries_max);
}

TEST(EncryptedOffice, AnotherCipherIsNamed)
{
    AgileOptions options;
    options.chaining = "ChainingModeCFB";
    const auto found = opened(make_agile_office("x", options), {"sesame"});
    ASSERT_EQ(found.reasons(), Names{"encrypted_document"});
    EXPECT_NE(found.gaps[0].detail.find("not supported"), std::string::npos);
}

TEST(EncryptedOffice, AWrongChecksumIsToldAndTheDocumentGiven)
{
    AgileOptions options;
    options.has_right_hmac = false;
    const auto found = opened(make_agile_office(document(), options), {"sesame"});
    EXPECT_EQ(found.content(inside), document());
    EXPECT_EQ(found.reasons(), Names{std::string{"damaged_archive: "} + inside});
}

TEST(EncryptedOffice, ASizeThatLiesHidesNothing)
{
    AgileOptions options;
    options.told_size = std::string(8, '\0');
    const auto found = opened(make_agile_office(document(), options), {"sesame"});
    EXPECT_EQ(found.content(inside)->substr(0, document().size()), document());
    EXPECT_EQ(found.reasons(), Names{std::string{"damaged_archive: "} + inside});
}

TEST(EncryptedOffice, EncryptionInfoStopsCleanlyAtEveryOffset)
{
    for (const auto& file : {make_agile_office("x"), make_standard_office("x", "sesame")}) {
        const auto info = Unpacked::of(file).content("EncryptionInfo").value();
        for (std::size_t length = 0; length < info.size(); ++length) {
            const auto cipher = read_encryption_info(base::as_bytes(info.substr(0, length)));
            if (cipher && length < info.size() / 2) {
                EXPECT_FALSE(key_of_package(*cipher, "sesame")) << length;
            }
        }
    }
}

TEST(EncryptedOffice, EachLimitIsAGap)
{
    Unpacked::Options options;
    options.passwords = {"sesame"};
    options.limits.member_bytes_max = 5'000;
    const auto found = Unpacked::of(make_agile_office(document()), options);
    EXPECT_FALSE(found.reasons().empty());
    options.limits = {};
    options.deadline = base::Deadline::min();
    EXPECT_FALSE(Unpacked::of(make_agile_office(document()), options).reasons().empty());
}

} // namespace
} // namespace watchpost::unpack::test
