#include "api/problem.h"

#include <nlohmann/json.hpp>

namespace watchpost::api {

namespace {

Problem unavailable(const base::Error& error)
{
    return {503, "unavailable", "A part of the service does not answer.",
            "Try again in a moment; the status page shows the processes. (" + error.describe() +
                ")"};
}

} // namespace

http::Response to_response(const Problem& problem)
{
    nlohmann::ordered_json json{
        {"title", problem.title}, {"status", problem.status}, {"code", problem.code}};
    if (!problem.detail.empty()) {
        json["detail"] = problem.detail;
    }
    if (problem.retry_after_s) {
        json["retry_after_s"] = *problem.retry_after_s;
    }
    for (const FieldError& field : problem.fields) {
        json["fields"].push_back({{"field", field.field}, {"message", field.message}});
    }
    http::Response response;
    response.status = problem.status;
    response.headers = {{"content-type", "application/problem+json"},
                        {"cache-control", "no-store"}};
    if (problem.retry_after_s) {
        response.headers.emplace_back("retry-after", std::to_string(*problem.retry_after_s));
    }
    response.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

Problem to_problem(const base::Error& error)
{
    using base::ErrorCode;
    switch (error.code()) {
    case ErrorCode::invalid_argument:
        return {422, "invalid_fields", "A value cannot be used.", error.describe()};
    case ErrorCode::not_found:
        return {404, "not_found", "There is no such thing.", error.describe()};
    case ErrorCode::busy:
        if (error.retry() == base::Retry::later) {
            return unavailable(error); // a process that is away, not a state that forbids it
        }
        return {409, "conflict", "The present state does not allow it.", error.describe()};
    case ErrorCode::limit_exceeded:
        return {413, "too_large", "That is more than is allowed.", error.describe()};
    case ErrorCode::disk_full:
        return {503, "unavailable", "The disk is full.",
                "Reading still works. Make room, then try again. (" + error.describe() + ")"};
    case ErrorCode::timed_out:
    case ErrorCode::connection_lost:
    case ErrorCode::cancelled:
        return unavailable(error);
    case ErrorCode::permission_denied:
    case ErrorCode::io_failed:
    case ErrorCode::damaged:
    case ErrorCode::name_not_resolved:
    case ErrorCode::connect_failed:
    case ErrorCode::tls_failed:
    case ErrorCode::certificate_rejected:
    case ErrorCode::protocol_violation:
    case ErrorCode::refused_by_server:
    case ErrorCode::auth_rejected:
    case ErrorCode::unsupported:
    case ErrorCode::engine_failed:
    case ErrorCode::internal:
        break;
    }
    return {500, "internal", "The service failed to do it.", error.describe()};
}

Problem invalid_fields(std::vector<FieldError> fields)
{
    return {422, "invalid_fields", "Some values cannot be used.", {}, std::move(fields)};
}

} // namespace watchpost::api
