// What an engine saw, and the table that says what each kind of finding means.
//
// A finding's `id` is a row of the table in finding_table.h ("attachment.double_extension"); `rule`
// is what the engine calls it (a signature's or rule's name), equal to the id where the engine has
// no names of its own.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::verdict {

enum class Importance : std::uint8_t { none, low, medium, high };

[[nodiscard]] std::string_view to_string(Importance importance) noexcept;
[[nodiscard]] std::optional<Importance> parse_importance(std::string_view text) noexcept;

struct Finding {
    std::string engine; // "clamav", "yara", "attachment"
    std::string id;     // row of the finding table
    std::string rule;   // signature or rule; hostile text where it comes from a file of others
    Importance importance = Importance::none;
    std::string part; // path of the part as in ScanReport::parts; empty: the whole message
    std::string reading = "strict";
    std::string detail; // one sentence with the evidence, already quoted (diag)
};

/// Something that was not looked at, and why. Makes the inspection partial.
struct NotInspected {
    std::string part;   // empty: the whole message
    std::string engine; // empty: nobody looked
    std::string
        reason; // "encrypted_archive", "limit_depth", "engine_unavailable", "inspector_crashed" …
    std::string detail; // for people, already quoted
};

} // namespace watchpost::verdict
