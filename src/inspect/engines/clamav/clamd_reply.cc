#include "inspect/engines/clamav/clamd_reply.h"

#include "base/bytes.h"

namespace watchpost::inspect::clamav {

namespace {

/// Takes `end` off the end of `text`; false where it does not stand there or nothing is left.
bool drop_suffix(std::string_view& text, std::string_view end) noexcept
{
    if (text.size() <= end.size() || !text.ends_with(end)) {
        return false;
    }
    text.remove_suffix(end.size());
    return true;
}

/// "fd[10]: " off the front: the number is clamd's own and says nothing to us.
bool drop_file_name(std::string_view& text) noexcept
{
    if (!text.starts_with("fd[")) {
        return false;
    }
    const auto end = text.find("]: ");
    if (end == std::string_view::npos || !base::parse_decimal(text.substr(3, end - 3))) {
        return false;
    }
    text.remove_prefix(end + 3);
    return true;
}

bool tells_limit(std::string_view text) noexcept
{
    // The first where AlertExceedsMax is on, the others as errors.
    return text.starts_with("Heuristics.Limits.Exceeded") ||
           text.find("size limit exceeded") != std::string_view::npos ||
           text.find("imit reached") != std::string_view::npos;
}

bool is_printable(std::string_view text) noexcept
{
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return false;
        }
    }
    return true;
}

} // namespace

std::optional<SessionReply> parse_session_reply(std::string_view line) noexcept
{
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = base::parse_decimal(line.substr(0, colon));
    if (!number) {
        return std::nullopt;
    }
    return SessionReply{*number, line.substr(colon + 2)};
}

ScanReply parse_scan_reply(std::string_view text)
{
    const std::string whole{text};
    const bool is_about_file = drop_file_name(text);
    if (!is_printable(text)) {
        return {ScanOutcome::malformed, whole};
    }
    if (is_about_file && text == "OK") {
        return {ScanOutcome::clean, {}};
    }
    if (is_about_file && drop_suffix(text, " FOUND")) {
        return {tells_limit(text) ? ScanOutcome::limit_reached : ScanOutcome::found,
                std::string{text}};
    }
    if (drop_suffix(text, " ERROR")) {
        return {tells_limit(text) ? ScanOutcome::limit_reached : ScanOutcome::failed,
                std::string{text}};
    }
    return {ScanOutcome::malformed, whole};
}

} // namespace watchpost::inspect::clamav
