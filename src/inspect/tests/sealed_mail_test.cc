// S/MIME and PGP: what is signed is inspected, what is encrypted is said not to be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording_engine.h"
#include "support/mail_maker.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;
using watchpost::test::attachment_part;
using watchpost::test::make_message;
using watchpost::test::make_zip;
using watchpost::test::text_part;

std::string der(char tag, const std::string& content)
{
    const auto size = content.size();
    if (size < 0x80) {
        return std::string{tag, static_cast<char>(size)} + content;
    }
    return std::string{tag, '\x83', static_cast<char>(size >> 16U), static_cast<char>(size >> 8U),
                       static_cast<char>(size)} +
           content;
}

std::string content_info(char type, const std::string& content)
{
    return der('\x30', "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"s + type + der('\xA0', content));
}

/// RFC 5652 §5.1, without signers: the reader does not ask for them.
std::string signed_data(const std::string& content)
{
    return content_info('\x02', der('\x30', "\x02\x01\x01"s + der('\x31', "") +
                                                content_info('\x01', der('\x04', content)) +
                                                der('\x31', "")));
}

std::string mail_of(const std::string& type, const std::string& content)
{
    return "From: a@example.org\r\nSubject: sealed\r\nMIME-Version: 1.0\r\nContent-Type: " + type +
           "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + watchpost::test::to_base64(content);
}

TEST(SealedMail, OpaqueSignedContentIsInspected)
{
    const auto inner = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" +
                       attachment_part("evil.zip", make_zip({{"x.txt", "ALARM"}})) +
                       "\r\n--b--\r\n";
    const auto result =
        run(mail_of("application/pkcs7-mime; smime-type=signed-data", signed_data(inner)));
    EXPECT_THAT(result.paths(),
                ElementsAre("1", "1!signed.eml", "1!signed.eml!1", "1!signed.eml!1!x.txt"));
    EXPECT_EQ(result.report.findings.back().part, "1!signed.eml!1!x.txt");
    EXPECT_THAT(result.gaps(), IsEmpty());
}

TEST(SealedMail, EnvelopedContentIsInspectedInPartAndRaisesNothing)
{
    const auto result = run(mail_of(
        "application/pkcs7-mime; smime-type=enveloped-data",
        content_info(
            '\x03', der('\x30', "\x02\x01\x00"s + der('\x31', "") +
                                    der('\x30', "\x06\x01\x01"s + der('\x30', "\x06\x01\x01"s))))));
    EXPECT_THAT(result.gaps(), ElementsAre("1 encrypted_message"));
    EXPECT_THAT(result.report.findings, IsEmpty());
}

TEST(SealedMail, PgpMimeIsInspectedInPartAndRaisesNothing)
{
    const auto result = run(make_message(
        {"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
         attachment_part("encrypted.asc",
                         "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----")}));
    EXPECT_THAT(result.gaps(), ElementsAre("2 encrypted_message"));
    EXPECT_THAT(result.report.findings, IsEmpty());
}

TEST(SealedMail, PgpInTheTextIsInspectedInPart)
{
    const auto result =
        run(make_message({text_part("Hello\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n")}));
    EXPECT_THAT(result.gaps(), ElementsAre("1 encrypted_message"));
}

TEST(SealedMail, PgpHeadInAStoredMessageDoesNotHideIt)
{
    const auto inner =
        make_message({text_part("-----BEGIN PGP MESSAGE-----\r\n"), attachment_part("e", "ALARM")});
    const auto result = run(make_message({attachment_part("m.zip", make_zip({{"m.eml", inner}}))}));
    EXPECT_THAT(result.gaps(), ElementsAre("1!m.eml!1 encrypted_message"));
    EXPECT_EQ(result.report.findings.at(0).part, "1!m.eml!2");
}

} // namespace
} // namespace watchpost::inspect::test
