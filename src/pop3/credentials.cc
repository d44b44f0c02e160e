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

/// RFC 4648 §4. Here alone: nothing else of the client speaks base 64.
std::string to_base64(std::string_view text)
{
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    encoded.reserve((text.size() + 2) / 3 * 4);
    for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            encoded += i <= text.size() ? alphabet[group >> (18U - 6U * i) & 0x3FU] : '=';
        }
    }
    return encoded;
}

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

std::string Credentials::sasl_plain() const
{
    using namespace std::string_literals;
    return to_base64("\0"s + user_ + "\0"s + password_);
}

} // namespace watchpost::pop3
