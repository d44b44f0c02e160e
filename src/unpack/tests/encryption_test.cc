#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

class ZipEncryption : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] static std::string sample()
    {
        return make_archive({"zip"}, {{"a.txt", noise(3000)}, {"b.txt", "short"}},
                            {std::string{"zip:encryption="} + GetParam(), "sesame"});
    }
};

TEST_P(ZipEncryption, PasswordOfTheListOpensIt)
{
    const auto unpacked = Unpacked::of(sample(), {"x.zip", {"", "wrong", "sesame", "other"}, {}});
    ASSERT_EQ(unpacked.names(), (Names{"a.txt", "b.txt"}));
    EXPECT_TRUE(unpacked.members[0].content == noise(3000));
    EXPECT_TRUE(unpacked.members[0].was_encrypted);
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST_P(ZipEncryption, WrongPasswordsAreAGapOfEachMember)
{
    const auto unpacked = Unpacked::of(sample(), {"x.zip", {"wrong", "Sesame"}, {}});
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_EQ(unpacked.reasons(), (Names{"encrypted_archive: a.txt", "encrypted_archive: b.txt"}));
}

TEST_P(ZipEncryption, WithoutPasswordsTheGapIsTheSame)
{
    EXPECT_EQ(Unpacked::of(sample()).reasons(),
              (Names{"encrypted_archive: a.txt", "encrypted_archive: b.txt"}));
}

/// One in 256 wrong passwords passes the old cipher's own test.
TEST_P(ZipEncryption, NoWrongPasswordOfManyPassesForTheRightOne)
{
    Unpacked::Options options;
    for (int i = 0; i < 600; ++i) {
        options.passwords.push_back("guess " + std::to_string(i));
    }
    options.passwords.emplace_back("sesame");
    const auto unpacked = Unpacked::of(sample(), options);
    EXPECT_TRUE(unpacked.content("a.txt") == noise(3000));
    EXPECT_EQ(unpacked.content("b.txt"), "short");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST_P(ZipEncryption, LostDirectoryDoesNotLockTheMembers)
{
    auto zip = sample();
    zip.resize(zip.find(std::string{"PK\x01\x02"}));
    const auto unpacked = Unpacked::of(zip, {"x.zip", {"sesame"}, {}});
    EXPECT_TRUE(unpacked.content("a.txt") == noise(3000));
}

INSTANTIATE_TEST_SUITE_P(Ciphers, ZipEncryption, testing::Values("zipcrypt", "aes128", "aes256"),
                         [](const auto& param) { return std::string{param.param}; });

TEST(Encryption, TryingPasswordsEndsWithTheTime)
{
    const auto zip =
        make_archive({"zip"}, {{"a.txt", "content"}}, {"zip:encryption=aes256", "sesame"});
    Unpacked::Options options;
    options.passwords.assign(password_tries_max, "wrong"); // much more than that of key derivation
    options.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
    const auto unpacked = Unpacked::of(zip, options);
    EXPECT_EQ(unpacked.reasons(), (Names{"timed_out", "encrypted_archive: a.txt"}));
}

TEST(Encryption, TriesOfAnArchiveAreBounded)
{
    std::vector<ZipPart> parts(3, ZipPart{"a.txt", std::string(40, 'x')});
    for (auto& part : parts) {
        part.flags = 1;
    }
    Unpacked::Options options;
    options.passwords.assign(password_tries_max / 2 + 1, "wrong");
    const auto unpacked = Unpacked::of(make_zip(parts), options);
    ASSERT_EQ(unpacked.gaps.size(), 3U);
    EXPECT_EQ(unpacked.gaps[0].detail, "none of the 1001 known passwords opens it");
    EXPECT_EQ(unpacked.gaps[1].detail,
              "none of the first 999 known passwords opens it; of 1001 the rest was not tried");
    EXPECT_EQ(unpacked.gaps[2].detail,
              "none of the first 0 known passwords opens it; of 1001 the rest was not tried");
}

TEST(Encryption, StrongEncryptionIsNotTried)
{
    ZipPart part{"a.txt", "packed"};
    part.flags = 0x0041;
    EXPECT_EQ(Unpacked::of(make_zip({part}), {"x.zip", {"sesame"}, {}}).reasons(),
              Names{"encrypted_archive: a.txt"});
}

TEST(Encryption, ManyLockedMembersMakeABoundedNumberOfGaps)
{
    std::vector<ZipPart> parts(500, ZipPart{"a.txt", "packed"});
    for (auto& part : parts) {
        part.flags = 1;
    }
    const auto unpacked = Unpacked::of(make_zip(parts));
    ASSERT_EQ(unpacked.gaps.size(), 101U);
    EXPECT_EQ(unpacked.gaps.back().reason, "encrypted_archive");
    EXPECT_EQ(unpacked.gaps.back().detail, "400 further members");
}

} // namespace
} // namespace watchpost::unpack::test
