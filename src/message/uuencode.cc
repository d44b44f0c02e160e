#include "message/uuencode.h"

#include <cstdint>
#include <optional>

#include "message/ascii.h"
#include "message/charset.h"

namespace watchpost::message {

namespace {

struct Line {
    std::string_view text; // without the line end
    std::size_t next = 0;
};

Line line_at(std::string_view text, std::size_t at)
{
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, line_end - at);
    while (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return {line, std::min(line_end + 1, text.size())};
}

/// "begin 644 name": the name, nullopt where it is no begin line. Some programs write the whole
/// file mode.
std::optional<std::string_view> begin_name(std::string_view line)
{
    if (!line.starts_with("begin ")) {
        return std::nullopt;
    }
    line.remove_prefix(std::min(line.find_first_not_of(' ', 5), line.size()));
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '7') {
        ++digits;
    }
    constexpr std::size_t mode_digits_max = 6;
    if (digits < 3 || digits > mode_digits_max || digits == line.size() || line[digits] != ' ') {
        return std::nullopt;
    }
    return trim(line.substr(digits + 1));
}

std::uint32_t value_of(char c) // 0 to 63; a grave accent stands for a blank
{
    return (static_cast<unsigned char>(c) - 32U) & 63U;
}

bool is_data_character(char c)
{
    return c >= ' ' && c <= '`';
}

/// Octets that a line announces; nullopt where the line cannot be one of a block. Blanks at the end
/// may have been stripped on the way, and some programs add a check character.
std::optional<std::size_t> octets_of(std::string_view line)
{
    if (line.empty() || !is_data_character(line.front())) {
        return std::nullopt;
    }
    const std::size_t count = value_of(line.front());
    const std::size_t characters = (count + 2) / 3 * 4;
    const std::size_t there = line.size() - 1;
    if (there > characters + 2 || (there == 0 && count > 0)) {
        return std::nullopt;
    }
    for (const char c : line) {
        if (!is_data_character(c)) {
            return std::nullopt;
        }
    }
    return count;
}

void append_line(base::Bytes& bytes, std::string_view line, std::size_t count)
{
    const auto value = [&](std::size_t i) { return i < line.size() ? value_of(line[i]) : 0U; };
    for (std::size_t i = 1; count > 0; i += 4) {
        const std::uint32_t group =
            (value(i) << 18U) | (value(i + 1) << 12U) | (value(i + 2) << 6U) | value(i + 3);
        const std::size_t octets = std::min<std::size_t>(count, 3);
        for (std::size_t j = 0; j < octets; ++j) {
            bytes.push_back(static_cast<std::byte>((group >> (16U - 8U * j)) & 0xffU));
        }
        count -= octets;
    }
}

/// Reads from the line after "begin" to "end" or to the first line that is none of a block.
void read_body(std::string_view text, std::size_t at, UuBlock& block)
{
    block.is_damaged = true;
    block.end = at;
    while (at < text.size()) {
        const Line line = line_at(text, at);
        if (line.text == "end") {
            block.is_damaged = false;
            block.end = line.next;
            return;
        }
        const auto count = octets_of(line.text);
        if (!count && !line.text.empty()) {
            return;
        }
        if (count) {
            append_line(block.bytes, line.text, *count);
        }
        at = line.next;
        block.end = at;
    }
}

/// A begin line whose next line is one of a block, or "end" at once.
bool starts_block(std::string_view text, std::size_t after_begin)
{
    if (after_begin >= text.size()) {
        return false;
    }
    const std::string_view line = line_at(text, after_begin).text;
    if (line == "end") {
        return true;
    }
    const auto count = octets_of(line);
    return count && (*count == 0 || line.size() - 1 >= *count);
}

} // namespace

std::vector<UuBlock> find_uuencoded(base::ByteView bytes, std::size_t blocks_max)
{
    const std::string_view text = base::as_text(bytes);
    std::vector<UuBlock> blocks;
    std::size_t at = 0;
    while (at < text.size() && blocks.size() < blocks_max) {
        const std::size_t begin = text.find("begin ", at);
        if (begin == std::string_view::npos) {
            break;
        }
        at = begin + 6;
        if (begin > 0 && text[begin - 1] != '\n') {
            continue;
        }
        const Line line = line_at(text, begin);
        const auto name = begin_name(line.text);
        if (!name || !starts_block(text, line.next)) {
            continue;
        }
        UuBlock block;
        block.name = guess_to_utf8(*name);
        block.begin = begin;
        read_body(text, line.next, block);
        at = std::max(block.end, line.next);
        blocks.push_back(std::move(block));
    }
    return blocks;
}

} // namespace watchpost::message
