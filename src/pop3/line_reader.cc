#include "pop3/line_reader.h"

#include "pop3/limits.h"

namespace watchpost::pop3 {

using base::ErrorCode;
using base::Retry;

base::Result<std::string_view> LineReader::checked(std::string_view with_line_end) const
{
    if (!with_line_end.ends_with("\r\n")) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "a reply line ends with a bare LF instead of CRLF");
    }
    with_line_end.remove_suffix(2);
    return with_line_end;
}

base::Result<std::optional<std::string_view>> LineReader::next(base::ByteView& input)
{
    if (is_complete_) {
        pending_.clear();
        is_complete_ = false;
    }
    const std::string_view text = base::as_text(input);
    const auto line_feed = text.substr(0, line_bytes_max + 1).find('\n');
    const auto taken =
        text.substr(0, line_feed == std::string_view::npos ? line_feed : line_feed + 1);
    if (pending_.size() + taken.size() > line_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::later,
                          "a reply line is longer than " + base::to_readable_bytes(line_bytes_max));
    }
    input = input.subspan(taken.size());
    if (line_feed == std::string_view::npos) {
        pending_.append(taken);
        return std::optional<std::string_view>{};
    }
    std::string_view line = taken;
    if (!pending_.empty()) {
        pending_.append(taken);
        is_complete_ = true;
        line = pending_;
    }
    const auto whole = checked(line);
    if (!whole) {
        return base::fail(whole.error());
    }
    return std::optional{*whole};
}

} // namespace watchpost::pop3
