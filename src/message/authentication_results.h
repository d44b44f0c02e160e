// One Authentication-Results field: what a server says it found out about the sender. RFC 8601.
//
// Anybody can write such a field; whether its server is believed is not decided here. Reads what
// servers write (Microsoft 365 leaves its own name out). Linear, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// All texts UTF-8. Comments are left out.
struct AuthenticationProperty {
    std::string name; // "smtp.mailfrom", "header.d"; also what is no property ("action")
    std::string value;
};

struct AuthenticationResult {
    std::string method; // lower case: "spf", "dkim", "dmarc"
    std::string result; // lower case: "pass", "fail", "none"
    std::string reason;
    std::vector<AuthenticationProperty> properties;
};

struct AuthenticationResults {
    std::string server; // authserv-id, lower case; empty where the field gives none
    std::vector<AuthenticationResult> results;
    bool was_cut = false; // more than the limits below

    static constexpr std::size_t results_max = 100;
    static constexpr std::size_t properties_max = 30; // of one result
};

[[nodiscard]] AuthenticationResults parse_authentication_results(std::string_view raw);

} // namespace watchpost::message
