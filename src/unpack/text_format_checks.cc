#include "unpack/text_format_checks.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace watchpost::unpack {
namespace {

/// The beginning, in lower case, from the first character that is no blank; empty where that is
/// another than `first`: most leaves cost no copy.
std::string head_of(base::ByteView bytes, char first)
{
    constexpr std::size_t looked_at_bytes_max = 4096;
    auto text = base::as_text(base::slice(bytes, 0, looked_at_bytes_max));
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f"), text.size()));
    if (text.empty() || (text.front() | 0x20) != (first | 0x20)) {
        return {};
    }
    return base::lower_case(text);
}

/// Behind one declaration or comment; npos where `text` begins with none.
std::size_t end_of_declaration(std::string_view text)
{
    const auto behind = [&](std::string_view mark) {
        const auto at = text.find(mark);
        return at == text.npos ? text.size() : at + mark.size();
    };
    if (text.starts_with("<?")) {
        return behind("?>");
    }
    if (text.starts_with("<!--")) {
        return behind("-->");
    }
    if (!text.starts_with("<!doctype")) {
        return text.npos;
    }
    const auto subset = text.find('[');
    return subset < text.find('>') ? behind("]>") : behind(">");
}

} // namespace

bool is_internet_shortcut(base::ByteView bytes)
{
    const auto head = head_of(bytes, '[');
    return head.starts_with('[') && head.find("[internetshortcut") != std::string::npos;
}

bool is_calendar(base::ByteView bytes)
{
    const auto head = head_of(bytes, 'b');
    return head.starts_with("begin:vcalendar") || head.starts_with("begin:vcard");
}

bool is_svg(base::ByteView bytes)
{
    const auto head = head_of(bytes, '<');
    std::string_view text = head;
    for (auto end = end_of_declaration(text); end != text.npos; end = end_of_declaration(text)) {
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f"), text.size()));
        if (text.empty()) {
            return false;
        }
    }
    if (!text.starts_with('<')) {
        return false;
    }
    const auto name = text.substr(1, text.find_first_of(" \t\r\n\f/>", 1) - 1);
    return name == "svg" || name.ends_with(":svg");
}

} // namespace watchpost::unpack
