// Private: what the store gives, in the shapes of the contract.
#pragma once

#include <nlohmann/json.hpp>

#include "api/backend.h"
#include "http/message.h"
#include "store/records.h"

namespace watchpost::api {

using Json = nlohmann::ordered_json;

[[nodiscard]] http::Response json_response(const Json& json, int status = 200);
[[nodiscard]] http::Response no_content();

[[nodiscard]] Json to_json(const store::Alert& alert);
[[nodiscard]] Json to_json(const store::AlertPage& page);
[[nodiscard]] Json to_json(const store::AlertDetail& detail);
[[nodiscard]] Json to_json(const store::User& user);
[[nodiscard]] Json to_json(const store::YaraFile& file);
[[nodiscard]] Json to_json(const store::MailboxRecord& mailbox, const MailboxStatus& status);
[[nodiscard]] Json to_json(const ConnectionTest& test);
[[nodiscard]] Json to_json(const ServiceStatus& status);
[[nodiscard]] Json to_json(const std::vector<store::Role>& roles);
[[nodiscard]] std::string_view to_string(MailboxState state) noexcept;

} // namespace watchpost::api
