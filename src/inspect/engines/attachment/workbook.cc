#include "inspect/engines/attachment/workbook.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "inspect/engines/attachment/little_endian.h"

namespace watchpost::inspect::attachment {
namespace {

using base::ByteView;
using std::string_view;
using namespace std::string_view_literals;

constexpr std::size_t text_characters_max = 1'024;

// [MS-XLS] §2.3: types of records.
constexpr std::uint16_t name_record = 0x0018;          // Lbl
constexpr std::uint16_t bound_sheet_record = 0x0085;   // BoundSheet8
constexpr std::uint16_t external_book_record = 0x01AE; // SupBook

unsigned octet_at(ByteView bytes, std::size_t at)
{
    return at < bytes.size() ? std::to_integer<unsigned>(bytes[at]) : 0U;
}

/// Characters beyond ASCII become "?": what is looked for and shown are commands.
std::string narrow_text(ByteView bytes, std::size_t characters, std::size_t width)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(characters, text_characters_max); ++i) {
        if ((i + 1) * width > bytes.size()) {
            break;
        }
        const auto low = octet_at(bytes, i * width);
        const bool is_ascii = low < 0x80 && (width == 1 || octet_at(bytes, i * width + 1) == 0);
        text += is_ascii ? static_cast<char>(low) : '?';
    }
    return text;
}

/// §2.4.28: offset 4 is the state of hiding, offset 5 the type; 1 is a sheet of macros.
void read_sheet(ByteView record, WorkbookFacts& facts)
{
    if (octet_at(record, 5) == 1) {
        facts.has_macro_sheet = true;
        facts.has_hidden_macro_sheet =
            facts.has_hidden_macro_sheet || (octet_at(record, 4) & 0x03U) != 0;
    }
}

constexpr std::array auto_names{"auto_open"sv, "auto_close"sv,      "auto_activate"sv,
                                "auto_exec"sv, "auto_deactivate"sv, "autoopen"sv};

bool is_auto_name(string_view name)
{
    const auto small = base::lower_case(name);
    return std::ranges::any_of(auto_names,
                               [&](string_view known) { return small.starts_with(known); });
}

/// §2.4.150: the flag fBuiltin and one character for Auto_Open (1), Auto_Close (2), Auto_Activate
/// (0x0A) and Auto_Deactivate (0x0B), or the name in full, as old writers have it.
void read_name(ByteView record, WorkbookFacts& facts)
{
    constexpr std::size_t text_offset = 14;
    const auto flags = little_u16(record, 0).value_or(0);
    const auto characters = octet_at(record, 3);
    const bool has_width = octet_at(record, text_offset) <= 1; // BIFF8; BIFF5 has the text at once
    const std::size_t width = has_width && octet_at(record, text_offset) == 1 ? 2 : 1;
    const auto text = base::slice(record, text_offset + (has_width ? 1U : 0U), record.size());
    if ((flags & 0x0020U) != 0) {
        const auto number = octet_at(text, 0);
        facts.has_auto_name =
            facts.has_auto_name || number == 1 || number == 2 || number == 0x0A || number == 0x0B;
    }
    facts.has_auto_name = facts.has_auto_name || is_auto_name(narrow_text(text, characters, width));
}

/// §2.4.271: the path "program\x03topic" where the book is a link by DDE or OLE.
void read_external_book(ByteView record, WorkbookFacts& facts)
{
    const auto characters = little_u16(record, 2).value_or(0);
    if (characters == 0 || characters > 0xFF || !facts.dde.empty()) {
        return; // the book itself, an add-in
    }
    const std::size_t width = (octet_at(record, 4) & 1U) != 0 ? 2 : 1;
    auto path = narrow_text(base::slice(record, 5, record.size()), characters, width);
    const auto bar = path.find('\x03');
    if (bar != std::string::npos && bar > 0) {
        path[bar] = '|';
        facts.dde = std::move(path);
    }
}

/// In octets or in UTF-16.
bool contains_any_case(ByteView bytes, string_view lower)
{
    std::string wide;
    for (const char c : lower) {
        wide += c;
        wide += '\0';
    }
    const auto text = base::lower_case(base::as_text(bytes));
    return text.find(lower) != std::string::npos || text.find(wide) != std::string::npos;
}

} // namespace

WorkbookFacts read_workbook_stream(ByteView stream)
{
    WorkbookFacts facts;
    while (true) {
        const auto type = little_u16(stream, 0);
        const auto size = little_u16(stream, 2);
        if (!type || !size) {
            return facts;
        }
        const auto record = base::slice(stream, 4, *size);
        if (*type == bound_sheet_record) {
            read_sheet(record, facts);
        } else if (*type == name_record) {
            read_name(record, facts);
        } else if (*type == external_book_record) {
            read_external_book(record, facts);
        }
        stream = base::slice(stream, std::size_t{4} + *size, stream.size());
    }
}

/// [MS-XLSB] §2.1.4: type and size in octets of seven bits; 360 is "E8 02".
std::string dde_of_external_link(ByteView part)
{
    constexpr std::uint16_t dde_link = 1;
    if (octet_at(part, 0) != 0xE8 || octet_at(part, 1) != 0x02) {
        return {};
    }
    std::size_t at = 2;
    while ((octet_at(part, at) & 0x80U) != 0 && at < 6) {
        ++at;
    }
    const auto record = base::slice(part, at + 1, part.size());
    if (little_u16(record, 0) != dde_link) {
        return {};
    }
    const auto program_size = little_u32(record, 2).value_or(0);
    const auto program = narrow_text(base::slice(record, 6, record.size()), program_size, 2);
    const auto topic_at = 6 + 2 * std::size_t{program_size};
    const auto topic_size = little_u32(record, topic_at).value_or(0);
    return program + '|' +
           narrow_text(base::slice(record, topic_at + 4, record.size()), topic_size, 2);
}

bool declares_macro_sheet(ByteView content_types)
{
    return contains_any_case(content_types, "macrosheet");
}

bool has_auto_name(ByteView workbook)
{
    return contains_any_case(workbook, "_xlnm.auto_");
}

WorkbookFacts read_sylk(string_view text)
{
    WorkbookFacts facts;
    if (!text.starts_with("ID;")) {
        return facts;
    }
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto small = base::lower_case(line.substr(0, text_characters_max));
        if (small.starts_with("o;") && (small + ';').find(";e;") != std::string::npos) {
            facts.has_macro_sheet = true;
        }
        if (small.starts_with("nn;")) {
            const auto at = small.find(";n", 2);
            facts.has_auto_name =
                facts.has_auto_name ||
                (at != std::string::npos && is_auto_name(string_view{small}.substr(at + 2)));
        }
    }
    return facts;
}

} // namespace watchpost::inspect::attachment
