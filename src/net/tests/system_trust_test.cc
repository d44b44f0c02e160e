#include "net/system_trust.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "net/tests/support/certificate_maker.h"
#include "support/temp_dir.h"

namespace watchpost::net {
namespace {

class SystemTrust : public ::testing::Test {
protected:
    SystemTrust()
    {
        ::setenv(X509_get_default_cert_file_env(), bundle.c_str(), 1);
        ::setenv(X509_get_default_cert_dir_env(), folder.path().c_str(), 1);
    }
    ~SystemTrust() override
    {
        ::unsetenv(X509_get_default_cert_file_env());
        ::unsetenv(X509_get_default_cert_dir_env());
    }

    static test::Certificate certificate(const char* name)
    {
        return test::make_self_signed({.common_name = name, .is_ca = true}).certificate;
    }
    static int anchors_of(const TrustStore& store)
    {
        return sk_X509_OBJECT_num(X509_STORE_get0_objects(store.get()));
    }

    watchpost::test::TempDir folder;
    std::filesystem::path bundle = folder / "bundle.pem";
};

TEST_F(SystemTrust, IsReadOnceAndAgainWhenItHasChanged)
{
    test::write_pem(bundle, {certificate("one"), certificate("two")});
    const auto first = system_trust();
    EXPECT_EQ(anchors_of(first), 2);
    EXPECT_EQ(system_trust().get(), first.get());
    test::write_pem(bundle, {certificate("one"), certificate("two"), certificate("three")});
    const auto changed = system_trust();
    EXPECT_NE(changed.get(), first.get());
    EXPECT_EQ(anchors_of(changed), 3);
    EXPECT_EQ(anchors_of(first), 2); // who has it keeps it
}

TEST_F(SystemTrust, IsEmptyWhereThereIsNoneAndThereWhenItComes)
{
    EXPECT_EQ(anchors_of(system_trust()), 0);
    test::write_pem(bundle, {certificate("one")});
    EXPECT_EQ(anchors_of(system_trust()), 1);
    std::filesystem::remove(bundle);
    EXPECT_EQ(anchors_of(system_trust()), 0);
}

TEST_F(SystemTrust, WhatIsAddedToACopyIsOfThatCopyAlone)
{
    test::write_pem(bundle, {certificate("one"), certificate("two")});
    const auto copy = copy_of_system_trust();
    ASSERT_EQ(anchors_of(copy), 2);
    ASSERT_EQ(X509_STORE_add_cert(copy.get(), certificate("own").get()), 1);
    EXPECT_EQ(anchors_of(copy), 3);
    EXPECT_EQ(anchors_of(system_trust()), 2);
    EXPECT_EQ(anchors_of(copy_of_system_trust()), 2);
}

} // namespace
} // namespace watchpost::net
