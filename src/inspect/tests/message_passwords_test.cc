#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/message_passwords.h"
#include "recording_engine.h"
#include "support/mail_maker.h"
#include "unpack/encrypted_zip.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::IsEmpty;
using watchpost::test::attachment_part;
using watchpost::test::make_message;
using watchpost::test::make_zip;
using watchpost::test::message_part;
using watchpost::test::text_part;

/// A zip (AES) of one file that the recording engine calls an alarm.
std::string locked(const std::string& password)
{
    return unpack::make_encrypted_zip("evil.txt", "ALARM", password).value();
}

std::string locked_part(const std::string& password, std::string_view name = "a.zip")
{
    return attachment_part(name, locked(password));
}

bool was_found(const Run& result)
{
    return !result.report.findings.empty() && result.report.not_inspected.empty();
}

TEST(MessagePasswords, TextOpensWhatStandsBeforeIt)
{
    EXPECT_TRUE(was_found(run(make_message({locked_part("x9!"), text_part("Password: x9!")}))));
}

TEST(MessagePasswords, SubjectOpensIt)
{
    EXPECT_TRUE(was_found(run(make_message({locked_part("x9!")}, "files (password x9!)"))));
}

TEST(MessagePasswords, HtmlOpensIt)
{
    const std::string html = "Content-Type: text/html; charset=utf-8\r\n\r\n"
                             "<p>Das Kenn<b>wort</b> lautet:<br><span>x9&amp;z</span></p>";
    EXPECT_TRUE(was_found(run(make_message({html, locked_part("x9&z")}))));
}

TEST(MessagePasswords, NameOfTheFileOpensIt)
{
    EXPECT_TRUE(was_found(run(make_message({locked_part("4711", "doc_pw_4711.zip")}))));
}

TEST(MessagePasswords, AttachedTextOpensIt)
{
    EXPECT_TRUE(was_found(
        run(make_message({locked_part("x9!"), attachment_part("readme.txt", "use x9!")}))));
}

TEST(MessagePasswords, TextInAnotherArchiveOpensIt)
{
    const auto zip = make_zip({{"note.txt", "code: x9!"}, {"inner.zip", locked("x9!")}});
    EXPECT_TRUE(was_found(run(make_message({attachment_part("o.zip", zip)}))));
}

TEST(MessagePasswords, YearOfTheMessageOpensIt)
{
    auto mail = make_message({text_part("The password is the year."), locked_part("2025")});
    mail.insert(0, "Date: Tue, 4 Mar 2025 10:00:00 +0000\r\n");
    EXPECT_TRUE(was_found(run(mail)));
}

TEST(MessagePasswords, TextAroundAForwardedMessageOpensWhatIsInIt)
{
    const auto inner = make_message({text_part("see below"), locked_part("x9!")});
    EXPECT_TRUE(was_found(run(make_message({text_part("password: x9!"), message_part(inner)}))));
    const auto stored = make_zip({{"mail.eml", inner}});
    EXPECT_TRUE(was_found(
        run(make_message({text_part("password: x9!"), attachment_part("m.zip", stored)}))));
}

TEST(MessagePasswords, TextOfAStoredMessageOpensWhatIsInIt)
{
    const auto inner = make_message({text_part("password: x9!"), locked_part("x9!")});
    const auto stored = make_zip({{"mail.eml", inner}});
    EXPECT_TRUE(was_found(run(make_message({attachment_part("m.zip", stored)}))));
}

TEST(MessagePasswords, OfTheSettingsComeFirst)
{
    const auto listed = std::vector<std::string>{"one", "two"};
    MessagePasswords passwords{listed};
    const auto raw = make_message({text_part("password: three, password: two")});
    const auto message = message::Message::parse(base::as_bytes(raw));
    const MessagePasswords::Within within{passwords, message};
    const auto& known = passwords.known();
    ASSERT_GE(known.size(), 3U);
    EXPECT_EQ(known[0].text, "one");
    EXPECT_EQ(known[1].text, "two");
    EXPECT_EQ(known[1].origin, unpack::Password::Origin::settings);
    EXPECT_EQ(known[2].text, "three");
    EXPECT_EQ(known[2].source, "the message's text");
    EXPECT_EQ(std::ranges::count(known, std::string{"two"}, &unpack::Password::text), 1);
}

TEST(MessagePasswords, OfAMessageThatWasLeftAreForgotten)
{
    MessagePasswords passwords{{}};
    const auto raw = make_message({text_part("password: three")});
    const auto message = message::Message::parse(base::as_bytes(raw));
    {
        const MessagePasswords::Within within{passwords, message};
        EXPECT_FALSE(passwords.known().empty());
    }
    EXPECT_THAT(passwords.known(), IsEmpty());
}

TEST(MessagePasswords, FilesThatAreNotedAreBounded)
{
    MessagePasswords passwords{{}};
    for (std::size_t i = 0; i < 10 * MessagePasswords::noted_texts_max; ++i) {
        const auto text = "password: word" + std::to_string(i);
        passwords.note_file("", "text/plain", base::as_bytes(text));
    }
    passwords.note_file("", "text/plain", base::as_bytes("password: late"));
    const auto& known = passwords.known();
    EXPECT_LE(known.size(), PasswordCandidates::count_max);
    EXPECT_EQ(std::ranges::count(known, std::string{"late"}, &unpack::Password::text), 0);
}

TEST(MessagePasswords, WhatNoneOpensIsInspectedInPart)
{
    const auto result = run(make_message({text_part("password: wrong"), locked_part("right")}));
    EXPECT_THAT(result.report.findings, IsEmpty());
    ASSERT_EQ(result.report.not_inspected.size(), 1U);
    EXPECT_EQ(result.report.not_inspected[0].reason, "encrypted_archive");
    EXPECT_THAT(result.report.not_inspected[0].detail, testing::HasSubstr("known password"));
}

} // namespace
} // namespace watchpost::inspect::test
