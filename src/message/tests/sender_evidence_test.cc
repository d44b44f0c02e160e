// Authentication-Results, and how the sender looks.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "message/authentication_results.h"
#include "message/charset.h"
#include "message/model_builder.h"
#include "message/sender_look.h"

namespace watchpost::message {
namespace {

/// "server|method=result(reason) name=value …|…"
std::string results_of(std::string_view raw)
{
    const auto field = parse_authentication_results(raw);
    std::string text = field.server;
    for (const auto& result : field.results) {
        text += '|' + result.method + '=' + result.result;
        text += result.reason.empty() ? "" : '(' + result.reason + ')';
        for (const auto& property : result.properties) {
            text += ' ' + property.name + '=' + property.value;
        }
    }
    return text;
}

// RFC 8601 appendix B, folded as there.
TEST(AuthenticationResults, ExamplesOfTheRfc)
{
    EXPECT_EQ(results_of("example.org 1; none"), "example.org");
    EXPECT_EQ(results_of(" example.com;\r\n      spf=pass smtp.mailfrom=example.net"),
              "example.com|spf=pass smtp.mailfrom=example.net");
    EXPECT_EQ(results_of("example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n"
                         " spf=pass smtp.mailfrom=example.net"),
              "example.com|auth=pass smtp.auth=sender@example.net"
              "|spf=pass smtp.mailfrom=example.net");
    EXPECT_EQ(results_of("example.com;\r\n dkim=pass (good signature) header.d=example.com"),
              "example.com|dkim=pass header.d=example.com");
    EXPECT_EQ(results_of("foo.example.net (foobar) 1 (baz);\r\n"
                         " dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
                         " policy (A dot can go here) . (like that) expired\r\n"
                         " (this surprised me) = (as I wasn't expecting it) 1362471462"),
              "foo.example.net|dkim=fail policy.expired=1362471462");
}

TEST(AuthenticationResults, WhatServersWrite)
{
    EXPECT_EQ(results_of("spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=a.example; dkim=fail "
                         "(body hash did not verify) header.d=a.example;dmarc=fail action=none "
                         "header.from=a.example;compauth=pass reason=100"),
              "|spf=pass smtp.mailfrom=a.example|dkim=fail header.d=a.example"
              "|dmarc=fail action=none header.from=a.example|compauth=pass(100)");
    EXPECT_EQ(results_of("MX.Example; DKIM=Pass reason=\"1024-bit; \\\"key\\\"\" "
                         "header.i=@a.example header.b=ab=c=="),
              "mx.example|dkim=pass(1024-bit; \"key\") header.i=@a.example header.b=ab=c==");
}

TEST(AuthenticationResults, LimitsAreSaid)
{
    std::string field = "mx.example";
    for (std::size_t i = 0; i <= AuthenticationResults::results_max; ++i) {
        field += "; spf=pass";
    }
    EXPECT_TRUE(parse_authentication_results(field).was_cut);
    field = "mx.example; spf=pass";
    EXPECT_FALSE(parse_authentication_results(field).was_cut);
    for (std::size_t i = 0; i <= AuthenticationResults::properties_max; ++i) {
        field += " a=b";
    }
    EXPECT_TRUE(parse_authentication_results(field).was_cut);
}

TEST(AuthenticationResults, StopsCleanlyAtEveryOffsetAndOnNonsense)
{
    const std::string field = "mx.example 1; dkim=pass (a (b)) reason=\"x\\\"y\" header.d=a; spf=";
    for (std::size_t size = 0; size <= field.size(); ++size) {
        EXPECT_LE(parse_authentication_results(field.substr(0, size)).results.size(), 2U);
    }
    for (const char* const text :
         {"", ";", ";;=;=", "=", "(", "\"", "a=(", "a==\"\"(", "\xff=\xff"}) {
        static_cast<void>(results_of(text));
    }
    EXPECT_EQ(parse_authentication_results(std::string(1'000'000, '(')).server, "");
    EXPECT_TRUE(parse_authentication_results(std::string(1'000'000, '=')).was_cut ||
                !parse_authentication_results(std::string(1'000'000, ';')).was_cut);
}

/// "id detail|…"
std::string notes_of(std::string_view header)
{
    const std::string raw = std::string{header} + "\r\n\r\nx";
    const auto message = Message::parse(base::as_bytes(raw));
    std::string text;
    for (const auto& note : look_at_sender(message.root(), 1'000)) {
        EXPECT_TRUE(is_valid_utf8(note.detail));
        text += (text.empty() ? "" : "|") + std::string{note.id} +
                (note.detail.empty() ? "" : ' ' + note.detail);
    }
    return text;
}

TEST(SenderLook, OrdinarySendersAreNotWorthANote)
{
    EXPECT_EQ(notes_of("From: Ann <ann@a.example>"), "");
    EXPECT_EQ(notes_of("From: Ann <ann@a.example>\r\nSender: ANN@a.example"), "");
    EXPECT_EQ(notes_of("From: \"ann@a.example\" <ann@a.example>"), "");
    EXPECT_EQ(notes_of("From: \"Ann @ work\" <ann@a.example>"), "");
}

TEST(SenderLook, WhatMakesTheSenderLookLikeSomebodyElse)
{
    EXPECT_EQ(notes_of("Subject: x"), "no_from");
    EXPECT_EQ(notes_of("From: Ann"), "no_from Ann");
    EXPECT_EQ(notes_of("From: a@a.example\r\nFrom: Bank <b@b.example>"),
              "several_from_fields Bank <b@b.example>");
    EXPECT_EQ(notes_of("From: a@a.example, b@b.example\r\nSender: b@b.example"),
              "several_authors a@a.example, b@b.example");
    EXPECT_EQ(notes_of("From: Friends: a@a.example;"), "group Friends: a@a.example;");
    EXPECT_EQ(notes_of("From: a@a.example\r\nSender: List <l@l.example>"),
              "sender_differs l@l.example");
    EXPECT_EQ(notes_of("From: =?utf-8?q?service=40bank=2Eexample?= <x@evil.example>"),
              "name_holds_address service@bank.example");
    EXPECT_EQ(notes_of("From: \"Bank (service@bank.example)\" <x@evil.example>"),
              "name_holds_address service@bank.example");
    EXPECT_EQ(notes_of("From: =?utf-8?q?service=40bank=2Eexample?="),
              "no_from service@bank.example|address_is_encoded service@bank.example");
    EXPECT_EQ(notes_of("From: \"Ba\xe2\x80\x8bnk\" <x@evil.example>"),
              "name_has_invisible_characters Ba\xe2\x80\x8bnk");
}

model::Headers headers_of(const std::string& header, std::vector<std::string> trusted = {})
{
    const std::string raw = header + "\r\n\r\nx";
    const auto message = Message::parse(base::as_bytes(raw));
    ModelOptions options;
    options.trusted_servers = std::move(trusted);
    return build_model(message, {}, options).headers;
}

TEST(HeaderEvidence, ResultsOfServersThatAreNotInTheSettingsAreNotTrusted)
{
    const std::string header = "Authentication-Results: MX.example; spf=pass\r\n"
                               "Authentication-Results: evil.example; dmarc=pass\r\n"
                               "Authentication-Results: spf=pass";
    const auto fields = headers_of(header, {"mx.Example", ""}).authentication;
    ASSERT_EQ(fields.size(), 3U);
    EXPECT_TRUE(fields[0].is_trusted);
    EXPECT_FALSE(fields[1].is_trusted);
    EXPECT_EQ(fields[1].results.at(0).result, "pass");
    EXPECT_FALSE(fields[2].is_trusted);
    EXPECT_FALSE(headers_of(header).authentication.at(0).is_trusted);
}

TEST(HeaderEvidence, HopsTellHowLongTheMessageTook)
{
    const auto hops = headers_of("Received: by d; Mon, 30 Nov 2026 01:00:04 +0000\r\n"
                                 "Received: by c; someday\r\n"
                                 "Received: by b; Mon, 30 Nov 2026 01:00:10 +0000\r\n"
                                 "Received: by a; Mon, 30 Nov 2026 00:59:00 +0000")
                          .hops;
    ASSERT_EQ(hops.size(), 4U);
    EXPECT_EQ(hops[0].delay_s, -6);
    EXPECT_EQ(hops[1].delay_s, std::nullopt);
    EXPECT_EQ(hops[2].delay_s, 70);
    EXPECT_EQ(hops[3].delay_s, std::nullopt);
}

} // namespace
} // namespace watchpost::message
