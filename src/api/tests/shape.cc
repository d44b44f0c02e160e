#include "api/tests/shape.h"

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <stdexcept>
#include <string_view>

#include "base/time.h"

namespace watchpost::api::test {

namespace {

using Schema = nlohmann::ordered_json;
using nlohmann::json;

std::size_t count_code_points(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U; }));
}

/// `type` is one name, or a list of which one fits.
bool is_of_type(const json& value, const Schema& type)
{
    if (type.is_array()) {
        return std::ranges::any_of(type, [&](const Schema& one) { return is_of_type(value, one); });
    }
    return (type == "null" && value.is_null()) || (type == "string" && value.is_string()) ||
           (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "object" && value.is_object()) || (type == "array" && value.is_array());
}

class Checker {
public:
    explicit Checker(const Schema& document) : document_{document} {}

    void check(const Schema& schema, const json& value, const std::string& where)
    {
        for (const auto& [keyword, rule] : schema.items()) {
            check_keyword(schema, keyword, rule, value, where);
        }
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(faults_); }

private:
    void refuse(const std::string& where, const std::string& why)
    {
        faults_.push_back(where + ": " + why);
    }

    void check_keyword(const Schema& schema, const std::string& keyword, const Schema& rule,
                       const json& value, const std::string& where)
    {
        static const std::set<std::string> for_people{"description", "default", "writeOnly",
                                                      "contentMediaType"};
        if (for_people.contains(keyword)) {
            return;
        }
        if (keyword == "$ref") {
            check(document_.at(Schema::json_pointer{rule.get<std::string>().substr(1)}), value,
                  where);
        } else if (keyword == "allOf") {
            for (const Schema& one : rule) {
                check(one, value, where);
            }
        } else if (keyword == "type") {
            if (!is_of_type(value, rule)) {
                refuse(where, "is no " + rule.dump() + ": " + value.dump());
            }
        } else if (keyword == "enum") {
            if (std::ranges::find(rule, Schema(value)) == rule.end()) {
                refuse(where, "is none of " + rule.dump() + ": " + value.dump());
            }
        } else if (!check_text(keyword, rule, value, where) &&
                   !check_number(keyword, rule, value, where) &&
                   !check_list(keyword, rule, value, where) &&
                   !check_object(schema, keyword, rule, value, where)) {
            refuse(where, "the schema's keyword " + keyword + " is not known to this test");
        }
    }

    bool check_text(const std::string& keyword, const Schema& rule, const json& value,
                    const std::string& where)
    {
        static const std::set<std::string> keywords{"minLength", "maxLength", "pattern", "format"};
        if (!keywords.contains(keyword)) {
            return false;
        }
        const std::string text = value.is_string() ? value.get<std::string>() : std::string{};
        const bool is_right =
            keyword == "minLength"   ? count_code_points(text) >= rule.get<std::size_t>()
            : keyword == "maxLength" ? count_code_points(text) <= rule.get<std::size_t>()
            : keyword == "pattern"   ? std::regex_search(text, std::regex{rule.get<std::string>()})
                                     : rule == "date-time" && base::parse_rfc3339(text).has_value();
        if (!is_right) {
            refuse(where, keyword + " " + rule.dump() + " is not met: " + value.dump());
        }
        return true;
    }

    bool check_number(const std::string& keyword, const Schema& rule, const json& value,
                      const std::string& where)
    {
        if (keyword != "minimum" && keyword != "maximum") {
            return false;
        }
        const auto limit = rule.get<long long>();
        const auto number = value.is_number_integer() ? value.get<long long>() : 0;
        if (keyword == "minimum" ? number < limit : number > limit) {
            refuse(where, keyword + " " + rule.dump() + " is not met: " + value.dump());
        }
        return true;
    }

    bool check_list(const std::string& keyword, const Schema& rule, const json& value,
                    const std::string& where)
    {
        if (keyword == "items") {
            for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
                check(rule, value[i], where + "[" + std::to_string(i) + "]");
            }
        } else if (keyword == "minItems") {
            if (value.size() < rule.get<std::size_t>()) {
                refuse(where, "has too few items");
            }
        } else if (keyword == "uniqueItems") {
            if (std::set<json>(value.begin(), value.end()).size() != value.size()) {
                refuse(where, "holds something twice");
            }
        } else {
            return false;
        }
        return true;
    }

    bool check_object(const Schema& schema, const std::string& keyword, const Schema& rule,
                      const json& value, const std::string& where)
    {
        if (keyword == "required") {
            for (const Schema& name : rule) {
                if (!value.contains(name.get<std::string>())) {
                    refuse(where, "lacks " + name.get<std::string>());
                }
            }
        } else if (keyword == "properties") {
            for (const auto& [name, property] : rule.items()) {
                if (value.contains(name)) {
                    check(property, value.at(name), std::string{where}.append(".").append(name));
                }
            }
        } else if (keyword == "additionalProperties") {
            check_foreign(schema, rule, value, where);
        } else if (keyword == "minProperties") {
            if (value.size() < rule.get<std::size_t>()) {
                refuse(where, "has too few properties");
            }
        } else {
            return false;
        }
        return true;
    }

    void check_foreign(const Schema& schema, const Schema& rule, const json& value,
                       const std::string& where)
    {
        if (rule != false || !value.is_object()) {
            return;
        }
        for (const auto& [name, ignored] : value.items()) {
            if (!schema.value("properties", Schema::object()).contains(name)) {
                refuse(where, "holds " + name + ", which the contract does not name");
            }
        }
    }

    const Schema& document_;
    std::vector<std::string> faults_;
};

} // namespace

std::vector<std::string> shape_faults(const Schema& document, const Schema& schema,
                                      const json& value, const std::string& where)
{
    Checker checker{document};
    checker.check(schema, value, where);
    return checker.take();
}

} // namespace watchpost::api::test
