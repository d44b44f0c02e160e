// What is remembered of server and certificate, over a crash and until somebody applies.
#include "collector/source_memory.h"

#include <gtest/gtest.h>

#include "collector/tests/support/fake_intake.h"

namespace watchpost::collector {
namespace {

using base::Error;
using base::ErrorCode;
using base::Retry;
using test::FakeStore;

MailboxSettings settings_with(net::CertificatePolicy policy)
{
    MailboxSettings settings;
    settings.server = "mail.example";
    settings.tls.policy = policy;
    return settings;
}

/// Of a server whose certificate has a fingerprint of that digit.
LinkReport link_with(std::uint8_t digit)
{
    LinkReport link;
    link.is_encrypted = true;
    link.tls.chain.emplace_back();
    link.tls.chain.back().fingerprint.fill(digit);
    return link;
}

class SourceMemoryTest : public testing::Test {
protected:
    /// As a process of its own.
    base::Result<SourceMemory::Changes>
    note(std::uint8_t digit, net::CertificatePolicy policy = net::CertificatePolicy::any)
    {
        return SourceMemory{store, "box"}.note(settings_with(policy), link_with(digit));
    }

    FakeStore store;
};

TEST_F(SourceMemoryTest, AChangedCertificateIsToldOnceAndShownUntilSomebodyApplies)
{
    EXPECT_FALSE(note(0x11)->certificate);
    const auto changed = note(0x22).value();
    ASSERT_TRUE(changed.certificate);
    EXPECT_EQ(changed.certificate->before.substr(0, 2), "11");
    EXPECT_EQ(changed.certificate->now.substr(0, 2), "22");
    const auto later = note(0x22).value();
    EXPECT_FALSE(later.certificate);
    ASSERT_TRUE(later.unconfirmed);
    EXPECT_EQ(later.unconfirmed->before, changed.certificate->before);
    EXPECT_EQ(later.unconfirmed->now, changed.certificate->now);
    EXPECT_TRUE((SourceMemory{store, "box"}.confirm()));
    EXPECT_FALSE(note(0x22)->unconfirmed);
}

TEST_F(SourceMemoryTest, ACrashBeforeTheCertificateIsStoredFindsTheChangeOnceMore)
{
    static_cast<void>(note(0x11));
    store.fails_put = [](std::string_view name) {
        return name == "certificate/box"
                   ? std::optional{Error{ErrorCode::disk_full, Retry::later, "no room"}}
                   : std::nullopt;
    };
    EXPECT_FALSE(note(0x22));
    store.fails_put = [](std::string_view) { return std::nullopt; };
    EXPECT_TRUE(note(0x22)->certificate);
    EXPECT_TRUE(note(0x22)->unconfirmed);
}

TEST_F(SourceMemoryTest, WhereTheCertificateIsCheckedAnotherOneIsNoNews)
{
    static_cast<void>(note(0x11, net::CertificatePolicy::trusted));
    const auto changed = note(0x22, net::CertificatePolicy::trusted).value();
    EXPECT_FALSE(changed.certificate);
    EXPECT_FALSE(changed.unconfirmed);
}

} // namespace
} // namespace watchpost::collector
