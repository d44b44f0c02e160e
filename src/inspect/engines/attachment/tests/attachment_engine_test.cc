// Hand-made leaves, as the walk shows them: containers before their members.
#include "inspect/engines/attachment/attachment_engine.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/collecting_sink.h"

namespace watchpost::inspect {
namespace {

using namespace std::string_literals;
using test::CollectingSink;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string program = "\177ELF\2\1\1"s;
const std::string shortcut = "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"s;
const std::string zip = "PK\3\4"s + std::string(60, '\0');
const std::string ooxml = "PK\3\4"s + std::string(26, '\0') + "[Content_Types].xml"s;
const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(504, '\0');
const std::string jpeg = "\xFF\xD8\xFF\xE0"s;

class AttachmentEngine : public testing::Test {
protected:
    AttachmentEngine() : engine_{make_attachment_engine()} { start_message(); }

    void start_message() { engine_->on_message({}, budget_, sink_); }

    void show(std::string_view path, std::string_view filename, std::string_view bytes,
              std::string_view declared = "application/octet-stream",
              Origin origin = Origin::attachment)
    {
        Leaf leaf;
        leaf.path = path;
        leaf.origin = origin;
        leaf.declared_type = declared;
        leaf.filename = filename;
        leaf.bytes = base::as_bytes(bytes);
        engine_->on_leaf(leaf, budget_, sink_);
    }

    void show_member(std::string_view path, std::string_view bytes)
    {
        show(path, path.substr(path.rfind('!') + 1), bytes, "", Origin::archive_member);
    }

    [[nodiscard]] std::vector<std::string> ids() const
    {
        std::vector<std::string> result;
        std::ranges::transform(sink_.findings, std::back_inserter(result), &verdict::Finding::id);
        return result;
    }

    Budget budget_{std::chrono::steady_clock::now() + std::chrono::hours{1}};
    std::unique_ptr<Engine> engine_;
    CollectingSink sink_;
};

TEST_F(AttachmentEngine, HonestAttachmentsAreQuiet)
{
    show("1", "", "Dear all,", "text/plain", Origin::body);
    show("2", "photo.jpg", jpeg, "image/jpeg");
    show("3", "report.pdf", "%PDF-1.7", "application/pdf");
    show("4", "letter.doc", "{\\rtf1}", "application/msword");
    show("5", "sheet.xls", "<html><table>", "application/vnd.ms-excel");
    show("6", "files.zip", zip, "application/zip");
    show_member("6!notes.txt", "text");
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(AttachmentEngine, AProgramIsTold)
{
    show("2", "setup.exe", program);
    ASSERT_THAT(ids(), ElementsAre("attachment.executable"));
    EXPECT_EQ(sink_.findings[0].engine, "attachment");
    EXPECT_EQ(sink_.findings[0].part, "2");
    EXPECT_EQ(sink_.findings[0].importance, verdict::Importance::high);
    EXPECT_EQ(sink_.findings[0].detail, "the file \"setup.exe\" is a Linux or Unix program (ELF)");
}

TEST_F(AttachmentEngine, AProgramByNameAloneIsTold)
{
    show("2", "eicar.com", "plain text");
    EXPECT_THAT(ids(), ElementsAre("attachment.executable"));
}

TEST_F(AttachmentEngine, APageSavedUnderAHostNameIsNoProgram)
{
    show("2", "www.example.com", "<html><body>", "text/html");
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(AttachmentEngine, ASubjectThatEndsInAHostNameIsNoProgram)
{
    show("2", "Fwd: news from example.com", "Subject: x\r\n\r\n", "message/rfc822",
         Origin::message);
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(AttachmentEngine, AProgramDeclaredAsAMessageIsTold)
{
    show("2", "mail", program, "message/rfc822", Origin::message);
    EXPECT_THAT(ids(), ElementsAre("attachment.executable"));
}

TEST_F(AttachmentEngine, AMailThatSpeaksOfHtmlApplicationsIsNone)
{
    show("1", "", "See <HTA:APPLICATION in the manual.", "text/plain", Origin::body);
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(AttachmentEngine, MoreContainersThanAreRememberedAreAGap)
{
    for (int i = 0; i < 20'002; ++i) {
        show(std::to_string(i), "a.zip", zip);
    }
    ASSERT_EQ(sink_.gaps.size(), 1U);
    EXPECT_EQ(sink_.gaps[0].reason, "limit_containers");
    EXPECT_EQ(sink_.gaps[0].part, "20000");
}

TEST_F(AttachmentEngine, AProgramThatCallsItselfADocumentIsDisguised)
{
    show("2", "invoice.pdf", program, "application/pdf");
    show("3", "photo.jpg", shortcut, "image/jpeg");
    EXPECT_THAT(ids(),
                ElementsAre("attachment.disguised_executable", "attachment.disguised_executable"));
}

TEST_F(AttachmentEngine, AProgramThatIsDeclaredAsSoundIsDisguised)
{
    show("2", "readme.exe", program, "audio/x-wav");
    show("3", "", program, "image/gif");
    EXPECT_THAT(ids(),
                ElementsAre("attachment.disguised_executable", "attachment.disguised_executable"));
}

TEST_F(AttachmentEngine, AMailerThatDeclaresTextForEverythingIsForgiven)
{
    show("2", "tool.exe", program, "text/plain");
    EXPECT_THAT(ids(), ElementsAre("attachment.executable"));
}

TEST_F(AttachmentEngine, ContentThatIsOfAnotherTypeThanTheNameIsAMismatch)
{
    show("2", "photo.jpg", zip, "image/jpeg");
    show("3", "report.pdf", "<html><script>", "application/pdf");
    show("4", "", ole, "image/png");
    show("5", "letter.docx", "Rar!\x1A\7\1\0"s, "application/octet-stream");
    EXPECT_THAT(ids(), ElementsAre("attachment.type_mismatch", "attachment.type_mismatch",
                                   "attachment.type_mismatch", "attachment.type_mismatch"));
}

TEST_F(AttachmentEngine, NamesThatDeceiveAreTold)
{
    show("2", "invoice.pdf.exe", program);
    show("3", "invoice.pdf               .js", "x()");
    show("4", "invoice\u202Efdp.exe", program);
    show("5", "a\u200Bb.txt", "text");
    EXPECT_THAT(ids(), ElementsAre("attachment.double_extension", "attachment.executable",
                                   "attachment.double_extension", "attachment.padded_name",
                                   "attachment.script", "attachment.bidi_name",
                                   "attachment.executable", "attachment.invisible_characters"));
    EXPECT_THAT(sink_.findings[5].detail, HasSubstr("\\u{202e}"));
}

TEST_F(AttachmentEngine, ScriptsShortcutsHelpAndImagesAreTold)
{
    show("2", "run.vbs", "MsgBox 1");
    show("3", "page.hta", "<html>");
    show("4", "open.lnk", "x");
    show("5", "help.chm", "ITSF\3\0\0\0"s);
    show("6", "disk.iso", "x");
    show("7", "unnamed", "conectix");
    show("8", "tool.pl", "#!/usr/bin/perl\n");
    EXPECT_THAT(ids(), ElementsAre("attachment.script", "attachment.script", "attachment.shortcut",
                                   "attachment.help_file", "attachment.disk_image",
                                   "attachment.disk_image", "attachment.unix_script"));
    EXPECT_EQ(sink_.findings[6].importance, verdict::Importance::none);
}

TEST_F(AttachmentEngine, AnInternetShortcutTellsWhereItLeads)
{
    show("2", "site.url", "[InternetShortcut]\r\nURL=http://evil.example/\x1b[0m\r\nIcon=1\r\n");
    ASSERT_THAT(ids(), ElementsAre("attachment.internet_shortcut"));
    EXPECT_THAT(sink_.findings[0].detail, HasSubstr("leads to http://evil.example/\\x1b"));
}

TEST_F(AttachmentEngine, ProgramsAndScriptsInArchivesAreTold)
{
    show("2", "files.zip", zip);
    show_member("2!dir/setup.exe", program);
    show_member("2!run.js", "x()");
    show_member("2!inner.zip", zip);
    show_member("2!inner.zip!photo.jpg.lnk", shortcut);
    EXPECT_THAT(ids(),
                ElementsAre("attachment.executable_in_archive", "attachment.script_in_archive",
                            "attachment.double_extension", "attachment.shortcut"));
    EXPECT_EQ(sink_.findings[0].part, "2!dir/setup.exe");
}

TEST_F(AttachmentEngine, AnArchiveFullOfProgramsIsToldSoManyTimesAndSaysSo)
{
    show("2", "files.tar", "a container of a kind that is not known here");
    for (int i = 0; i < 100; ++i) {
        show_member("2!" + std::to_string(i) + ".exe", program);
    }
    ASSERT_EQ(sink_.findings.size(), 20U);
    EXPECT_THAT(sink_.findings.back().detail, HasSubstr("more of this kind"));
    EXPECT_THAT(sink_.findings[18].detail, Not(HasSubstr("more of this kind")));
}

TEST_F(AttachmentEngine, WhatLiesInAProgramIsJudgedWithIt)
{
    show("2", "tool.jar", zip);
    show_member("2!a/Main.class", "\xCA\xFE\xBA\xBE\0\0\0\x34"s);
    show_member("2!native.dll", program);
    EXPECT_THAT(ids(), ElementsAre("attachment.executable"));
}

TEST_F(AttachmentEngine, StreamsOfADocumentHaveNoNamesThatPeopleSee)
{
    show("2", "letter.docx", ooxml);
    show_member("2!word/theme.com", "<a/>");
    show_member("2!customXml/run.js", "x()");
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(AttachmentEngine, AProgramInADocumentIsTold)
{
    show("2", "letter.docx", ooxml);
    show_member("2!word/embeddings/1.bin", program);
    ASSERT_THAT(ids(), ElementsAre("attachment.embedded_executable"));
    EXPECT_EQ(sink_.findings[0].part, "2");
}

TEST_F(AttachmentEngine, FilesInRtfAreToldAtTheDocumentByWhatTheyWouldDo)
{
    show("2", "a.rtf", "{\\rtf1 }");
    show_member("2!picture", jpeg);
    show_member("2!datastore", "<xml/>");
    EXPECT_THAT(ids(), IsEmpty());
    show_member("2!Equation.3", "x");
    show_member("2!a.js", "var x");
    show_member("2!b", program);
    EXPECT_THAT(ids(), ElementsAre("attachment.embedded_object", "attachment.embedded_executable"));
    EXPECT_EQ(sink_.findings[1].part, "2");
}

TEST_F(AttachmentEngine, WhatAPdfCarriesAndStartsIsToldAtTheDocument)
{
    using Kind = unpack::Reference::Kind;
    show("2", "a.pdf", "%PDF-1.7\n");
    for (const auto kind : {Kind::link, Kind::form, Kind::launch, Kind::launch, Kind::load}) {
        engine_->on_reference({"2", "strict-1"}, {"target", kind}, sink_);
    }
    show_member("2!xfa/datasets.xml", "<xfa/>");
    show("2!javascript/5.js", "javascript/5.js", "alert", "", Origin::archive_member);
    show_member("2!report.xlsx", zip);
    show_member("2!a.exe", program);
    EXPECT_THAT(ids(), ElementsAre("attachment.submit_form", "attachment.launch_action",
                                   "attachment.external_template", "attachment.document_script",
                                   "attachment.embedded_object", "attachment.embedded_executable"));
    EXPECT_EQ(sink_.findings[1].part, "2");
    EXPECT_EQ(sink_.findings[1].reading, "strict-1");
    EXPECT_THAT(sink_.findings[1].detail, HasSubstr("target"));
}

TEST_F(AttachmentEngine, AScriptInAnSvgImageIsToldAtTheImage)
{
    show("2", "a.svg", "<?xml version=\"1.0\"?><svg onload=\"x\"/>", "image/svg+xml");
    show_member("2!handler 1.js", "x");
    show_member("2!data 2", program);
    EXPECT_THAT(ids(), ElementsAre("attachment.svg_script", "attachment.embedded_executable"));
}

TEST_F(AttachmentEngine, AttachmentsOfAStoredOutlookMessageAreFilesThatPeopleSee)
{
    std::string message = ole;
    for (const char c : "__properties_version1.0"s) {
        message += {c, '\0'};
    }
    show("2", "mail.msg", message);
    show_member("2!invoice.js", "var x");
    EXPECT_THAT(ids(), ElementsAre("attachment.script_in_archive"));
}

TEST_F(AttachmentEngine, AnEncryptedPdfIsToldWhereItCouldNotBeOpened)
{
    show("2", "a.pdf", "%PDF-1.7\n");
    engine_->on_unopened({"2", "a.pdf", "encrypted_document", ""}, sink_);
    EXPECT_THAT(ids(), ElementsAre("attachment.encrypted_document"));
}

TEST_F(AttachmentEngine, MacrosOfADocumentAreToldOnceAtTheDocument)
{
    show("2", "letter.docm", ooxml);
    show_member("2!word/vbaProject.bin", ole);
    show_member("2!word/vbaProject.bin!VBA/dir", "x");
    show_member("2!word/vbaProject.bin!VBA/_VBA_PROJECT", "x");
    show_member("2!word/vbaProject.bin!VBA/__SRP_0", "x");
    show_member("2!word/vbaProject.bin!VBA/Module1", "compiled");
    show_member("2!word/vbaProject.bin!VBA/Module2", "compiled");
    ASSERT_THAT(ids(), ElementsAre("attachment.macro_project", "attachment.macro"));
    EXPECT_EQ(sink_.findings[0].part, "2");
    EXPECT_EQ(sink_.findings[1].part, "2");
    EXPECT_THAT(sink_.findings[1].detail, HasSubstr("cannot be read"));
}

TEST_F(AttachmentEngine, MacrosUnderANameThatDeniesThemAreDisguised)
{
    show("2", "letter.docx", ooxml);
    show_member("2!word/vbaProject.bin", ole);
    show("3", "letter.rtf", ole);
    show_member("3!Macros/VBA/Module1", "compiled");
    show("4", "letter.doc", ole);
    show_member("4!Macros/VBA/Module1", "compiled");
    EXPECT_THAT(ids(),
                ElementsAre("attachment.macro_project", "attachment.macro_disguised",
                            "attachment.macro", "attachment.macro_disguised", "attachment.macro"));
}

TEST_F(AttachmentEngine, AProjectWithoutCodeIsInformationOnly)
{
    show("2", "sheet.xls", ole);
    show_member("2!_VBA_PROJECT_CUR/VBA/dir", "x");
    ASSERT_THAT(ids(), ElementsAre("attachment.macro_project"));
    EXPECT_EQ(sink_.findings[0].importance, verdict::Importance::none);
}

/// One module stream with this source, uncompressed but for its flags ([MS-OVBA] §2.4.1).
std::string module_of(const std::string& source)
{
    std::string tokens;
    for (std::size_t at = 0; at < source.size(); at += 8) {
        tokens += '\0' + source.substr(at, 8);
    }
    const auto header = static_cast<unsigned>(0xB000 | (tokens.size() - 1));
    return "\1"s + static_cast<char>(header & 0xFFU) + static_cast<char>(header >> 8U) + tokens;
}

TEST_F(AttachmentEngine, AMacroThatRunsByItselfInOneModuleAndHarmsInAnotherIsSuspicious)
{
    show("2", "letter.doc", ole);
    show_member("2!Macros/VBA/A", module_of("Attribute VB_Name\r\nSub AutoOpen()\r\n B.Run\r\n"));
    show_member("2!Macros/VBA/B", module_of("Attribute VB_Name\r\nSub Run()\r\n Shell x\r\n"));
    EXPECT_THAT(ids(), ElementsAre("attachment.macro", "attachment.macro_autoexec",
                                   "attachment.macro_suspicious"));
}

TEST_F(AttachmentEngine, ARemoteTemplateIsToldAtTheDocument)
{
    show("2", "letter.docx", ooxml);
    show_member("2!word/_rels/settings.xml.rels",
                "<Relationship Type='x/attachedTemplate' Target='http://evil.example/t' "
                "TargetMode='External'/>");
    ASSERT_THAT(ids(), ElementsAre("attachment.external_template"));
    EXPECT_EQ(sink_.findings[0].part, "2");
    EXPECT_THAT(sink_.findings[0].detail, HasSubstr("http://evil.example/t"));
}

TEST_F(AttachmentEngine, AnEncryptedDocumentIsAFindingAndAGap)
{
    show("2", "letter.docx", ole);
    show_member("2!EncryptedSummary", "cipher text");
    EXPECT_THAT(ids(), ElementsAre("attachment.encrypted_document"));
    ASSERT_EQ(sink_.gaps.size(), 1U);
    EXPECT_EQ(sink_.gaps[0].part, "2");
    EXPECT_EQ(sink_.gaps[0].reason, "encrypted_document");
}

TEST_F(AttachmentEngine, AnEncryptedArchiveIsOneFindingForAllItsMembers)
{
    show("2", "files.zip", zip);
    for (int i = 0; i < 3; ++i) {
        const std::string path = "2!" + std::to_string(i) + ".doc";
        engine_->on_unopened({path, path, "encrypted_archive", ""}, sink_);
    }
    ASSERT_THAT(ids(), ElementsAre("attachment.encrypted_archive"));
    EXPECT_EQ(sink_.findings[0].part, "2");
}

TEST_F(AttachmentEngine, AnEncryptedArchiveAsAWholeIsTold)
{
    show("2", "files.7z", "7z\xBC\xAF\x27\x1C"s);
    engine_->on_unopened({"2", "files.7z", "encrypted_archive", ""}, sink_);
    engine_->on_unopened({"3", "bomb.zip", "limit_ratio", ""}, sink_);
    ASSERT_THAT(ids(), ElementsAre("attachment.encrypted_archive"));
    EXPECT_EQ(sink_.findings[0].part, "2");
}

TEST_F(AttachmentEngine, AnArchiveThatAPasswordOpenedIsToldAtTheArchive)
{
    show("2", "files.zip", zip);
    Leaf leaf;
    leaf.path = "2!a.txt";
    leaf.origin = Origin::archive_member;
    leaf.filename = "a.txt";
    const unpack::Password password{"infected"};
    leaf.password = &password;
    engine_->on_leaf(leaf, budget_, sink_);
    ASSERT_THAT(ids(), ElementsAre("attachment.encrypted_archive"));
    EXPECT_EQ(sink_.findings[0].part, "2");
}

TEST_F(AttachmentEngine, APasswordOfTheMessageIsToldWithItsSource)
{
    show("2", "files.zip", zip);
    Leaf leaf;
    leaf.path = "2!a.txt";
    leaf.origin = Origin::archive_member;
    leaf.filename = "a.txt";
    const unpack::Password password{"x\n9", unpack::Password::Origin::message,
                                    "the message's subject"};
    leaf.password = &password;
    engine_->on_leaf(leaf, budget_, sink_);
    ASSERT_THAT(ids(), ElementsAre("attachment.password_in_message"));
    EXPECT_EQ(sink_.findings[0].part, "2");
    EXPECT_EQ(sink_.findings[0].detail,
              "opened with the password \"x\\x0a9\" from the message's subject");
}

TEST_F(AttachmentEngine, NothingIsRememberedFromTheMessageBefore)
{
    show("2", "letter.docx", ooxml);
    start_message();
    show_member("2!word/run.js", "x()");
    EXPECT_THAT(ids(), Contains("attachment.script_in_archive"));
}

} // namespace
} // namespace watchpost::inspect
