#include <gtest/gtest.h>

#include "unpack/dde_formula.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using References = std::vector<std::string>;

References references_of(const std::string& xml)
{
    return Unpacked::of(xml).references;
}

std::string relationships(const std::string& inner)
{
    return "<?xml version=\"1.0\"?>\r\n<Relationships xmlns=\"http://schemas.openxmlformats.org/"
           "package/2006/relationships\">" +
           inner + "</Relationships>";
}

std::string relationship(const std::string& type, const std::string& target,
                         const std::string& mode = "External")
{
    return "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
           "relationships/" +
           type + "\" Target=\"" + target + "\" TargetMode=\"" + mode + "\"/>";
}

std::string document(const std::string& inner)
{
    return "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/"
           "wordprocessingml/2006/main\"><w:body>" +
           inner + "</w:body></w:document>";
}

std::string mark(const std::string& type)
{
    return "<w:r><w:fldChar w:fldCharType=\"" + type + "\"/></w:r>";
}

std::string code(const std::string& text)
{
    return "<w:r><w:instrText xml:space=\"preserve\">" + text + "</w:instrText></w:r>";
}

std::string wide(const std::string& text)
{
    std::string result{"\xFF\xFE"};
    for (const char c : text) {
        result += {c, '\0'};
    }
    return result;
}

TEST(OfficeXml, ExternalTargetsAreReferences)
{
    const auto xml = relationships(relationship("attachedTemplate", "https://a.example/t.dotm") +
                                   relationship("hyperlink", "https://b.example/?x=1&amp;y=2") +
                                   relationship("oleObject", "\\\\c.example\\share\\o.doc") +
                                   relationship("styles", "styles.xml", "Internal"));
    const References expected{"load https://a.example/t.dotm", "link https://b.example/?x=1&y=2",
                              "load \\\\c.example\\share\\o.doc"};
    EXPECT_EQ(references_of(xml), expected);
    EXPECT_EQ(references_of(wide(xml)), expected);
}

TEST(OfficeXml, TemplateOfTheMachineItselfIsNotFetched)
{
    EXPECT_EQ(references_of(relationships(
                  relationship("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm"))),
              References{"link file:///C:\\Users\\a\\Normal.dotm"});
}

TEST(OfficeXml, FieldInOnePieceAndInMany)
{
    const References expected{"dde c:\\windows\\cmd.exe \"/k calc\""};
    EXPECT_EQ(references_of(document("<w:fldSimple w:instr=\"DDEAUTO c:\\\\windows\\\\cmd.exe "
                                     "&quot;/k calc&quot;\"/>")),
              expected);
    EXPECT_EQ(references_of(document(mark("begin") + code("DD") + code("EAU") +
                                     code("TO c:\\\\windows\\\\cmd.exe \"/k") + code(" calc\"") +
                                     mark("separate") + mark("end"))),
              expected);
}

TEST(OfficeXml, FieldWithoutItsMarksIsReadAllTheSame)
{
    EXPECT_EQ(references_of(document(code("DDE excel x"))), References{"dde excel x"});
    EXPECT_EQ(references_of(document(mark("begin") + code("DDE excel x"))),
              References{"dde excel x"});
}

TEST(OfficeXml, NestedFieldOfCharacterNumbersIsPutTogether)
{
    EXPECT_EQ(references_of(document(mark("begin") + code("DDE ") + mark("begin") +
                                     code("QUOTE 99 109 100") + mark("separate") + code("x") +
                                     mark("end") + code(" /k") + mark("separate") + mark("end"))),
              References{"dde cmd /k"});
}

TEST(OfficeXml, DdeOfSpreadsheets)
{
    EXPECT_EQ(references_of("<externalLink xmlns=\"http://schemas.openxmlformats.org/"
                            "spreadsheetml/2006/main\"><ddeLink ddeService=\"cmd\" "
                            "ddeTopic=\"/c calc\"/></externalLink>"),
              References{"dde cmd|/c calc"});
    EXPECT_EQ(references_of("<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:"
                            "office:spreadsheet\"><Cell ss:Formula=\"=cmd|'/c calc'!A0\"/>"
                            "<Cell ss:Formula=\"=A1|B1\"/></Workbook>"),
              References{"dde =cmd|'/c calc'!A0"});
}

TEST(OfficeXml, OtherTextsAreNone)
{
    for (const auto& text : {"wordprocessingml"s, "<svg xmlns='x'/>"s, ""s}) {
        EXPECT_NE(container_format(base::as_bytes(text)), "office xml") << text;
    }
}

TEST(OfficeXml, StopsCleanlyAtEveryOffset)
{
    const auto xml = document(mark("begin") + code("DDE ") + mark("begin") + code("QUOTE 99") +
                              mark("end") + code("m /k") + mark("end"));
    for (std::size_t size = 0; size <= xml.size(); ++size) {
        EXPECT_LE(references_of(xml.substr(0, size)).size(), 1U);
        EXPECT_LE(references_of(wide(xml).substr(0, 2 * size + 1)).size(), 1U);
    }
}

TEST(OfficeXml, CodeIsCutAndDepthIsBounded)
{
    std::string deep;
    for (int i = 0; i < 10'000; ++i) {
        deep += mark("begin") + code("x");
    }
    EXPECT_TRUE(references_of(document(deep)).empty());
    const auto found = references_of(document(code("DDE a " + std::string(100'000, 'x'))));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_LE(found[0].size(), 8'200U);
}

TEST(DdeFormula, IsFoundInCells)
{
    EXPECT_EQ(find_dde_formula("a,b\n1,=cmd|'/C calc'!A0,x"), "=cmd|'/C calc'!");
    EXPECT_EQ(find_dde_formula("\"@SUM(1+1)*cmd|' /C calc'!A0\""), "\"@SUM(1+1)*cmd|' /C calc'!");
    EXPECT_EQ(find_dde_formula("x;-1+cmd|' /C a;b'!A0"), "-1+cmd|' /C a;b'!");
    EXPECT_EQ(find_dde_formula("x\t+MSEXCEL|'\\..\\cmd.exe /c'!''"),
              "+MSEXCEL|'\\..\\cmd.exe /c'!");
}

TEST(DdeFormula, OtherCellsAreNone)
{
    for (const char* const text :
         {"a|b|c!", "=A1+B1", "=1|2", "- item | more\n!", "name,-5|x", "", "=|'x'!A0", "2|3!,=x"}) {
        EXPECT_EQ(find_dde_formula(text), "") << text;
    }
}

} // namespace
} // namespace watchpost::unpack::test
