// Private: what the store gives, in the shapes of the contract.
#pragma once

#include <nlohmann/json.hpp>

#include "api/backend.h"
#include "api/problem.h"
#include "http/message.h"
#include "store/records.h"

namespace watchpost::api {

using Json = nlohmann::ordered_json;

[[nodiscard]] http::Response json_response(const Json& json, int status = 200);
[[nodiscard]] http::Response no_content();
[[nodiscard]] http::Response accepted(); // 202: it is begun, not done

/// {"id", "name"}: a UserReference.
[[nodiscard]] Json reference(store::UserId id, const std::string& name);

[[nodiscard]] Json to_json(const store::Alert& alert);
[[nodiscard]] Json to_json(const store::AlertPage& page);
/// The report of its message; an empty object where it cannot be read.
[[nodiscard]] Json report_of(const store::AlertDetail& detail);
[[nodiscard]] Json to_json(const store::AlertDetail& detail);
[[nodiscard]] Json to_json(const store::User& user);
[[nodiscard]] Json to_json(const store::YaraFile& file);
[[nodiscard]] Json to_json(const store::MailboxRecord& mailbox, const MailboxStatus& status);
[[nodiscard]] Json to_json(const ConnectionTest& test);
[[nodiscard]] Json to_json(const ServiceStatus& status);
[[nodiscard]] Json to_json(const std::vector<store::Role>& roles);

/// The thing in the contract's shape, or what went wrong.
template <typename Thing>
[[nodiscard]] http::Response to_response(const base::Result<Thing>& thing)
{
    return thing ? json_response(to_json(*thing)) : to_response(thing.error());
}

} // namespace watchpost::api
