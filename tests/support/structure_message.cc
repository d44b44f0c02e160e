#include "support/structure_message.h"

#include <filesystem>
#include <map>
#include <sstream>

#include <iconv.h>

#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::test {

namespace {

const std::filesystem::path folder =
    std::filesystem::path{WATCHPOST_SOURCE_DIR} / "tests/fixtures/structures";

std::string hexed(const std::string& bytes, const char* digits)
{
    std::string text;
    std::size_t in_line = 0;
    for (const char c : bytes) {
        const auto octet = static_cast<unsigned char>(c);
        text += {'=', digits[octet >> 4U], digits[octet & 15U]};
        if (++in_line % 20 == 0) {
            text += "=\n";
        }
    }
    return text;
}

std::string uu_lines(const std::string& bytes)
{
    const auto digit = [](unsigned value) {
        return static_cast<char>(value == 0 ? '`' : ' ' + static_cast<int>(value));
    };
    std::string text;
    constexpr std::size_t octets_in_line = 45;
    for (std::size_t at = 0; at < bytes.size(); at += octets_in_line) {
        auto line = bytes.substr(at, octets_in_line);
        text += digit(static_cast<unsigned>(line.size()));
        line.resize((line.size() + 2) / 3 * 3, '\0');
        for (std::size_t i = 0; i < line.size(); i += 3) {
            unsigned group = 0;
            for (const char c : line.substr(i, 3)) {
                group = group << 8U | static_cast<unsigned char>(c);
            }
            for (const unsigned shift : {18U, 12U, 6U, 0U}) {
                text += digit(group >> shift & 63U);
            }
        }
        text += '\n';
    }
    return text + "`\nend";
}

/// One line; what may not stand in it is escaped.
std::string yencoded(const std::string& bytes)
{
    std::string text = "=ybegin line=128 size=" + std::to_string(bytes.size()) + " name=a.com\n";
    for (const char c : bytes) {
        const unsigned octet = (static_cast<unsigned char>(c) + 42U) & 0xffU;
        const bool is_critical = octet == 0 || octet == '\n' || octet == '\r' || octet == '=';
        text += is_critical ? "=" : "";
        text += static_cast<char>(is_critical ? octet + 64U : octet);
    }
    return text + "\n=yend size=" + std::to_string(bytes.size());
}

/// RFC 1741, bit by bit.
unsigned binhex_crc(const std::string& bytes)
{
    unsigned value = 0;
    for (const char c : bytes + std::string(2, '\0')) {
        for (unsigned bit = 8; bit-- > 0;) {
            const bool carries = (value & 0x8000U) != 0;
            value = ((value << 1U) & 0xffffU) | (static_cast<unsigned char>(c) >> bit & 1U);
            value ^= carries ? 0x1021U : 0U;
        }
    }
    return value;
}

std::string binhexed(const std::string& data)
{
    const auto number = [](std::size_t value, unsigned octets) {
        std::string text;
        while (octets-- > 0) {
            text += static_cast<char>(value >> (8U * octets) & 0xffU);
        }
        return text;
    };
    const auto with_crc = [&](const std::string& fork) {
        return fork + number(binhex_crc(fork), 2);
    };
    const std::string bytes = with_crc("\x05" + std::string{"a.com"} + '\0' + "TEXTttxt" +
                                       number(0, 2) + number(data.size(), 4) + number(0, 4)) +
                              with_crc(data) + with_crc("");
    const std::string alphabet =
        "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
    std::string text = "(This file must be converted with BinHex 4.0)\n:";
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
        const auto octet = [&](std::size_t at) {
            return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
        };
        const unsigned pair = octet(bit / 8) << 8U | octet(bit / 8 + 1);
        text += alphabet[pair >> (10U - bit % 8) & 63U];
        text += text.size() % 65 == 0 ? "\n" : "";
    }
    return text + ':';
}

std::string without_line_ends(std::string text)
{
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
    return text;
}

std::string with_junk(const std::string& text)
{
    std::string junked;
    for (const char c : text) {
        junked += c;
        junked += junked.size() % 11 == 10 ? "*" : "";
    }
    return junked;
}

/// Each few octets encoded by themselves, so that padding stands between them.
std::string padded_early(const std::string& bytes)
{
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 10) {
        text += without_line_ends(to_base64(bytes.substr(at, 10))) + '\n';
    }
    return text;
}

/// In a charset that ASCII is not written in; base64, so that mail can carry it.
std::string in_charset(const std::string& text, const char* charset)
{
    iconv_t const converter = iconv_open(charset, "UTF-8");
    std::string input = text;
    std::string output(8 * text.size(), '\0');
    char* from = input.data();
    char* to = output.data();
    std::size_t from_left = input.size();
    std::size_t to_left = output.size();
    iconv(converter, &from, &from_left, &to, &to_left);
    iconv(converter, nullptr, nullptr, &to, &to_left);
    iconv_close(converter);
    output.resize(output.size() - to_left);
    return to_base64(output);
}

/// ISO-2022: escapes that change nothing stand between the characters.
std::string with_escapes(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        escaped += std::string{c} + "\x1b(B";
    }
    return to_base64(escaped);
}

std::map<std::string, std::string> payloads()
{
    const std::string base64 = without_line_ends(to_base64(eicar()));
    return {{"<EICAR:base64>", base64.substr(0, 76) + '\n' + base64.substr(76)},
            {"<EICAR:base64-bare>", base64.substr(0, base64.find('='))},
            {"<EICAR:base64-junk>", with_junk(base64)},
            {"<EICAR:base64-padded>", padded_early(eicar())},
            {"<EICAR:base64-one-line>", std::string(1000, ' ') + base64},
            {"<EICAR:qp>", hexed(eicar(), "0123456789ABCDEF")},
            {"<EICAR:qp-lower>", hexed(eicar(), "0123456789abcdef")},
            {"<EICAR:uu>", "begin 644 a.com\n" + uu_lines(eicar())},
            {"<EICAR:uu-body>", uu_lines(eicar())},
            {"<EICAR:yenc>", yencoded(eicar())},
            {"<EICAR:binhex>", binhexed(eicar())},
            {"<EICAR:utf-16le>", in_charset(eicar(), "UTF-16LE")},
            {"<EICAR:utf-16be>", in_charset(eicar(), "UTF-16BE")},
            {"<EICAR:utf-16-with-mark>", in_charset("\xef\xbb\xbf" + eicar(), "UTF-16LE")},
            {"<EICAR:utf-32le>", in_charset(eicar(), "UTF-32LE")},
            {"<EICAR:utf-7>", in_charset(eicar(), "UTF-7")},
            {"<EICAR:ebcdic>", in_charset(eicar(), "IBM037")},
            {"<EICAR:iso-2022>", with_escapes(eicar())},
            {"<OTHER:base64>", to_base64("what other programs decode")},
            {"<CR>", "\r"}};
}

void replace(std::string& text, const std::string& from, const std::string& to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string with_crlf(const std::string& text)
{
    std::string lines;
    for (const char c : text) {
        lines += c == '\n' && !lines.ends_with("\r") ? "\r\n" : std::string(1, c);
    }
    return lines;
}

} // namespace

std::vector<StructureRow> structure_rows()
{
    std::vector<StructureRow> rows;
    std::istringstream lines{read_file(folder / "MANIFEST.tsv")};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells{line};
        StructureRow row;
        for (auto* const cell : {&row.name, &row.path, &row.reading, &row.standard, &row.what}) {
            std::getline(cells, *cell, '\t');
        }
        if (!line.starts_with('#')) {
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::string structure_message(const std::string& name)
{
    std::string text = read_file(folder / (name + ".eml"));
    for (const auto& [placeholder, payload] : payloads()) {
        if (placeholder != "<CR>") {
            replace(text, placeholder, payload);
        }
    }
    text = with_crlf(text);
    const std::string begin_mark = "<BASE64-BEGIN>";
    const std::string end_mark = "<BASE64-END>";
    if (const auto begin = text.find(begin_mark); begin != std::string::npos) {
        const auto inner = begin + begin_mark.size();
        const auto end = text.find(end_mark);
        text = text.substr(0, begin) + to_base64(text.substr(inner, end - inner)) +
               text.substr(end + end_mark.size());
    }
    replace(text, "<CR>", "\r");
    return text;
}

} // namespace watchpost::test
