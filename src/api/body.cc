#include "api/body.h"

#include <algorithm>

namespace watchpost::api {

std::size_t count_characters(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U; }));
}

bool is_letter(char character) noexcept
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool has_only_letters_digits_or(std::string_view others, std::string_view text) noexcept
{
    return std::ranges::all_of(text, [&](char character) {
        return is_letter(character) || (character >= '0' && character <= '9') ||
               others.find(character) != std::string_view::npos;
    });
}

Body::Body(const std::string& text)
    : json_(nlohmann::json::parse(text.empty() ? "{}" : text, nullptr, false))
{
    if (!json_.is_object()) {
        json_ = nlohmann::json::object();
        refuse("", "The body is not a JSON object.");
    }
}

const nlohmann::json* Body::find(const std::string& field, Presence presence)
{
    asked_.insert(field);
    const auto found = json_.find(field);
    if (found == json_.end()) {
        if (presence == Presence::required) {
            refuse(field, "A value is needed.");
        }
        return nullptr;
    }
    return &*found;
}

std::string Body::text(const std::string& field, std::size_t characters_max, Presence presence,
                       std::size_t characters_min)
{
    const auto* const value = find(field, presence);
    if (value == nullptr) {
        return {};
    }
    if (!value->is_string()) {
        refuse(field, "This has to be a text.");
        return {};
    }
    auto text = value->get<std::string>();
    const std::size_t characters = count_characters(text);
    if (characters > characters_max) {
        refuse(field, "At most " + std::to_string(characters_max) + " characters are allowed.");
    } else if (characters < characters_min) {
        refuse(field, characters_min == 1 ? "A value is needed."
                                          : "At least " + std::to_string(characters_min) +
                                                " characters are needed.");
    }
    return text;
}

std::optional<bool> Body::boolean(const std::string& field, Presence presence)
{
    const auto* const value = find(field, presence);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        refuse(field, "This has to be true or false.");
        return std::nullopt;
    }
    return value->get<bool>();
}

std::vector<std::string> Body::texts(const std::string& field, Presence presence)
{
    const auto* const value = find(field, presence);
    if (value == nullptr) {
        return {};
    }
    const auto is_text = [](const nlohmann::json& item) { return item.is_string(); };
    if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_text)) {
        refuse(field, "This has to be a list of texts.");
        return {};
    }
    return value->get<std::vector<std::string>>();
}

nlohmann::json Body::object(const std::string& field)
{
    const auto* const value = find(field, Presence::required);
    if (value != nullptr && !value->is_object()) {
        refuse(field, "This has to be an object.");
        return nlohmann::json::object();
    }
    return value != nullptr ? *value : nlohmann::json::object();
}

bool Body::has(const std::string& field) const
{
    return json_.contains(field);
}

void Body::refuse(std::string field, std::string message)
{
    faults_.push_back({std::move(field), std::move(message)});
}

std::vector<FieldError> Body::faults()
{
    for (const auto& [name, value] : json_.items()) {
        if (!asked_.contains(name)) {
            refuse(name, "There is no such field.");
        }
    }
    return faults_;
}

} // namespace watchpost::api
