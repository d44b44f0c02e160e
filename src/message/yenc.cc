#include "message/yenc.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/checksums.h"

namespace watchpost::message {
namespace {

using std::string_view;

constexpr string_view begin_word = "=ybegin ";

struct Line {
    string_view text; // without the line end
    std::size_t next = 0;
};

Line line_at(string_view text, std::size_t at)
{
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    return {trim_end(text.substr(at, line_end - at)), std::min(line_end + 1, text.size())};
}

/// The value of " key=…" in a line of keywords, up to the next blank.
std::optional<string_view> value_of(string_view line, string_view key)
{
    for (auto at = line.find(key); at != string_view::npos; at = line.find(key, at + 1)) {
        const std::size_t equals = at + key.size();
        if (at > 0 && line[at - 1] == ' ' && equals < line.size() && line[equals] == '=') {
            const auto value = line.substr(equals + 1);
            return value.substr(0, value.find(' '));
        }
    }
    return std::nullopt;
}

std::optional<std::uint64_t> number_of(string_view line, string_view key)
{
    const auto value = value_of(line, key);
    return value ? base::parse_decimal(*value) : std::nullopt;
}

std::optional<std::uint32_t> checksum_of(string_view line, string_view key)
{
    const auto value = value_of(line, key);
    std::uint32_t number = 0;
    if (!value) {
        return std::nullopt;
    }
    const auto [end, error] =
        std::from_chars(value->data(), value->data() + value->size(), number, 16);
    return error == std::errc{} ? std::optional{number} : std::nullopt;
}

/// The name ends the line and may hold blanks.
struct Beginning {
    string_view keywords;
    string_view name;
};

std::optional<Beginning> read_beginning(string_view line)
{
    constexpr string_view name_key = " name=";
    const std::size_t name = line.find(name_key);
    if (name == string_view::npos) {
        return std::nullopt;
    }
    const Beginning beginning{line.substr(0, name), trim(line.substr(name + name_key.size()))};
    const bool is_one =
        number_of(beginning.keywords, "size") || value_of(beginning.keywords, "line");
    return is_one ? std::optional{beginning} : std::nullopt;
}

constexpr unsigned shift = 42;        // of each octet
constexpr unsigned escape_shift = 64; // more, behind "="

void append_line(base::Bytes& bytes, string_view line)
{
    for (std::size_t at = 0; at < line.size(); ++at) {
        unsigned octet = static_cast<unsigned char>(line[at]);
        if (line[at] == '=' && at + 1 < line.size()) {
            octet = static_cast<unsigned char>(line[++at]) - escape_shift;
        }
        bytes.push_back(static_cast<std::byte>((octet - shift) & 0xffU));
    }
}

/// As "=yend" says, and for a whole file "=ybegin".
std::string damage_of(const YencFile& file, string_view beginning, string_view ending)
{
    const auto size = number_of(ending, "size");
    const auto announced = file.part == 0 ? number_of(beginning, "size") : size;
    if ((size && *size != file.bytes.size()) || (announced && *announced != file.bytes.size())) {
        return "size";
    }
    const auto checksum = checksum_of(ending, file.part == 0 ? "crc32" : "pcrc32");
    if (checksum && *checksum != crc32(file.bytes)) {
        return "checksum";
    }
    return {};
}

/// From the line behind "=ybegin". No octet is written as "=y": such a line is one of keywords.
void read_body(string_view text, std::size_t at, string_view beginning, YencFile& file)
{
    file.damage = "no end";
    while (at < text.size()) {
        const std::size_t line_end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, line_end - at);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        const bool is_ending = line.starts_with("=yend");
        if (line.starts_with("=y") && !is_ending && !line.starts_with("=ypart ")) {
            break;
        }
        at = std::min(line_end + 1, text.size());
        file.end = at;
        if (is_ending) {
            file.damage = damage_of(file, beginning, line);
            return;
        }
        if (!line.starts_with("=y")) {
            append_line(file.bytes, line);
        }
    }
}

} // namespace

std::vector<YencFile> find_yencoded(base::ByteView bytes, std::size_t files_max)
{
    const string_view text = base::as_text(bytes);
    std::vector<YencFile> files;
    std::size_t at = 0;
    while (files.size() < files_max) {
        const std::size_t begin = text.find(begin_word, at);
        if (begin == string_view::npos) {
            break;
        }
        at = begin + begin_word.size();
        const Line line = line_at(text, begin);
        const auto beginning = read_beginning(line.text);
        if ((begin > 0 && text[begin - 1] != '\n') || !beginning) {
            continue;
        }
        YencFile file;
        file.name = guess_to_utf8(beginning->name);
        file.begin = begin;
        file.end = line.next;
        file.part = number_of(beginning->keywords, "part").value_or(0);
        file.parts = number_of(beginning->keywords, "total").value_or(0);
        read_body(text, line.next, beginning->keywords, file);
        at = file.end;
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace watchpost::message
