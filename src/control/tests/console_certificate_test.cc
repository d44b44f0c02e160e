#include "control/console_certificate.h"

#include <gtest/gtest.h>

#include "net/own_certificate.h"
#include "support/temp_dir.h"

namespace watchpost::control {
namespace {

std::unique_ptr<ConsoleCertificates> open(const test::TempDir& folder)
{
    return ConsoleCertificates::open(folder.path(), {"localhost", "127.0.0.1"}).value();
}

std::string make(std::chrono::days valid_for)
{
    return net::make_own_certificate({.common_name = "uploaded",
                                      .names = {"watchpost.example"},
                                      .valid_for = valid_for,
                                      .now = base::now()})
        .value();
}

TEST(ConsoleCertificates, TheSelfMadeOneIsKept)
{
    const test::TempDir folder;
    const auto first = open(folder)->current();
    EXPECT_TRUE(first.is_self_made);
    EXPECT_EQ(first.names.size(), 2U);
    EXPECT_EQ(open(folder)->current().fingerprint_sha256, first.fingerprint_sha256);
}

TEST(ConsoleCertificates, ASelfMadeOneThatEndsSoonOrIsDamagedIsMadeAnew)
{
    const test::TempDir folder;
    for (const auto& old : {make(std::chrono::days{29}), std::string{"damaged"}}) {
        folder.write("self-made.pem", old);
        EXPECT_GT(open(folder)->current().not_after - base::now(), std::chrono::days{300});
    }
}

TEST(ConsoleCertificates, AnUploadedOneIsUsedAtOnceAndAfterARestart)
{
    const test::TempDir folder;
    const auto certificates = open(folder);
    std::string used;
    certificates->on_replaced([&](const std::string& pem, const std::string&) {
        used = pem;
        return base::Result<void>{};
    });
    const auto pem = make(std::chrono::days{300});
    const auto replaced = certificates->replace(pem, pem);
    ASSERT_TRUE(replaced);
    EXPECT_FALSE(replaced->is_self_made);
    EXPECT_EQ(used, pem);
    EXPECT_EQ(open(folder)->current().fingerprint_sha256, replaced->fingerprint_sha256);
    EXPECT_FALSE(open(folder)->current().is_self_made);
}

TEST(ConsoleCertificates, APairThatDoesNotBelongTogetherChangesNothing)
{
    const test::TempDir folder;
    const auto certificates = open(folder);
    const auto before = certificates->current().fingerprint_sha256;
    const auto replaced =
        certificates->replace(make(std::chrono::days{300}), make(std::chrono::days{300}));
    ASSERT_FALSE(replaced);
    EXPECT_EQ(replaced.error().code(), base::ErrorCode::invalid_argument);
    EXPECT_EQ(certificates->current().fingerprint_sha256, before);
    EXPECT_TRUE(open(folder)->current().is_self_made);
}

TEST(ConsoleCertificates, ADamagedUploadIsSaidWithTheRemedy)
{
    const test::TempDir folder;
    folder.write("uploaded.pem", "damaged");
    const auto opened = ConsoleCertificates::open(folder.path(), {"localhost"});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().describe().find("remove it"), std::string::npos);
}

} // namespace
} // namespace watchpost::control
