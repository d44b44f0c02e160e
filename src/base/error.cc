#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace watchpost::base {

std::string_view to_string(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::invalid_argument:
        return "invalid_argument";
    case ErrorCode::not_found:
        return "not_found";
    case ErrorCode::permission_denied:
        return "permission_denied";
    case ErrorCode::io_failed:
        return "io_failed";
    case ErrorCode::disk_full:
        return "disk_full";
    case ErrorCode::damaged:
        return "damaged";
    case ErrorCode::limit_exceeded:
        return "limit_exceeded";
    case ErrorCode::timed_out:
        return "timed_out";
    case ErrorCode::cancelled:
        return "cancelled";
    case ErrorCode::name_not_resolved:
        return "name_not_resolved";
    case ErrorCode::connect_failed:
        return "connect_failed";
    case ErrorCode::connection_lost:
        return "connection_lost";
    case ErrorCode::tls_failed:
        return "tls_failed";
    case ErrorCode::certificate_rejected:
        return "certificate_rejected";
    case ErrorCode::protocol_violation:
        return "protocol_violation";
    case ErrorCode::refused_by_server:
        return "refused_by_server";
    case ErrorCode::auth_rejected:
        return "auth_rejected";
    case ErrorCode::busy:
        return "busy";
    case ErrorCode::unsupported:
        return "unsupported";
    case ErrorCode::engine_failed:
        return "engine_failed";
    case ErrorCode::internal:
        return "internal";
    }
    return "unknown";
}

std::string Error::describe() const
{
    std::string text;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        text += *step;
        text += ": ";
    }
    text += to_string(code_);
    text += ": ";
    text += message_;
    return text;
}

namespace {

ErrorCode code_of(int errno_value) noexcept
{
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
        return ErrorCode::disk_full;
    case EACCES:
    case EPERM:
    case EROFS:
        return ErrorCode::permission_denied;
    case ENOENT:
    case ENOTDIR:
        return ErrorCode::not_found;
    default:
        return ErrorCode::io_failed;
    }
}

} // namespace

Error system_error(std::string_view what, int errno_value)
{
    const ErrorCode code = code_of(errno_value);
    const bool passes = code == ErrorCode::disk_full || code == ErrorCode::io_failed;
    std::string message{what};
    message += ": ";
    message += std::generic_category().message(errno_value);
    return Error{code, passes ? Retry::later : Retry::never, std::move(message)};
}

} // namespace watchpost::base
