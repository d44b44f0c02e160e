#include "base/time.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/bytes.h"

namespace watchpost::base {

namespace chrono = std::chrono;

Instant now()
{
    return chrono::time_point_cast<chrono::microseconds>(chrono::system_clock::now());
}

int milliseconds_until(Deadline deadline) noexcept
{
    constexpr std::int64_t longest = 1'000'000'000;
    const auto present = chrono::steady_clock::now();
    if (deadline <= present) {
        return 0;
    }
    const auto left = chrono::ceil<chrono::milliseconds>(deadline - present);
    return static_cast<int>(std::min<std::int64_t>(left.count(), longest));
}

std::string to_rfc3339(Instant time)
{
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{time - day};
    std::array<char, 64> text{};
    const auto fraction = clock.subseconds().count();
    int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    std::string result{text.data(), static_cast<std::size_t>(length)};
    if (fraction != 0) {
        length = std::snprintf(text.data(), text.size(), ".%06d", static_cast<int>(fraction));
        result.append(text.data(), static_cast<std::size_t>(length));
    }
    return result + "Z";
}

namespace {

/// The number of `width` digits at `position`, or -1.
int number_at(std::string_view text, std::size_t position, std::size_t width)
{
    if (position + width > text.size()) {
        return -1;
    }
    const auto value = parse_decimal(text.substr(position, width));
    return value ? static_cast<int>(*value) : -1;
}

/// ".123456" → 123456 µs; shorter fractions are filled up, longer ones refused.
std::optional<int> parse_fraction(std::string_view text)
{
    if (text.empty()) {
        return 0;
    }
    if (text[0] != '.' || text.size() < 2 || text.size() > 7) {
        return std::nullopt;
    }
    std::string digits{text.substr(1)};
    digits.resize(6, '0');
    const int value = number_at(digits, 0, 6);
    return value < 0 ? std::nullopt : std::optional{value};
}

} // namespace

std::optional<Instant> parse_rfc3339(std::string_view text)
{
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text.back() != 'Z') {
        return std::nullopt;
    }
    const chrono::year_month_day date{chrono::year{number_at(text, 0, 4)},
                                      chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
                                      chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
    const int hours = number_at(text, 11, 2);
    const int minutes = number_at(text, 14, 2);
    const int seconds = number_at(text, 17, 2);
    const auto micros = parse_fraction(text.substr(19, text.size() - 20));
    if (!date.ok() || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 ||
        seconds > 59 || !micros) {
        return std::nullopt;
    }
    return chrono::sys_days{date} + chrono::hours{hours} + chrono::minutes{minutes} +
           chrono::seconds{seconds} + chrono::microseconds{*micros};
}

} // namespace watchpost::base
