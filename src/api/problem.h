// Private: what goes wrong, as the answer of the API. RFC 9457.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/backend.h"
#include "base/error.h"
#include "http/message.h"

namespace watchpost::api {

struct Problem {
    int status = 500;
    std::string_view code; // one of those of the contract
    std::string title;     // one sentence for people
    std::string detail = {};
    std::vector<FieldError> fields = {};
    std::optional<std::int64_t> retry_after_s = {};
};

[[nodiscard]] http::Response to_response(const Problem& problem);

/// The one place where error codes become statuses of HTTP.
[[nodiscard]] Problem to_problem(const base::Error& error);

[[nodiscard]] inline http::Response to_response(const base::Error& error)
{
    return to_response(to_problem(error));
}

[[nodiscard]] Problem invalid_fields(std::vector<FieldError> fields);

} // namespace watchpost::api
