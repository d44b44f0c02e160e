// One Received field: the clauses of RFC 5321 §4.4 and its date. Reads what real servers write,
// whose comments and clauses keep to no grammar. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace watchpost::message {

/// Clauses as text, comments that follow a clause included, UTF-8; empty where absent.
struct Received {
    std::string from; // "mail.example (mail.example [192.0.2.1])"
    std::string by;
    std::string with;
    std::string id;
    std::string for_address;
    std::optional<base::Instant> time;
};

[[nodiscard]] Received parse_received(std::string_view raw);

} // namespace watchpost::message
