#include "collector/service_messages.h"

#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

const base::Instant time_of_test = base::parse_rfc3339("2026-11-24T06:00:00Z").value();

TEST(ServiceMessages, MailboxesComeBackAsTheyWereSent)
{
    const std::vector<Assignment> sent{{.id = "01J",
                                        .name = "Copies \"ü\"",
                                        .settings_json = R"({"server":"mail.example.org"})",
                                        .sealed_password = "c2VhbGVk",
                                        .version = 7,
                                        .generation = 2}};
    EXPECT_EQ(parse_mailboxes(encode_mailboxes(sent)).value(), sent);
    EXPECT_TRUE(parse_mailboxes(encode_mailboxes({})).value().empty());
}

TEST(ServiceMessages, SettingsThatAreNoJsonArriveAsNull)
{
    const auto arrived = parse_mailboxes(encode_mailboxes({{.id = "01J",
                                                            .name = "",
                                                            .settings_json = "{",
                                                            .sealed_password = "",
                                                            .version = 1,
                                                            .generation = 1}}));
    EXPECT_EQ(arrived.value().at(0).settings_json, "null");
}

TEST(ServiceMessages, AStatusComesBackAsItWasSent)
{
    MailboxStatus status;
    status.state = MailboxState::error;
    status.last_poll_at = time_of_test;
    status.last_error = "log in: refused";
    status.messages_total = 12;
    status.octets_total = 3'400;
    status.messages_last_poll = 2;
    status.left_on_server = 14;
    status.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    status.certificate_fingerprint = "ab";
    status.fetch_again = {time_of_test, 100, 7};
    const auto arrived = parse_mailbox_status(encode_mailbox_status({"01J", status})).value();
    EXPECT_EQ(arrived.mailbox, "01J");
    EXPECT_EQ(arrived.status, status);
    EXPECT_EQ(arrived.status.next_poll_at, std::nullopt);
}

TEST(ServiceMessages, AWishToFetchAgainComesBackAsItWasSent)
{
    using Which = FetchAgainWish::Which;
    for (const FetchAgainWish& wish :
         {FetchAgainWish{Which::all, 0}, {Which::last, 12}, {Which::none, 0}}) {
        const auto arrived = parse_fetch_again(encode_fetch_again({"01J", wish})).value();
        EXPECT_EQ(arrived.mailbox, "01J");
        EXPECT_EQ(arrived.wish.which, wish.which);
        EXPECT_EQ(arrived.wish.last, wish.last);
    }
    MailboxStatus begun;
    begun.fetch_again = {time_of_test, 0, std::nullopt};
    EXPECT_EQ(parse_mailbox_status(encode_mailbox_status({"01J", begun})).value().status, begun);
}

TEST(ServiceMessages, ATestReportComesBackAsItWasSent)
{
    TestReport sent;
    sent.is_ok = true;
    sent.steps = {{.step = "tls", .outcome = StepOutcome::warning, .text = "off"}};
    sent.message_count = 3;
    const auto arrived = parse_test_report(encode_test_report(sent)).value();
    EXPECT_TRUE(arrived.is_ok);
    EXPECT_EQ(arrived.steps.at(0).step, "tls");
    EXPECT_EQ(arrived.steps.at(0).outcome, StepOutcome::warning);
    EXPECT_EQ(arrived.message_count, 3U);
    EXPECT_EQ(arrived.octets, std::nullopt);
}

TEST(ServiceMessages, TheSmallOnesComeBackAsTheyWereSent)
{
    EXPECT_EQ(parse_mailbox(encode_mailbox("01J")).value(), "01J");
    EXPECT_EQ(parse_collected(encode_collected(12)).value(), 12U);
    const std::vector<std::string> ids{"01A", "01B"};
    EXPECT_EQ(parse_ids(encode_ids(ids)).value(), ids);
    EXPECT_EQ(parse_recorded(encode_recorded(ids)).value(), ids);
    const CollectorStatus status{
        .spool_octets = 9, .spool_octets_max = 10, .is_paused = true, .warnings = {"disk full"}};
    EXPECT_EQ(parse_collector_status(encode_collector_status(status)).value(), status);
    const auto request = parse_test_request(
        encode_test_request({.settings_json = R"({"port":995})", .sealed_password = "x"}));
    EXPECT_EQ(request.value().settings_json, R"({"port":995})");
}

TEST(ServiceMessages, WhatIsNotTheirShapeIsRefused)
{
    for (const char* const text : {"", "[]", "{}", "null", R"({"items":[{}]})", R"({"ids":[1]})",
                                   R"({"mailbox":1})", R"({"count":"x"})"}) {
        EXPECT_FALSE(parse_mailboxes(text).has_value()) << text;
        EXPECT_FALSE(parse_ids(text).has_value()) << text;
        EXPECT_FALSE(parse_recorded(text).has_value()) << text;
        EXPECT_FALSE(parse_mailbox(text).has_value()) << text;
        EXPECT_FALSE(parse_collected(text).has_value()) << text;
        EXPECT_FALSE(parse_mailbox_status(text).has_value()) << text;
        EXPECT_FALSE(parse_test_report(text).has_value()) << text;
        EXPECT_FALSE(parse_collector_status(text).has_value()) << text;
        EXPECT_FALSE(parse_fetch_again(text).has_value()) << text;
    }
}

TEST(ServiceMessages, OtherWishesAreRefused)
{
    for (const char* const text :
         {R"({"mailbox":"m","which":"some","last":1})", R"({"mailbox":"m","which":"all"})",
          R"({"mailbox":"m","which":1,"last":1})", R"({"which":"all","last":1})"}) {
        EXPECT_FALSE(parse_fetch_again(text).has_value()) << text;
    }
}

} // namespace
} // namespace watchpost::collector
