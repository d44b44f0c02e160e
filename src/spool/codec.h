// Little-endian numbers and counted texts, as the spool's files hold them. Not thread-safe.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::spool {

/// Appends to a buffer that the caller owns and that outlives it.
class Encoder {
public:
    explicit Encoder(base::Bytes& into) : into_{&into} {}

    template <std::unsigned_integral Number>
    void number(Number value)
    {
        std::array<std::byte, sizeof(Number)> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes.at(i) = static_cast<std::byte>(value >> (8U * i));
        }
        octets(bytes);
    }

    void octets(base::ByteView bytes) { into_->insert(into_->end(), bytes.begin(), bytes.end()); }

    /// Two octets of length, then the text, which the caller has checked to fit.
    void text(std::string_view value)
    {
        number(static_cast<std::uint16_t>(value.size()));
        octets(base::as_bytes(value));
    }

private:
    base::Bytes* into_;
};

/// Reads what an Encoder wrote. Beyond the end it gives zeros and says so: ask once, at the end.
class Decoder {
public:
    explicit Decoder(base::ByteView bytes) : rest_{bytes} {}

    template <std::unsigned_integral Number>
    [[nodiscard]] Number number()
    {
        const base::ByteView bytes = octets(sizeof(Number));
        Number value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            value = static_cast<Number>(value | (std::to_integer<Number>(bytes[i]) << (8U * i)));
        }
        return value;
    }

    [[nodiscard]] base::ByteView octets(std::size_t count)
    {
        if (count > rest_.size()) {
            is_whole_ = false;
            count = 0;
        }
        const base::ByteView bytes = rest_.first(count);
        rest_ = rest_.subspan(count);
        return bytes;
    }

    [[nodiscard]] std::string_view text()
    {
        const auto length = number<std::uint16_t>();
        return base::as_text(octets(length));
    }

    [[nodiscard]] bool is_empty() const noexcept { return rest_.empty(); }

    /// Nothing was missing and nothing is left.
    [[nodiscard]] bool is_consumed() const noexcept { return is_whole_ && rest_.empty(); }

private:
    base::ByteView rest_;
    bool is_whole_ = true;
};

} // namespace watchpost::spool
