// How copies arrive in a collected mailbox, as the operator sets it. docs/copies.md.
//
// One enumeration for settings, command line, pipeline and inspector. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost::model {

enum class CopySetting : std::uint8_t {
    automatic,  // strict forms of journal reports and redirects are recognised, all else is plain
    plain,      // as they were sent: always_bcc, "also deliver to"
    journal,    // Exchange and Microsoft 365 journal reports
    redirected, // Resent fields. RFC 5322 §3.6.6
    attached    // forwarded as attachment
};

inline constexpr std::array all_copy_settings{CopySetting::automatic, CopySetting::plain,
                                              CopySetting::journal, CopySetting::redirected,
                                              CopySetting::attached};

/// "auto", "plain", "journal", "redirected", "attached".
[[nodiscard]] std::string_view to_string(CopySetting setting) noexcept;
[[nodiscard]] std::optional<CopySetting> parse_copy_setting(std::string_view text) noexcept;

} // namespace watchpost::model
