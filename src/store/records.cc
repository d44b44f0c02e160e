#include "store/records.h"

#include <array>
#include <utility>

namespace watchpost::store {

namespace {

constexpr std::array<std::pair<AlertState, std::string_view>, 3> alert_states{
    {{AlertState::fresh, "new"},
     {AlertState::in_process, "in_process"},
     {AlertState::processed, "processed"}}};

constexpr std::array<std::pair<Role, std::string_view>, 4> roles{
    {{Role::administrator, "administrator"},
     {Role::senior_security_officer, "senior_security_officer"},
     {Role::security_officer, "security_officer"},
     {Role::security_auditor, "security_auditor"}}};

template <typename Names, typename Value>
std::string_view name_of(const Names& names, Value wanted) noexcept
{
    for (const auto& [value, name] : names) {
        if (value == wanted) {
            return name;
        }
    }
    return "unknown";
}

template <typename Names>
auto value_of(const Names& names, std::string_view text) noexcept
    -> std::optional<typename Names::value_type::first_type>
{
    for (const auto& [value, name] : names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view to_string(AlertState state) noexcept
{
    return name_of(alert_states, state);
}

std::optional<AlertState> parse_alert_state(std::string_view text) noexcept
{
    return value_of(alert_states, text);
}

std::string_view to_string(Role role) noexcept
{
    return name_of(roles, role);
}

std::optional<Role> parse_role(std::string_view text) noexcept
{
    return value_of(roles, text);
}

} // namespace watchpost::store
