// Who may do what: one row an operation of schema/openapi.yaml, one column a role. The cells are
// those of the answered product's permission table, as far as there is something to permit.
//
// Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store/records.h"

namespace watchpost::api {

struct Permission {
    std::string_view operation; // operationId
    std::string_view method;    // "GET"
    std::string_view pattern;   // below /api/v1: "/alerts/{alert_id}"
    bool administrator = false;
    bool senior_security_officer = false;
    bool security_officer = false;
    bool security_auditor = false;

    [[nodiscard]] bool is_for(store::Role role) const noexcept;
    [[nodiscard]] bool is_for(const std::vector<store::Role>& roles) const noexcept;
};

/// In the order of the contract.
[[nodiscard]] std::span<const Permission> permission_table() noexcept;

} // namespace watchpost::api
