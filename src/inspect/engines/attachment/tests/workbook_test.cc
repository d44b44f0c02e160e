#include "inspect/engines/attachment/workbook.h"

#include <gtest/gtest.h>

namespace watchpost::inspect::attachment {
namespace {

using namespace std::string_literals;
using base::as_bytes;

std::string u16(std::size_t value)
{
    return {static_cast<char>(value), static_cast<char>(value >> 8U)};
}

std::string u32(std::size_t value)
{
    return u16(value) + u16(value >> 16U);
}

std::string wide(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        result += {c, '\0'};
    }
    return result;
}

std::string record(std::uint16_t type, const std::string& content)
{
    return u16(type) + u16(content.size()) + content;
}

std::string sheet(char hidden, char type)
{
    return record(0x85, u32(0) + hidden + type + "\x06\0Macro1"s);
}

std::string name(std::uint16_t flags, const std::string& text, bool is_wide = false)
{
    const auto written = is_wide ? "\1"s + wide(text) : "\0"s + text;
    return record(0x18, u16(flags) + '\0' + static_cast<char>(text.size()) + std::string(10, '\0') +
                            written);
}

const std::string begin = record(0x0809, std::string(16, '\0'));

WorkbookFacts facts_of(const std::string& stream)
{
    return read_workbook_stream(as_bytes(begin + stream));
}

TEST(Workbook, SheetOfMacrosIsFoundWithItsState)
{
    EXPECT_FALSE(facts_of(sheet(0, 0)).has_macro_sheet);
    EXPECT_FALSE(facts_of(sheet(2, 0)).has_hidden_macro_sheet);
    EXPECT_TRUE(facts_of(sheet(0, 1)).has_macro_sheet);
    EXPECT_FALSE(facts_of(sheet(0, 1)).has_hidden_macro_sheet);
    EXPECT_TRUE(facts_of(sheet(2, 1)).has_hidden_macro_sheet);
}

TEST(Workbook, NameThatRunsMacrosIsFoundInEachNotation)
{
    EXPECT_TRUE(facts_of(name(0x20, "\x01")).has_auto_name);
    EXPECT_FALSE(facts_of(name(0x20, "\x06")).has_auto_name) << "the area to print";
    EXPECT_TRUE(facts_of(name(0, "Auto_Open")).has_auto_name);
    EXPECT_TRUE(facts_of(name(0, "AUTO_OPEN_x", true)).has_auto_name);
    EXPECT_FALSE(facts_of(name(0, "Total")).has_auto_name);
}

TEST(Workbook, LinkByDdeIsGiven)
{
    const auto path = "cmd\x03/c calc"s;
    EXPECT_EQ(facts_of(record(0x1AE, u16(1) + u16(path.size()) + '\0' + path)).dde, "cmd|/c calc");
    EXPECT_EQ(facts_of(record(0x1AE, u16(1) + u16(path.size()) + '\1' + wide(path))).dde,
              "cmd|/c calc");
    EXPECT_EQ(facts_of(record(0x1AE, u16(1) + u16(0x0401))).dde, "") << "the book itself";
    EXPECT_EQ(facts_of(record(0x1AE, u16(1) + u16(6) + "\0C:\\a.x"s)).dde, "");
}

TEST(Workbook, LinkByDdeOfXlsbIsGiven)
{
    const auto link = [](std::uint16_t kind) {
        const auto content = u16(kind) + u32(3) + wide("cmd") + u32(7) + wide("/c calc");
        return "\xE8\x02"s + static_cast<char>(content.size()) + content;
    };
    EXPECT_EQ(dde_of_external_link(as_bytes(link(1))), "cmd|/c calc");
    EXPECT_EQ(dde_of_external_link(as_bytes(link(0))), "");
}

TEST(Workbook, PartsOfPackagesAreRead)
{
    EXPECT_TRUE(
        declares_macro_sheet(as_bytes("ContentType=\"application/vnd.ms-excel.macrosheet+xml\"")));
    EXPECT_FALSE(declares_macro_sheet(as_bytes("worksheet+xml")));
    EXPECT_TRUE(has_auto_name(as_bytes("<definedName name=\"_xlnm.Auto_Open\">")));
    EXPECT_TRUE(has_auto_name(as_bytes(wide("_xlnm.Auto_Open"))));
    EXPECT_FALSE(has_auto_name(as_bytes("_xlnm.Print_Area")));
}

TEST(Workbook, SylkIsRead)
{
    EXPECT_TRUE(read_sylk("ID;P\nO;E\nNN;NAuto_open;ER101C1;KOut Flank;F\n").has_macro_sheet);
    EXPECT_TRUE(read_sylk("ID;P\r\nO;L;E\r\nNN;NAuto_open;ER101C1\r\n").has_auto_name);
    EXPECT_FALSE(read_sylk("ID;PWXL;N;E\nO;L;D;V0;K47\nC;Y1;X1;K\"a\"\n").has_macro_sheet);
    EXPECT_FALSE(read_sylk("O;E\n").has_macro_sheet);
}

TEST(Workbook, StopsCleanlyAtEveryOffset)
{
    const auto path = "cmd\x03/c calc"s;
    const auto stream = begin + sheet(2, 1) + name(0, "Auto_Open", true) +
                        record(0x1AE, u16(1) + u16(path.size()) + '\1' + wide(path));
    for (std::size_t size = 0; size <= stream.size(); ++size) {
        const auto facts = read_workbook_stream(as_bytes(stream.substr(0, size)));
        EXPECT_LE(facts.dde.size(), path.size());
        (void)dde_of_external_link(as_bytes("\xE8\x02"s + stream.substr(0, size)));
        (void)read_sylk("ID;" + stream.substr(0, size));
    }
}

TEST(Workbook, SizesThatLieAreNotBelieved)
{
    EXPECT_EQ(facts_of(record(0x1AE, u16(1) + u16(0xFF) + "\1c"s)).dde, "");
    EXPECT_LE(dde_of_external_link(as_bytes("\xE8\x02\x10\x01\0\xFF\xFF\xFF\xFF"s)).size(), 1U);
}

} // namespace
} // namespace watchpost::inspect::attachment
