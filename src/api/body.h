// Private: reads a JSON body strictly: what the contract does not name is refused, and every fault
// is told by its field.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "api/backend.h"

namespace watchpost::api {

class Body {
public:
    explicit Body(const std::string& text);

    enum class Presence : std::uint8_t { required, optional };

    [[nodiscard]] std::string text(const std::string& field, std::size_t characters_max,
                                   Presence presence = Presence::required,
                                   std::size_t characters_min = 0);
    [[nodiscard]] std::optional<bool> boolean(const std::string& field, Presence presence);
    [[nodiscard]] std::vector<std::string> texts(const std::string& field, Presence presence);
    [[nodiscard]] nlohmann::json object(const std::string& field);
    [[nodiscard]] bool has(const std::string& field) const;

    void refuse(std::string field, std::string message);

    /// To be asked once everything was read: also names what nobody asked for.
    [[nodiscard]] std::vector<FieldError> faults();

private:
    const nlohmann::json* find(const std::string& field, Presence presence);

    nlohmann::json json_;
    std::set<std::string> asked_;
    std::vector<FieldError> faults_;
};

// Of names: letters and digits are those of ASCII.
[[nodiscard]] bool is_letter(char character) noexcept;
[[nodiscard]] bool has_only_letters_digits_or(std::string_view others,
                                              std::string_view text) noexcept;

/// Characters (code points) of valid UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

} // namespace watchpost::api
