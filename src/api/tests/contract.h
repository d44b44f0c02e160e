// schema/openapi.yaml as the tests read it: its operations, and whether an answer has the shape
// that it promises.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace watchpost::api::test {

struct Operation {
    std::string id; // operationId
    std::string method;
    std::string pattern; // below /api/v1

    [[nodiscard]] bool operator==(const Operation&) const = default;
};

class Contract {
public:
    /// Reads the repository's file; throws std::runtime_error where it is none.
    Contract();

    [[nodiscard]] std::vector<Operation> operations() const; // in the order of the file

    /// What is wrong with an answer: its status, its content type, its body. Empty: nothing.
    [[nodiscard]] std::vector<std::string> faults(std::string_view operation, int status,
                                                  std::string_view content_type,
                                                  std::string_view body) const;

    /// What is wrong with a value of that schema of components/schemas.
    [[nodiscard]] std::vector<std::string> faults(std::string_view schema,
                                                  const nlohmann::json& value) const;

private:
    nlohmann::ordered_json document_;
};

} // namespace watchpost::api::test
