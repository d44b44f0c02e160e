#include "api/tests/contract.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "api/tests/shape.h"
#include "api/tests/yaml.h"

namespace watchpost::api::test {

namespace {

using Schema = nlohmann::ordered_json;

bool is_method(const std::string& key)
{
    static const std::vector<std::string> methods{"get", "post", "put", "patch", "delete"};
    return std::ranges::find(methods, key) != methods.end();
}

std::string to_upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

const Schema* find_operation(const Schema& document, std::string_view id)
{
    for (const auto& [pattern, item] : document.at("paths").items()) {
        for (const auto& [key, operation] : item.items()) {
            if (is_method(key) && operation.at("operationId") == id) {
                return &operation;
            }
        }
    }
    return nullptr;
}

const Schema& resolve(const Schema& document, const Schema& node)
{
    const auto found = node.find("$ref");
    return found == node.end()
               ? node
               : document.at(Schema::json_pointer{found->get<std::string>().substr(1)});
}

} // namespace

Contract::Contract()
{
    std::ifstream file{WATCHPOST_SOURCE_DIR "/schema/openapi.yaml", std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    document_ = yaml_to_json(text);
    if (!document_.is_object() || !document_.contains("paths")) {
        throw std::runtime_error{"schema/openapi.yaml has no paths"};
    }
}

std::vector<Operation> Contract::operations() const
{
    std::vector<Operation> all;
    for (const auto& [pattern, item] : document_.at("paths").items()) {
        for (const auto& [key, operation] : item.items()) {
            if (is_method(key)) {
                all.push_back({operation.at("operationId"), to_upper(key), pattern});
            }
        }
    }
    return all;
}

std::vector<std::string> Contract::faults(std::string_view operation, int status,
                                          std::string_view content_type,
                                          std::string_view body) const
{
    const std::string where = std::string{operation} + " " + std::to_string(status);
    const Schema* const found = find_operation(document_, operation);
    if (found == nullptr) {
        return {where + ": the contract has no such operation"};
    }
    const auto& responses = found->at("responses");
    if (!responses.contains(std::to_string(status))) {
        return {where + ": the contract names no such status"};
    }
    const Schema& response = resolve(document_, responses.at(std::to_string(status)));
    if (!response.contains("content")) {
        return body.empty() ? std::vector<std::string>{}
                            : std::vector<std::string>{where + ": has a body"};
    }
    const auto& content = response.at("content");
    if (!content.contains(std::string{content_type})) {
        return {where + ": is " + std::string{content_type} + ", not " + content.dump()};
    }
    if (!content_type.ends_with("json")) {
        return {};
    }
    const auto value = nlohmann::json::parse(body, nullptr, false);
    return value.is_discarded()
               ? std::vector<std::string>{where + ": is no JSON"}
               : shape_faults(document_, content.at(std::string{content_type}).at("schema"), value,
                              where);
}

std::vector<std::string> Contract::faults(std::string_view schema,
                                          const nlohmann::json& value) const
{
    return shape_faults(document_, document_.at("components").at("schemas").at(std::string{schema}),
                        value, std::string{schema});
}

} // namespace watchpost::api::test
