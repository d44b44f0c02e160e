// Whether a value has the shape of a JSON schema, for those keywords that schema/openapi.yaml uses.
// A keyword that it does not know is a fault of its own: the contract cannot promise what nobody
// checks.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace watchpost::api::test {

/// `document` resolves "#/components/…"; `where` leads each fault.
[[nodiscard]] std::vector<std::string> shape_faults(const nlohmann::ordered_json& document,
                                                    const nlohmann::ordered_json& schema,
                                                    const nlohmann::json& value,
                                                    const std::string& where);

} // namespace watchpost::api::test
