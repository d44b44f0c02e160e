#include "support/structure_message.h"

#include <filesystem>
#include <map>
#include <sstream>

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
