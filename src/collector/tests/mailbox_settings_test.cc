#include "collector/mailbox_settings.h"

#include <gtest/gtest.h>

#include "collector/poll_report.h"

namespace watchpost::collector {
namespace {

MailboxSettings good()
{
    MailboxSettings settings;
    settings.server = "mail.example";
    settings.user = "alice";
    return settings;
}

std::string faulty_field(const MailboxSettings& settings)
{
    const auto faults = validate(settings);
    return faults.size() == 1 ? faults[0].field : std::to_string(faults.size()) + " faults";
}

TEST(MailboxSettings, GoodOnesHaveNoFault)
{
    EXPECT_TRUE(validate(good()).empty());
}

TEST(MailboxSettings, EveryFaultNamesItsField)
{
    auto settings = good();
    settings.server = "";
    EXPECT_EQ(faulty_field(settings), "server");
    settings.server = "mail example";
    EXPECT_EQ(faulty_field(settings), "server");
    settings.server = std::string(256, 'a');
    EXPECT_EQ(faulty_field(settings), "server");
    settings = good();
    settings.port = 0;
    EXPECT_EQ(faulty_field(settings), "port");
    settings = good();
    settings.user = "alice\r\nDELE 1";
    EXPECT_EQ(faulty_field(settings), "user");
    settings.user = "";
    EXPECT_EQ(faulty_field(settings), "user");
    settings = good();
    settings.tls_mode = TlsMode::none;
    settings.authentication = pop3::Mechanism::oauthbearer;
    EXPECT_EQ(faulty_field(settings), "auth");
    settings = good();
    settings.mailbox = std::string(256, 'm');
    EXPECT_EQ(faulty_field(settings), "mailbox");
    settings = good();
    settings.message_bytes_max = (std::uint64_t{2} << 30U) + 1;
    EXPECT_EQ(faulty_field(settings), "max-bytes");
}

TEST(MailboxSettings, AllFaultsAreToldAtOnce)
{
    MailboxSettings settings;
    settings.port = 0;
    EXPECT_EQ(validate(settings).size(), 3U);
}

TEST(MailboxSettings, TheMailboxIsNamedByItsUserWhateverTheServer)
{
    auto settings = good();
    const auto id = mailbox_id(settings);
    settings.server = "192.0.2.1";
    settings.port = 110;
    settings.tls_mode = TlsMode::stls;
    EXPECT_EQ(mailbox_id(settings), id);
    settings.mailbox = "copies";
    EXPECT_EQ(mailbox_id(settings), "copies");
    settings.mailbox.clear();
    settings.user = std::string(1000, 'u');
    EXPECT_LE(mailbox_id(settings).size(), 255U);
}

TEST(MailboxSettings, TlsModesAreReadAsTheyAreWritten)
{
    for (const auto mode : {TlsMode::none, TlsMode::stls, TlsMode::implicit}) {
        EXPECT_EQ(parse_tls_mode(to_string(mode)), mode);
    }
    EXPECT_FALSE(parse_tls_mode("starttls"));
    EXPECT_EQ(default_port(TlsMode::implicit), 995);
    EXPECT_EQ(default_port(TlsMode::stls), 110);
}

TEST(PollReport, CountsThatAreZeroAreLeftOut)
{
    PollReport report;
    report.collected = 1;
    report.octets = 12;
    report.too_large = 2;
    EXPECT_EQ(describe_counts(report), "1 message collected, 12 octets; 2 too large");
}

TEST(PollReport, NotesAreBounded)
{
    PollReport report;
    for (int i = 0; i < 100; ++i) {
        report.add_note("x");
    }
    EXPECT_EQ(report.notes.size(), PollReport::notes_max);
    EXPECT_EQ(report.notes.back(), "there were more such notes");
}

} // namespace
} // namespace watchpost::collector
