// The rows of the truth table in docs/tls-policies.md: what the server presents and what the
// administrator has set, by the row's id.
#pragma once

#include <string>
#include <vector>

#include "net/tests/support/certificate_maker.h"

namespace watchpost::net::test {

struct Presented {
    Identity identity;
    std::vector<Certificate> sent = {};     // after the leaf
    std::vector<Certificate> uploaded = {}; // the CA file
    std::string server = "mail.example.test";
    std::string certificate_name = {};
};

[[nodiscard]] std::vector<std::string> presented_ids();
[[nodiscard]] Presented present(const std::string& id);

} // namespace watchpost::net::test
