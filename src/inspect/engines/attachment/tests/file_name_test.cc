#include "inspect/engines/attachment/file_name.h"

#include <gtest/gtest.h>

namespace watchpost::inspect::attachment {
namespace {

TEST(FileName, TheExtensionIsTheOneThatWindowsActsOn)
{
    EXPECT_EQ(FileName::read("a.EXE").extension, "exe");
    EXPECT_EQ(FileName::read("a.exe. . ").extension, "exe");
    EXPECT_EQ(FileName::read("a.exe::$DATA").extension, "exe");
    EXPECT_EQ(FileName::read("folder.doc/a.js").extension, "js");
    EXPECT_EQ(FileName::read("..\\..\\a.vbs").extension, "vbs");
    EXPECT_EQ(FileName::read(".exe").extension, "exe");
    EXPECT_EQ(FileName::read("noextension").extension, "");
    EXPECT_EQ(FileName::read("").extension, "");
    EXPECT_EQ(FileName::read("...").extension, "");
}

TEST(FileName, ADoubleExtensionIsAnActiveOneBehindAHarmlessOne)
{
    EXPECT_TRUE(FileName::read("invoice.pdf.exe").has_double_extension);
    EXPECT_TRUE(FileName::read("invoice.PDF .SCR").has_double_extension);
    EXPECT_TRUE(FileName::read("photo.jpg.lnk").has_double_extension);
    EXPECT_TRUE(FileName::read("scan.docx.url").has_double_extension);
    EXPECT_TRUE(FileName::read("zip/letter.doc.js").has_double_extension);
}

TEST(FileName, HonestNamesWithSeveralDotsAreNoDoubleExtension)
{
    EXPECT_FALSE(FileName::read("archive.tar.gz").has_double_extension);
    EXPECT_FALSE(FileName::read("jquery.min.js").has_double_extension);
    EXPECT_FALSE(FileName::read("setup-1.2.3.exe").has_double_extension);
    EXPECT_FALSE(FileName::read("report.v2.pdf").has_double_extension);
    EXPECT_FALSE(FileName::read("page.html.txt").has_double_extension);
    EXPECT_FALSE(FileName::read(".pdf.exe").has_double_extension) << "nothing stands before it";
}

TEST(FileName, ALongRunOfBlanksBeforeAnActiveExtensionIsPadding)
{
    EXPECT_TRUE(FileName::read("invoice.pdf                    .exe").is_padded);
    EXPECT_TRUE(FileName::read("invoice.pdf                    .exe").has_double_extension);
    EXPECT_TRUE(FileName::read("a\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0\u00A0.scr").is_padded);
    EXPECT_FALSE(FileName::read("my  own  notes.exe").is_padded);
    EXPECT_FALSE(FileName::read("title                      one.pdf").is_padded);
}

TEST(FileName, ATurnedDirectionIsSeenAndUndone)
{
    const FileName name = FileName::read("invoice\u202Efdp.exe");
    EXPECT_TRUE(name.turns_direction);
    EXPECT_EQ(name.extension, "exe");
    EXPECT_TRUE(FileName::read("a\u2066b.doc").turns_direction);
}

TEST(FileName, HonestNamesInAnyScriptAreQuiet)
{
    for (const char* const name :
         {"Отчёт.docx", "\u05D3\u05D5\u05D7\u200F.pdf", "تقرير\u200E 2024.pdf", "报告.xlsx",
          "👩\u200D💻.png", "नमस्\u200Dते.txt", "Bildschirmfoto 10.15\u202FUhr.png",
          "tab\there.txt"}) {
        SCOPED_TRACE(name);
        const FileName read = FileName::read(name);
        EXPECT_FALSE(read.turns_direction);
        EXPECT_FALSE(read.has_invisible_characters);
    }
}

TEST(FileName, InvisibleCharactersAreSeenAndDoNotHideTheExtension)
{
    const FileName name = FileName::read("a.e\u200Bxe");
    EXPECT_TRUE(name.has_invisible_characters);
    EXPECT_EQ(name.extension, "exe");
    EXPECT_TRUE(FileName::read("a\u3164.pdf").has_invisible_characters);
    EXPECT_TRUE(FileName::read("a\x01.pdf").has_invisible_characters);
}

TEST(FileName, OctetsThatAreNoUtf8AreRead)
{
    EXPECT_EQ(FileName::read("\xFF\xFE\x80.exe").kind, ExtensionKind::program);
    EXPECT_EQ(FileName::read("\xE2\x80").extension, "");
}

TEST(FileName, AVeryLongExtensionIsNone)
{
    EXPECT_EQ(FileName::read("a." + std::string(10'000, 'x')).extension, "");
}

} // namespace
} // namespace watchpost::inspect::attachment
