// Real documents and real mail through the whole inspection: the reader, the unpacker, this engine.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/engines/attachment/attachment_engine.h"
#include "inspect/inspection.h"
#include "message/base64.h"
#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::inspect {
namespace {

using namespace std::string_literals;
using testing::IsSupersetOf;
using Ids = std::set<std::string>;
namespace fs = std::filesystem;

std::unique_ptr<Inspection> prepare()
{
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(make_attachment_engine());
    auto inspection = Inspection::prepare({}, std::move(engines));
    EXPECT_TRUE(inspection);
    return std::move(*inspection);
}

Report inspect_raw(Inspection& inspection, const std::string& raw)
{
    return inspection.run(base::as_bytes(raw),
                          {std::chrono::steady_clock::now() + std::chrono::minutes{1}}, nullptr);
}

class Samples : public testing::Test {
protected:
    void SetUp() override
    {
        if (test::shared_dir().empty()) {
            GTEST_SKIP() << "needs ../shared/corpus/attach/oletools";
        }
    }

    /// What is found about a sample that is sent as an attachment of this name (its own, if empty).
    static Ids ids_of(const std::string& sample, std::string filename = {})
    {
        const fs::path path =
            test::shared_dir() / "corpus/attach/oletools/tests/test-data" / sample;
        if (filename.empty()) {
            filename = path.filename().string();
        }
        const auto inspection = prepare();
        const Report report = inspect_raw(
            *inspection,
            test::make_message({test::attachment_part(filename, test::read_file(path))}));
        Ids ids;
        for (const verdict::Finding& finding : report.findings) {
            EXPECT_EQ(finding.part.find('!'), std::string::npos) << "told at the document";
            ids.insert(finding.id.substr(finding.id.find('.') + 1));
        }
        return ids;
    }
};

TEST_F(Samples, MacrosAreFoundInEachFormat)
{
    EXPECT_EQ(ids_of("oleform/oleform-PR314.docm"), (Ids{"macro", "macro_project"}));
    EXPECT_EQ(ids_of("olevba/sample_with_vba.ppt"), (Ids{"macro", "macro_project"}));
    EXPECT_THAT(ids_of("encrypted/autostart-encrypt-standardpassword.xls"),
                IsSupersetOf({"macro", "macro_autoexec", "encrypted_document"}));
}

TEST_F(Samples, MacrosUnderAnotherNameAreDisguised)
{
    EXPECT_EQ(ids_of("oleform/oleform-PR314.docm", "letter.docx"),
              (Ids{"macro", "macro_project", "macro_disguised"}));
    EXPECT_EQ(ids_of("oleform/oleform-PR314.docm", "letter.doc"),
              (Ids{"macro", "macro_project", "macro_disguised"}));
}

TEST_F(Samples, EmbeddedFilesAreFoundInEachFormat)
{
    for (const char* const extension : {"doc", "docx", "docm", "dot", "dotx", "xls", "xlsx", "xlsm",
                                        "xlsb", "xlt", "pptx", "ppsx", "odt", "ods", "odp"}) {
        SCOPED_TRACE(extension);
        EXPECT_EQ(ids_of("oleobj/embedded-simple-2007."s + extension), Ids{"embedded_object"});
    }
}

TEST_F(Samples, EmbeddedProgramsAreFound)
{
    EXPECT_EQ(ids_of("oleobj/sample_with_calc_embedded.doc"), Ids{"embedded_executable"});
    EXPECT_EQ(ids_of("oleobj/sample_with_lnk_file.doc"),
              (Ids{"embedded_executable", "launch_action"}));
    EXPECT_EQ(ids_of("oleobj/sample_with_lnk_to_calc.doc"), Ids{"embedded_executable"});
}

TEST_F(Samples, RemoteObjectsAreFoundInEachFormat)
{
    for (const char* const extension : {"docx", "docm", "dotx", "pptx", "potx", "xlsx", "xlsb"}) {
        SCOPED_TRACE(extension);
        EXPECT_EQ(ids_of("oleobj/external_link/sample_with_external_link_to_doc."s + extension),
                  Ids{"external_template"});
    }
}

TEST_F(Samples, DdeIsFoundInEachFormat)
{
    for (const char* const name :
         {"dde-test.docx", "dde-test.docm", "dde-test.xlsb", "dde-test.xlsm", "dde-test.xlsx",
          "dde-in-csv.csv", "dde-in-excel2003.xml"}) {
        SCOPED_TRACE(name);
        EXPECT_THAT(ids_of("msodde/"s + name), testing::Contains("dde"));
    }
}

TEST_F(Samples, EncryptedDocumentsAreFoundInEachFormat)
{
    for (const char* const extension : {"doc", "xls", "ppt"}) {
        SCOPED_TRACE(extension);
        EXPECT_EQ(ids_of("encrypted/encrypted."s + extension), Ids{"encrypted_document"});
    }
    // Their password is the name of the file, which is tried.
    for (const char* const extension : {"docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm"}) {
        SCOPED_TRACE(extension);
        EXPECT_EQ(ids_of("encrypted/encrypted."s + extension), Ids{"password_in_message"});
    }
}

TEST_F(Samples, WhatExcelsOwnPasswordHidesIsFound)
{
    for (const char* const extension : {"xlsb", "xlsm"}) {
        SCOPED_TRACE(extension);
        EXPECT_THAT(ids_of("encrypted/autostart-encrypt-standardpassword."s + extension),
                    IsSupersetOf({"macro", "macro_autoexec", "encrypted_document"}));
    }
    EXPECT_THAT(ids_of("encrypted/dde-test-encrypt-standardpassword.xlsx"),
                testing::Contains("dde"));
}

TEST_F(Samples, EncryptedArchivesAreFound)
{
    EXPECT_EQ(ids_of("msodde/dde-test-from-office2016.doc.zip"), Ids{"encrypted_archive"});
}

TEST_F(Samples, CleanDocumentsAreQuiet)
{
    for (const char* const name :
         {"msodde/harmless-clean.doc", "msodde/harmless-clean.docx", "msodde/harmless-clean.docm",
          "msodde/harmless-clean.xml", "other/presentation.xps", "msodde/RTF-Spec-1.7.rtf"}) {
        SCOPED_TRACE(name);
        EXPECT_EQ(ids_of(name), Ids{});
    }
}

// HTML smuggling: the browser puts the file together, so that no gateway sees it come.
TEST(SmuggledFiles, ProgramsThatScriptsAndAddressesHoldAreFound)
{
    std::string program(128, '\0');
    program.replace(0, 12, "MZ\x90\0\3\0\0\0\4\0\0\0"s);
    const std::string base64 = message::encode_base64(base::as_bytes(program));
    const auto zip =
        message::encode_base64(base::as_bytes(test::make_zip({{"invoice.exe", program}})));
    const auto inspection = prepare();
    for (const std::string& html : {
             "<script>var f = atob('" + base64 + "');</script>",
             "<body onload=\"save('" + base64 + "')\">",
             "<a download='invoice.pdf' href='data:application/pdf;base64," + base64 + "'>x</a>",
             "<iframe src='data:application/zip;base64," + zip + "'>",
         }) {
        const Report report =
            inspect_raw(*inspection, test::make_message({test::attachment_part("a.html", html)}));
        ASSERT_EQ(report.findings.size(), 1U) << html;
        EXPECT_EQ(report.findings[0].importance, verdict::Importance::high);
        EXPECT_TRUE(report.findings[0].part.starts_with("1!")) << report.findings[0].part;
    }
}

TEST(HonestMail, RaisesNothingAboveLow)
{
    const auto shared = test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "needs ../shared/corpus/mail/spamassassin";
    }
    const auto inspection = prepare();
    std::size_t messages = 0;
    std::size_t low = 0;
    for (const char* const folder : {"easy-ham-1", "easy-ham-2", "hard-ham-1"}) {
        for (const auto& entry :
             fs::directory_iterator{shared / "corpus/mail/spamassassin" / folder}) {
            ++messages;
            const Report report = inspect_raw(*inspection, test::read_file(entry.path()));
            for (const verdict::Finding& finding : report.findings) {
                low += finding.importance == verdict::Importance::low ? 1 : 0;
                EXPECT_LE(finding.importance, verdict::Importance::low)
                    << entry.path() << ": " << finding.id << ": " << finding.detail;
            }
        }
    }
    EXPECT_GT(messages, 1000U);
    EXPECT_LE(low * 500, messages) << "low findings on honest mail";
}

} // namespace
} // namespace watchpost::inspect
