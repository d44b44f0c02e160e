#include "inspect/message_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/ascii.h"

namespace watchpost::inspect {

using base::equals_ignoring_case;

namespace {

constexpr std::size_t looked_at_bytes_max = std::size_t{64} * 1024;
constexpr std::size_t known_fields_min = 2;

constexpr std::array<std::string_view, 15> known_fields{
    "received",    "from",   "to",       "date",         "subject",
    "message-id",  "sender", "reply-to", "mime-version", "content-type",
    "return-path", "cc",     "bcc",      "delivered-to", "content-transfer-encoding"};

/// RFC 5322 §3.6.8: printable US-ASCII without the colon.
bool is_field_name(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7F; });
}

std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

} // namespace

/// Mail programs open these by their name, whatever is in them.
bool is_named_as_message(std::string_view filename)
{
    constexpr std::array<std::string_view, 3> endings{".eml", ".mht", ".mhtml"};
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        return filename.size() >= ending.size() &&
               equals_ignoring_case(filename.substr(filename.size() - ending.size()), ending);
    });
}

bool is_message_file(base::ByteView bytes, std::string_view filename)
{
    auto text = base::as_text(bytes.first(std::min(bytes.size(), looked_at_bytes_max)));
    if (text.starts_with("From ")) {
        take_line(text);
    }
    std::array<bool, known_fields.size()> seen{};
    bool is_first = true;
    while (!text.empty()) {
        const auto line = take_line(text);
        const bool is_continuation = line.starts_with(' ') || line.starts_with('\t');
        if (line.empty() || (is_continuation && is_first)) {
            break;
        }
        is_first = false;
        const auto colon = line.find(':');
        const auto name = line.substr(0, colon == std::string_view::npos ? 0 : colon);
        if (is_continuation) {
            continue;
        }
        if (!is_field_name(name)) {
            break;
        }
        for (std::size_t i = 0; i < known_fields.size(); ++i) {
            seen.at(i) = seen.at(i) || equals_ignoring_case(name, known_fields.at(i));
        }
    }
    const std::size_t wanted = is_named_as_message(filename) ? 1 : known_fields_min;
    return static_cast<std::size_t>(std::ranges::count(seen, true)) >= wanted;
}

} // namespace watchpost::inspect
