#include "collector/integration_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "diag/quote.h"

namespace watchpost::collector {

namespace {

using Json = nlohmann::json;

std::uint64_t count_characters(std::string_view text)
{
    return static_cast<std::uint64_t>(
        std::ranges::count_if(text, [](char octet) { return (octet & 0xC0) != 0x80; }));
}

/// "86,400": as the console writes numbers.
std::string grouped(std::uint64_t number)
{
    const std::string digits = std::to_string(number);
    std::string text;
    for (std::size_t at = 0; at < digits.size(); ++at) {
        if (at > 0 && (digits.size() - at) % 3 == 0) {
            text += ',';
        }
        text += digits[at];
    }
    return text;
}

constexpr std::string_view value_is_needed = "A value is needed.";

} // namespace

struct IntegrationReader::Body {
    Json json;
    std::set<std::string, std::less<>> asked;
    std::vector<SettingFault> faults;

    /// Null where it is not there.
    const Json* find(const char* field)
    {
        asked.insert(field);
        const auto found = json.find(field);
        return found == json.end() || found->is_null() ? nullptr : &*found;
    }
};

IntegrationReader::IntegrationReader(const std::string& json) : body_{std::make_unique<Body>()}
{
    body_->json = Json::parse(json, nullptr, false);
    if (!body_->json.is_object()) {
        add_fault("", "The settings are not a JSON object.");
        body_->json = Json::object();
    }
}

IntegrationReader::~IntegrationReader() = default;

std::string IntegrationReader::text(const char* field, std::uint64_t characters_max,
                                    Presence presence)
{
    const Json* const value = body_->find(field);
    if (value != nullptr && !value->is_string()) {
        add_fault(field, "A text is needed.");
        return {};
    }
    auto text = value == nullptr ? std::string{} : value->get<std::string>();
    if (text.empty() && presence == Presence::required) {
        add_fault(field, std::string{value_is_needed});
    }
    if (count_characters(text) > characters_max) {
        add_fault(field, "At most " + grouped(characters_max) + " characters can be taken.");
        return {};
    }
    return text;
}

bool IntegrationReader::boolean(const char* field)
{
    const Json* const value = body_->find(field);
    if (value == nullptr || !value->is_boolean()) {
        add_fault(field, value == nullptr ? std::string{value_is_needed} : "Yes or no is needed.");
        return false;
    }
    return value->get<bool>();
}

std::uint64_t IntegrationReader::number(const char* field, Range range,
                                        std::optional<std::uint64_t> otherwise)
{
    const Json* const value = body_->find(field);
    if (value == nullptr && otherwise) {
        return *otherwise;
    }
    const bool is_good = value != nullptr && value->is_number_unsigned() &&
                         value->get<std::uint64_t>() >= range.least &&
                         value->get<std::uint64_t>() <= range.most;
    if (!is_good) {
        add_fault(field, "A whole number from " + grouped(range.least) + " to " +
                             grouped(range.most) + " is needed.");
        return otherwise.value_or(range.least);
    }
    return value->get<std::uint64_t>();
}

std::size_t IntegrationReader::choice(const char* field,
                                      std::initializer_list<std::string_view> words)
{
    const Json* const value = body_->find(field);
    if (value == nullptr) {
        return 0;
    }
    const auto* const found =
        value->is_string()
            ? std::ranges::find(words, std::string_view{value->get_ref<const std::string&>()})
            : words.end();
    if (found == words.end()) {
        std::string all;
        for (const auto word : words) {
            all += (all.empty() ? "" : ", ") + std::string{word};
        }
        add_fault(field, "One of these is needed: " + all + ".");
        return 0;
    }
    return static_cast<std::size_t>(found - words.begin());
}

void IntegrationReader::add_fault(std::string field, std::string fault)
{
    const bool has_one = std::ranges::any_of(
        body_->faults, [&](const SettingFault& known) { return known.field == field; });
    if (!has_one) {
        body_->faults.push_back({std::move(field), std::move(fault)});
    }
}

void IntegrationReader::refuse_others()
{
    for (const auto& [field, value] : body_->json.items()) {
        if (!body_->asked.contains(field)) {
            add_fault(diag::quote(field, 80), "There is no such setting.");
        }
    }
}

std::vector<SettingFault> IntegrationReader::take_faults()
{
    return std::move(body_->faults);
}

} // namespace watchpost::collector
