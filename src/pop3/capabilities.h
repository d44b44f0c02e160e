// What a server announces by CAPA. RFC 2449 §5, RFC 2595 §4, RFC 5034 §3.
//
// The answer differs before TLS, after TLS and after the log-in; each replaces the older one.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::pop3 {

struct Capabilities {
    bool known = false; // false: the server has no CAPA, or was not asked
    bool stls = false;
    bool user = false;
    bool uidl = false;
    bool pipelining = false;
    bool auth_codes = false; // AUTH-RESP-CODE: [AUTH] marks wrong credentials. RFC 3206 §6
    std::vector<std::string> mechanisms;             // of SASL, upper case
    std::optional<std::chrono::seconds> login_delay; // RFC 2449 §6.5
    std::optional<std::chrono::days> expire; // RFC 2449 §6.7; 0: what was fetched may go at once
    std::vector<std::string> lines;          // as sent, for people; quote before printing

    /// Takes one line of the answer; what we do not know is only kept in `lines`.
    void add(std::string_view line);

    [[nodiscard]] bool has_mechanism(std::string_view upper_case_name) const;
};

} // namespace watchpost::pop3
