// A YAML document as JSON, by libyaml. Plain scalars are read by YAML 1.2's core schema: `off` is a
// text.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace watchpost::api::test {

/// Throws std::runtime_error with the line of the fault.
[[nodiscard]] nlohmann::ordered_json yaml_to_json(const std::string& text);

} // namespace watchpost::api::test
