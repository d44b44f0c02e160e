#include "api/tests/yaml.h"

#include <charconv>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <yaml.h>

namespace watchpost::api::test {

namespace {

using Json = nlohmann::ordered_json;

Json plain_scalar(std::string_view text)
{
    if (text == "true" || text == "false") {
        return text == "true";
    }
    if (text.empty() || text == "null" || text == "~") {
        return nullptr;
    }
    long long number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc{} && end == text.end() ? Json(number) : Json(text);
}

Json scalar(const yaml_node_t& node)
{
    const auto& data = node.data.scalar;
    const std::string_view text{reinterpret_cast<const char*>(data.value), data.length};
    return data.style == YAML_PLAIN_SCALAR_STYLE ? plain_scalar(text) : Json(text);
}

/// Aliases are the same node twice: the document has resolved them.
Json convert(yaml_document_t& document, int index)
{
    const yaml_node_t& node = *yaml_document_get_node(&document, index);
    if (node.type == YAML_SCALAR_NODE) {
        return scalar(node);
    }
    if (node.type == YAML_SEQUENCE_NODE) {
        Json list = Json::array();
        const auto& items = node.data.sequence.items;
        for (const int* item = items.start; item != items.top; ++item) {
            list.push_back(convert(document, *item));
        }
        return list;
    }
    Json map = Json::object();
    const auto& pairs = node.data.mapping.pairs;
    for (const auto* pair = pairs.start; pair != pairs.top; ++pair) {
        const yaml_node_t& key = *yaml_document_get_node(&document, pair->key);
        map[reinterpret_cast<const char*>(key.data.scalar.value)] = convert(document, pair->value);
    }
    return map;
}

} // namespace

Json yaml_to_json(const std::string& text)
{
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> parser_end{&parser,
                                                                              yaml_parser_delete};
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    yaml_document_t document;
    if (yaml_parser_load(&parser, &document) == 0) {
        throw std::runtime_error{"line " + std::to_string(parser.problem_mark.line + 1) + ": " +
                                 (parser.problem != nullptr ? parser.problem : "no YAML")};
    }
    const std::unique_ptr<yaml_document_t, void (*)(yaml_document_t*)> document_end{
        &document, yaml_document_delete};
    const auto count = document.nodes.top - document.nodes.start;
    return count == 0 ? Json{} : convert(document, 1);
}

} // namespace watchpost::api::test
