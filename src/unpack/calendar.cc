#include "unpack/calendar.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "unpack/names.h"
#include "unpack/text_base64.h"

namespace watchpost::unpack {
namespace {

/// RFC 5545 §3.1: a line goes on where the next one begins with a blank.
std::string take_line(std::string_view& text)
{
    std::string line;
    do {
        const auto end = std::min(text.find('\n'), text.size());
        auto piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.ends_with('\r')) {
            piece.remove_suffix(1);
        }
        line += line.empty() ? piece : piece.substr(1);
    } while (!line.empty() && (text.starts_with(' ') || text.starts_with('\t')));
    return line;
}

/// Where the value begins: behind the first colon that is not within quotes.
std::size_t value_begin(std::string_view line)
{
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        is_quoted = is_quoted != (line[i] == '"');
        if (line[i] == ':' && !is_quoted) {
            return i + 1;
        }
    }
    return line.size();
}

std::optional<std::string_view> parameter(std::string_view head, const std::string& name)
{
    const auto at = base::lower_case(head).find(';' + name + '=');
    if (at == std::string::npos) {
        return std::nullopt;
    }
    auto value = head.substr(at + name.size() + 2);
    const bool is_quoted = value.starts_with('"');
    value.remove_prefix(is_quoted ? 1 : 0);
    return value.substr(0, value.find_first_of(is_quoted ? "\"" : ";:"));
}

bool is_base64(std::string_view head)
{
    const auto encoding = base::lower_case(parameter(head, "encoding").value_or(""));
    return encoding == "base64" || encoding == "b" ||
           base::lower_case(head).find(";base64") != std::string::npos; // vCard 2.1
}

std::string file_name(std::string_view head)
{
    for (const char* name : {"filename", "x-filename", "x-apple-filename", "x-ms-filename"}) {
        if (const auto value = parameter(head, name); value && !value->empty()) {
            return name_from_octets(*value);
        }
    }
    auto property = base::lower_case(head.substr(0, head.find_first_of(";:")));
    return property.empty() ? "attachment" : property;
}

void refer_addresses(std::string_view value, Meter& meter)
{
    constexpr std::array schemes{"http://", "https://", "ftp://", "file://", "\\\\\\\\"};
    const auto small = base::lower_case(value);
    for (const std::string_view scheme : schemes) {
        for (auto at = small.find(scheme); at != std::string::npos;
             at = small.find(scheme, at + scheme.size())) {
            const auto end = value.find_first_of(" \t\"<>\\", at + scheme.size());
            meter.refer(
                {value.substr(at, end == value.npos ? end : end - at), Reference::Kind::link});
        }
    }
}

void read_line(std::string_view line, Meter& meter)
{
    const auto begin = value_begin(line);
    const auto head = line.substr(0, begin);
    const auto value = line.substr(begin);
    const auto data =
        base::lower_case(value.substr(0, 5)) == "data:" ? value.find(',') : value.npos;
    if (is_base64(head) || data != value.npos) {
        const auto octets = decode_text_base64(data == value.npos ? value : value.substr(data + 1));
        meter.deliver_whole({file_name(head), octets});
    } else {
        refer_addresses(line, meter);
    }
}

} // namespace

void unpack_calendar(base::ByteView bytes, Meter& meter)
{
    auto text = base::as_text(bytes);
    while (!text.empty() && meter.has_time()) {
        read_line(take_line(text), meter);
    }
}

} // namespace watchpost::unpack
