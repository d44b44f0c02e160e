// A user name and password that can be sent: nothing in them ends a command.
//
// The password is wiped when it goes. Not thread-safe.
#pragma once

#include <string>

#include "base/error.h"

namespace watchpost::pop3 {

class Credentials {
public:
    /// Refuses an empty name, CR, LF and NUL (they would smuggle a command) and what is longer than
    /// credential_bytes_max. The message names the field.
    [[nodiscard]] static base::Result<Credentials> make(std::string user, std::string password);
    ~Credentials();
    Credentials(Credentials&&) = default;
    Credentials(const Credentials&) = default;
    Credentials& operator=(Credentials&&) = default;
    Credentials& operator=(const Credentials&) = default;

    [[nodiscard]] const std::string& user() const noexcept { return user_; }
    [[nodiscard]] const std::string& password() const noexcept { return password_; }

private:
    Credentials(std::string user, std::string password);

    std::string user_;
    std::string password_;
};

} // namespace watchpost::pop3
