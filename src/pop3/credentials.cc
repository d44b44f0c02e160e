#include "pop3/credentials.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "pop3/limits.h"

namespace watchpost::pop3 {

namespace {

using base::ErrorCode;
using base::Retry;

base::Result<void> check(std::string_view field, std::string_view text)
{
    if (text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          std::string{field} +
                              " holds a line end or a NUL, which POP3 cannot carry");
    }
    if (text.size() > credential_bytes_max) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          std::string{field} + " is longer than " +
                              base::to_readable_bytes(credential_bytes_max));
    }
    return {};
}

} // namespace

Credentials::Credentials(std::string user, std::string password)
    : user_{std::move(user)}
    , password_{std::move(password)}
{
}

Credentials::~Credentials()
{
    password_.resize(password_.capacity()); // what a move left in the small buffer, too
    ::explicit_bzero(password_.data(), password_.size());
}

base::Result<Credentials> Credentials::make(std::string user, std::string password)
{
    if (user.empty()) {
        return base::fail(ErrorCode::invalid_argument, Retry::never, "the user name is empty");
    }
    if (auto checked = check("the user name", user); !checked) {
        return base::fail(std::move(checked).error());
    }
    if (auto checked = check("the password", password); !checked) {
        return base::fail(std::move(checked).error());
    }
    return Credentials{std::move(user), std::move(password)};
}

} // namespace watchpost::pop3
