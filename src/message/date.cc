#include "message/date.h"

#include <array>
#include <chrono>
#include <cstdint>

#include "base/bytes.h"
#include "message/ascii.h"
#include "message/comment.h"

namespace watchpost::message {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

/// Words of letters, numbers and single signs, comments and white space left out.
class Words {
public:
    explicit Words(std::string_view text) : text_{text} { skip(); }

    [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return is_at_end() ? '\0' : text_[at_]; }

    std::string_view letters() { return take(is_alpha); }
    std::string_view digits() { return take(is_digit); }

    bool accept(char sign)
    {
        if (peek() != sign) {
            return false;
        }
        ++at_;
        skip();
        return true;
    }

    std::optional<unsigned> number(std::size_t digits_max)
    {
        const auto text = digits();
        const auto value = text.size() > digits_max ? std::nullopt : base::parse_decimal(text);
        return value ? std::optional{static_cast<unsigned>(*value)} : std::nullopt;
    }

private:
    template <typename Predicate>
    std::string_view take(Predicate belongs)
    {
        const std::size_t begin = at_;
        while (at_ < text_.size() && belongs(text_[at_])) {
            ++at_;
        }
        const auto word = text_.substr(begin, at_ - begin);
        skip();
        return word;
    }
    void skip() { at_ = skip_cfws(text_, at_); }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::optional<unsigned> read_month(Words& words)
{
    if (is_digit(words.peek())) {
        return words.number(2);
    }
    const auto name = words.letters();
    for (unsigned i = 0; i < months.size(); ++i) {
        if (starts_ignoring_case(name, months.at(i))) {
            return i + 1;
        }
    }
    return std::nullopt;
}

/// RFC 5322 §4.3: 00-49 are 2000 and later, other two and all three-digit years count from 1900.
std::optional<int> read_year(Words& words)
{
    const auto text = words.digits();
    const auto value = text.size() > 4 ? std::nullopt : base::parse_decimal(text);
    if (!value) {
        return std::nullopt;
    }
    const int year = static_cast<int>(*value);
    if (text.size() == 2) {
        return year < 50 ? year + 2000 : year + 1900;
    }
    if (text.size() == 3) {
        return year + 1900;
    }
    return year < 1900 ? std::nullopt : std::optional{year}; // RFC 5322 §3.3: 1900 or later
}

std::optional<seconds> read_time(Words& words)
{
    const auto hour = words.number(2);
    if (!hour || *hour > 23 || !(words.accept(':') || words.accept('.'))) {
        return std::nullopt;
    }
    const auto minute = words.number(2);
    if (!minute || *minute > 59) {
        return std::nullopt;
    }
    unsigned second = 0;
    if (words.accept(':') || words.accept('.')) {
        const auto read = words.number(2);
        if (!read || *read > 60) { // 60: a leap second
            return std::nullopt;
        }
        second = *read;
        if (words.accept('.')) {
            words.digits(); // a fraction, which RFC 5322 does not have
        }
    }
    return hours{*hour} + minutes{*minute} + seconds{second};
}

/// "0330" as minutes; nothing where it is none.
minutes parse_offset(std::string_view digits)
{
    const auto value = digits.size() == 4 ? base::parse_decimal(digits) : std::nullopt;
    const auto number = static_cast<std::int64_t>(value.value_or(0));
    const bool is_time = number / 100 < 24 && number % 100 < 60;
    return minutes{is_time ? number / 100 * 60 + number % 100 : 0};
}

/// How far east of UTC. Unknown and military letters are UTC. RFC 5322 §4.3.
minutes read_zone(Words& words)
{
    struct Zone {
        std::string_view name;
        int hours_east;
    };
    constexpr std::array zones{Zone{"edt", -4}, Zone{"est", -5}, Zone{"cdt", -5}, Zone{"cst", -6},
                               Zone{"mdt", -6}, Zone{"mst", -7}, Zone{"pdt", -7}, Zone{"pst", -8}};
    const bool is_west = words.peek() == '-';
    if (words.accept('-') || words.accept('+')) {
        const auto east = parse_offset(words.digits());
        return is_west ? -east : east;
    }
    const auto name = words.letters();
    for (const auto& zone : zones) {
        if (equals_ignoring_case(name, zone.name)) {
            return hours{zone.hours_east};
        }
    }
    return minutes{0};
}

} // namespace

std::optional<base::Instant> parse_date(std::string_view text)
{
    Words words{text};
    if (is_alpha(words.peek())) {
        words.letters(); // the day of the week says nothing new
        words.accept(',');
    }
    const auto day = words.number(2);
    words.accept('-'); // as 21-Nov-97
    const auto month = day ? read_month(words) : std::nullopt;
    words.accept('-');
    const auto year = month ? read_year(words) : std::nullopt;
    words.accept(',');
    const auto time = year ? read_time(words) : std::nullopt;
    if (!time) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                           std::chrono::day{*day}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + *time - read_zone(words);
}

} // namespace watchpost::message
