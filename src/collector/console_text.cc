#include "collector/console_text.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <string>

#include "diag/quote.h"

namespace watchpost::collector {

using base::ErrorCode;

namespace {

/// Where a token end point was asked and no mail server.
bool is_of_token(const base::Error& error)
{
    return std::ranges::any_of(error.steps(), [](const std::string& step) {
        return step == "fetch token" || step == "get device code";
    });
}

/// What the end point answers has its remedy in the message; read_tokens.
std::string_view token_remedy_for(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::name_not_resolved:
        return "check the address of the end point and the DNS of this machine";
    case ErrorCode::timed_out:
    case ErrorCode::connection_lost:
        return "check the address of the end point, and whether a firewall or the proxy stands "
               "between";
    case ErrorCode::tls_failed:
    case ErrorCode::limit_exceeded:
        return "check the address of the end point";
    case ErrorCode::protocol_violation:
    case ErrorCode::refused_by_server:
    case ErrorCode::busy:
    case ErrorCode::unsupported:
        return "";
    default:
        return remedy_for(code);
    }
}

/// The log-in worked: name, port, TLS mode and password are right.
bool is_after_login(const base::Error& error)
{
    constexpr std::array<std::string_view, 3> steps{"list the messages", "fetch the messages",
                                                    "delete the collected messages"};
    return std::ranges::any_of(error.steps(), [&](const std::string& step) {
        return std::ranges::find(steps, step) != steps.end();
    });
}

} // namespace

std::string_view remedy_for(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::name_not_resolved:
        return "check the name of the mail server and the DNS of this machine";
    case ErrorCode::timed_out:
        return "check port and TLS mode, and whether a firewall stands between";
    case ErrorCode::connection_lost:
        return "it is tried again by itself; if it stays, the log of the mail server tells why";
    case ErrorCode::tls_failed:
        return "check port, TLS mode and cipher suite";
    case ErrorCode::protocol_violation:
        return "check that a POP3 server answers at this port";
    case ErrorCode::refused_by_server:
        return "ask the administrator of the mail server";
    case ErrorCode::busy:
        return "another program may have the mailbox open: give Watchpost one of its own; or the "
               "server wants longer pauses: raise \"Receive every\"";
    case ErrorCode::disk_full:
        return "make room on that disk if it does not go on by itself; what is not stored "
               "stays where it is";
    case ErrorCode::io_failed:
    case ErrorCode::damaged:
        return "look after the disk of the spool";
    case ErrorCode::limit_exceeded:
        return "no mail server needs so much: check that a POP3 server answers at this port, and "
               "tell "
               "its administrator";
    case ErrorCode::permission_denied:
        return "give the user of the service the right to what is named";
    case ErrorCode::unsupported:
        return "choose what the server can do: `watchpost check pop3` and the page of the mailbox "
               "show its capabilities";
    case ErrorCode::cancelled:
        return "Watchpost was told to stop; the next poll goes on where this one ended";
    case ErrorCode::not_found:
        return "look whether somebody removed what is named while it was in use";
    case ErrorCode::engine_failed:
    case ErrorCode::internal:
        return "it is tried again by itself; if it stays, report it with the log";
    case ErrorCode::connect_failed: // these name their remedies themselves
    case ErrorCode::certificate_rejected:
    case ErrorCode::auth_rejected:
    case ErrorCode::invalid_argument:
        return "";
    }
    return "";
}

std::string_view remedy_for(const base::Error& error)
{
    if (is_after_login(error) &&
        (error.code() == ErrorCode::timed_out || error.code() == ErrorCode::tls_failed ||
         error.code() == ErrorCode::protocol_violation ||
         error.code() == ErrorCode::limit_exceeded)) {
        return remedy_for(ErrorCode::connection_lost);
    }
    return is_of_token(error) ? token_remedy_for(error.code()) : remedy_for(error.code());
}

std::string to_console_text(const base::Error& error)
{
    std::string text;
    for (const std::string& step : std::ranges::reverse_view(error.steps())) {
        text += step + ": ";
    }
    text += error.message();
    if (const auto remedy = remedy_for(error); !remedy.empty()) {
        text += "; " + std::string{remedy};
    }
    return text;
}

std::string cut(std::string_view text, std::size_t bytes_max)
{
    return text.size() <= bytes_max ? diag::to_valid_utf8(text)
                                    : diag::to_valid_utf8(text.substr(0, bytes_max)).append("…");
}

} // namespace watchpost::collector
