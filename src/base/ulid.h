// Ids: a ULID is 48 bits of milliseconds since 1970 and 80 random bits, written as 26 characters of
// Crockford's base 32, so that ids sort by the time at which they were made and nodes never
// collide.
//
// Made where the thing is made. Id<Tag> keeps the kinds apart. Source: github.com/ulid/spec.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace watchpost::base {

class Ulid {
public:
    using Octets = std::array<std::uint8_t, 16>; // big-endian: sorts as the text does

    constexpr Ulid() = default;
    explicit constexpr Ulid(const Octets& octets) : octets_{octets} {}

    /// A new id of this time; random bits from the operating system. Thread-safe.
    [[nodiscard]] static Ulid make(Instant time = now());

    /// Exactly 26 characters of the alphabet (either case) that fit 128 bits; else nullopt.
    [[nodiscard]] static std::optional<Ulid> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] const Octets& octets() const noexcept { return octets_; }
    /// 64 of its random bits: a hash as it is, where the ids are of our own making.
    [[nodiscard]] std::uint64_t random_bits() const noexcept
    {
        std::uint64_t bits = 0;
        std::memcpy(&bits, octets_.data() + octets_.size() - sizeof bits, sizeof bits);
        return bits;
    }

    friend constexpr auto operator<=>(const Ulid&, const Ulid&) = default;

private:
    Octets octets_{};
};

/// A ULID of one kind: `using SpoolId = base::Id<struct SpoolIdTag>;`
template <typename Tag>
class Id {
public:
    constexpr Id() = default;
    explicit constexpr Id(const Ulid& ulid) : ulid_{ulid} {}

    [[nodiscard]] static Id make(Instant time = now()) { return Id{Ulid::make(time)}; }

    [[nodiscard]] static std::optional<Id> parse(std::string_view text)
    {
        const auto ulid = Ulid::parse(text);
        return ulid ? std::optional{Id{*ulid}} : std::nullopt;
    }

    [[nodiscard]] std::string to_string() const { return ulid_.to_string(); }
    [[nodiscard]] const Ulid& ulid() const noexcept { return ulid_; }

    friend constexpr auto operator<=>(const Id&, const Id&) = default;

private:
    Ulid ulid_;
};

} // namespace watchpost::base
