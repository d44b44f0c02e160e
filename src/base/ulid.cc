#include "base/ulid.h"

#include <sys/random.h>

#include <cerrno>

#include "base/assert.h"

namespace watchpost::base {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t text_length = 26;

void fill_random(std::uint8_t* bytes, std::size_t count)
{
    ssize_t got = 0;
    do {
        got = ::getrandom(bytes, count, 0);
    } while (got < 0 && errno == EINTR);
    WP_ASSERT(got == static_cast<ssize_t>(count)); // ≤ 256 octets never come short
}

int value_of(char character) noexcept
{
    if (character >= 'a' && character <= 'z') {
        character = static_cast<char>(character - 'a' + 'A');
    }
    const auto position = alphabet.find(character);
    return position == std::string_view::npos ? -1 : static_cast<int>(position);
}

} // namespace

Ulid Ulid::make(Instant time)
{
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const auto milliseconds = static_cast<std::uint64_t>(since.count());
    Octets octets{};
    for (std::size_t i = 0; i < 6; ++i) {
        octets.at(i) = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
    }
    fill_random(octets.data() + 6, octets.size() - 6);
    return Ulid{octets};
}

std::string Ulid::to_string() const
{
    // 26 characters carry 130 bits: the first one holds only the top three of 128.
    std::string text(text_length, '0');
    for (std::size_t i = 0; i < text_length; ++i) {
        unsigned value = 0;
        for (std::size_t bit = i * 5; bit < i * 5 + 5; ++bit) {
            const bool set = bit >= 2 && ((octets_.at((bit - 2) / 8) >> (7 - (bit - 2) % 8)) & 1U);
            value = value * 2 + (set ? 1U : 0U);
        }
        text[i] = alphabet[value];
    }
    return text;
}

std::optional<Ulid> Ulid::parse(std::string_view text)
{
    if (text.size() != text_length || value_of(text[0]) < 0 || value_of(text[0]) > 7) {
        return std::nullopt;
    }
    Octets octets{};
    for (std::size_t i = 0; i < text_length; ++i) {
        const int value = value_of(text[i]);
        if (value < 0) {
            return std::nullopt;
        }
        for (std::size_t bit = 0; bit < 5; ++bit) {
            const std::size_t place = i * 5 + bit;
            if (place >= 2 && ((value >> (4 - bit)) & 1) != 0) {
                octets.at((place - 2) / 8) |=
                    static_cast<std::uint8_t>(1U << (7 - (place - 2) % 8));
            }
        }
    }
    return Ulid{octets};
}

} // namespace watchpost::base
