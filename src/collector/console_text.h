// Errors in the words of the console: what was under way, what went wrong, and what to do about it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace watchpost::collector {

/// "log in: the server says …; check user name and password". Without the code of the error.
[[nodiscard]] std::string to_console_text(const base::Error& error);

/// What an operator can do where the message does not say it; may be empty.
[[nodiscard]] std::string_view remedy_for(base::ErrorCode code) noexcept;

/// The same, fit for who was spoken to: a mail server, or a token end point.
[[nodiscard]] std::string_view remedy_for(const base::Error& error);

/// Quoted text, cut to so many octets with an ellipsis: whole characters, valid UTF-8.
[[nodiscard]] std::string cut(std::string_view text, std::size_t bytes_max);

} // namespace watchpost::collector
