#include "inspect/password_candidates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "base/ascii.h"
#include "inspect/password_cues.h"
#include "message/ascii.h"

namespace watchpost::inspect {
namespace {

using message::trim;
using std::string_view;

constexpr std::size_t octets_after_cue = 160;
constexpr std::size_t octets_before_cue = 60;
constexpr std::size_t words_after_cue = 12;
constexpr std::size_t words_before_cue = 4;
constexpr std::size_t words_of_short_text = 60;
constexpr std::size_t found_max = 10'000; // before the best are chosen
constexpr string_view blanks = " \t\r\n";

struct Quotes {
    string_view open;
    string_view close;
};

constexpr auto quotes = std::to_array<Quotes>({
    {"\"", "\""}, {"'", "'"},   {"`", "`"},   {"“", "”"},   {"“", "“"},   {"„", "“"},
    {"„", "”"},   {"‘", "’"},   {"‚", "‘"},   {"«", "»"},   {"»", "«"},   {"‹", "›"},
    {"「", "」"}, {"『", "』"}, {"【", "】"}, {"《", "》"}, {"（", "）"}, {"(", ")"},
    {"[", "]"},   {"{", "}"},   {"<", ">"},   {"*", "*"},
});

/// What stands around a word and seldom belongs to it.
constexpr auto punctuation = std::to_array<string_view>(
    {".",  ",",  ";",  ":",  "!",  "?",  "\"", "'",  "`",  "(",  ")",  "[",  "]",  "{", "}",
     "<",  ">",  "*",  "|",  "“",  "”",  "„",  "‘",  "’",  "‚",  "«",  "»",  "‹",  "›", "「",
     "」", "『", "』", "【", "】", "《", "》", "（", "）", "。", "、", "，", "：", "！"});

constexpr auto delimiters = std::to_array<string_view>({":", "=", "：", "→", "->", "=>"});

std::string with_plain_blanks(string_view text)
{
    std::string plain{text};
    for (const string_view wide : {string_view{"\u00A0"}, string_view{"\u3000"}}) {
        for (auto at = plain.find(wide); at != std::string::npos; at = plain.find(wide, at)) {
            plain.replace(at, wide.size(), wide.size(), ' '); // places stay what they are
        }
    }
    return plain;
}

string_view take_word(string_view& text)
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const auto word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    return word;
}

string_view without_punctuation(string_view word)
{
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (const string_view mark : punctuation) {
            if (word.starts_with(mark)) {
                word.remove_prefix(mark.size());
                goes_on = true;
            }
            if (word.ends_with(mark)) {
                word.remove_suffix(mark.size());
                goes_on = true;
            }
        }
    }
    return word;
}

bool is_ascii(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x80U;
}

/// Not a word of a sentence: digits or signs in it, or a capital behind a small letter.
bool looks_like_password(string_view word)
{
    bool was_small = false;
    for (const char c : word) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        if ((is_ascii(c) && !base::is_alpha(c)) || (is_capital && was_small)) {
            return true;
        }
        was_small = was_small || (base::is_alpha(c) && !is_capital);
    }
    return false;
}

/// What follows the cue, as far as its paragraph goes.
string_view text_after(string_view text, const Cue& cue)
{
    auto after = text.substr(cue.end, octets_after_cue);
    const auto begin = std::min(after.find_first_not_of(blanks), after.size());
    for (const string_view end : {string_view{"\n\n"}, string_view{"\n\r\n"}}) {
        after = after.substr(0, after.find(end, begin));
    }
    return after;
}

string_view text_before(string_view text, const Cue& cue)
{
    auto before = text.substr(0, cue.begin);
    before.remove_prefix(before.size() - std::min(before.size(), octets_before_cue));
    const auto line = before.rfind('\n');
    return line == string_view::npos ? before : before.substr(line + 1);
}

string_view behind_delimiter(string_view after)
{
    std::size_t begin = string_view::npos;
    for (const string_view delimiter : delimiters) {
        const auto at = after.find(delimiter);
        if (at != string_view::npos && at + delimiter.size() < begin) {
            begin = at + delimiter.size();
        }
    }
    return begin == string_view::npos ? string_view{} : trim(after.substr(begin));
}

std::vector<std::string> years_around(base::Instant time)
{
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
    const int year = static_cast<int>(day.year());
    return {std::to_string(year), std::to_string(year - 1), std::to_string(year + 1)};
}

std::vector<std::string> dates_of(base::Instant time)
{
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
    const auto year = std::to_string(static_cast<int>(date.year()));
    const auto two_digits = [](unsigned value) {
        return std::string{static_cast<char>('0' + value / 10 % 10),
                           static_cast<char>('0' + value % 10)};
    };
    const auto month = two_digits(static_cast<unsigned>(date.month()));
    const auto day = two_digits(static_cast<unsigned>(date.day()));
    const auto short_year = year.size() == 4 ? year.substr(2) : year;
    return {day + month + year,
            year + month + day,
            day + '.' + month + '.' + year,
            year + '-' + month + '-' + day,
            month + day + year,
            day + '/' + month + '/' + year,
            month + '/' + day + '/' + year,
            day + '-' + month + '-' + year,
            day + month + short_year,
            short_year + month + day,
            day + month};
}

string_view stem_of(string_view name)
{
    const auto dot = name.rfind('.');
    return dot == string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::vector<std::string> parts_of_address(const std::string& address)
{
    const auto at = address.rfind('@');
    if (at == std::string::npos) {
        return {address};
    }
    return {address, address.substr(0, at), address.substr(at + 1)};
}

std::vector<std::string> values_of(PasswordMeaning meaning, const PasswordFacts& facts)
{
    std::vector<std::string> values;
    switch (meaning) {
    case PasswordMeaning::year:
        return facts.sent_at ? years_around(*facts.sent_at) : values;
    case PasswordMeaning::date:
        return facts.sent_at ? dates_of(*facts.sent_at) : values;
    case PasswordMeaning::file_name:
        for (const auto& name : facts.file_names) {
            values.emplace_back(stem_of(name));
            values.push_back(name);
        }
        return values;
    case PasswordMeaning::address:
        for (const auto& address : facts.addresses) {
            const auto parts = parts_of_address(address);
            values.insert(values.end(), parts.begin(), parts.end());
        }
        return values;
    }
    return values;
}

} // namespace

/// One text, while it is read.
class PasswordCandidates::Source {
public:
    Source(PasswordCandidates& candidates, string_view text, string_view source)
        : candidates_{candidates}
        , text_{with_plain_blanks(text)}
        , folded_{fold_case(text_)}
        , source_{source}
    {
    }

    void read(const PasswordFacts& facts)
    {
        for (const Cue& cue : find_password_cues(folded_, cues_max)) {
            const auto after = text_after(text_, cue);
            read_quoted(after);
            read_line(behind_delimiter(after), Rank::pointed_at);
            read_words(after, words_after_cue);
            read_words_before(cue);
            read_meanings(cue, facts);
        }
        if (text_.size() <= short_text_bytes) {
            read_line(trim(text_), Rank::near);
            read_words(text_, words_of_short_text);
        }
    }

private:
    void read_quoted(string_view after)
    {
        for (const Quotes& pair : quotes) {
            for (auto at = after.find(pair.open); at != string_view::npos;) {
                const auto begin = at + pair.open.size();
                const auto end = after.find(pair.close, begin);
                if (end == string_view::npos) {
                    break;
                }
                candidates_.add(trim(after.substr(begin, end - begin)), Rank::pointed_at, source_);
                at = after.find(pair.open, end + pair.close.size());
            }
        }
    }

    /// The first word, and the line: a password may have blanks in it.
    void read_line(string_view rest, Rank rank)
    {
        auto words = rest;
        candidates_.add_word(take_word(words), rank, source_);
        candidates_.add(trim(rest.substr(0, rest.find('\n'))), Rank::near, source_);
    }

    void read_words(string_view text, std::size_t count)
    {
        for (; count > 0; --count) {
            read_word(take_word(text));
        }
    }

    void read_words_before(const Cue& cue)
    {
        auto before = text_before(text_, cue);
        std::vector<string_view> words;
        for (auto word = take_word(before); !word.empty(); word = take_word(before)) {
            words.push_back(word);
        }
        const auto first = words.size() - std::min(words.size(), words_before_cue);
        for (std::size_t i = words.size(); i > first; --i) {
            read_word(words[i - 1]);
        }
    }

    void read_word(string_view word)
    {
        const bool is_likely = looks_like_password(without_punctuation(word));
        candidates_.add_word(word, is_likely ? Rank::near : Rank::anywhere, source_);
    }

    void read_meanings(const Cue& cue, const PasswordFacts& facts)
    {
        const auto begin = cue.begin - std::min(cue.begin, octets_before_cue);
        const auto around = string_view{folded_}.substr(begin, cue.end - begin + octets_after_cue);
        for (const auto meaning : find_password_meanings(around)) {
            for (const auto& value : values_of(meaning, facts)) {
                candidates_.add(value, Rank::meant, source_);
            }
        }
    }

    PasswordCandidates& candidates_;
    std::string text_;
    std::string folded_;
    string_view source_;
};

void PasswordCandidates::add(string_view text, Rank rank, string_view source)
{
    if (text.empty() || text.size() > password_bytes_max || text.find('\n') != text.npos) {
        return;
    }
    const auto known = found_.find(std::string{text});
    if (known != found_.end()) {
        known->second.rank = std::min(known->second.rank, rank);
    } else if (found_.size() < found_max) {
        found_.emplace(text, Found{rank, found_.size(), source});
    }
}

/// Without the punctuation around it first; in a script without blanks, what is ASCII in it.
void PasswordCandidates::add_word(string_view word, Rank rank, string_view source)
{
    add(without_punctuation(word), rank, source);
    add(word, rank, source);
    if (!word.empty() &&
        punctuation.end() != std::ranges::find(punctuation, word.substr(word.size() - 1))) {
        add(word.substr(0, word.size() - 1), rank, source);
    }
    if (std::ranges::all_of(word, is_ascii)) {
        return;
    }
    for (auto begin = std::ranges::find_if(word, is_ascii); begin != word.end();) {
        const auto end = std::find_if_not(begin, word.end(), is_ascii);
        add(without_punctuation(string_view{begin, end}), rank, source);
        begin = std::find_if(end, word.end(), is_ascii);
    }
}

void PasswordCandidates::read_text(string_view text, string_view source, const PasswordFacts& facts)
{
    Source{*this, text.substr(0, text_bytes_max), source}.read(facts);
}

/// "invoice_pass-1234.zip": what stands between the signs that names have for blanks.
void PasswordCandidates::read_file_name(string_view name)
{
    constexpr string_view source = "a file name of the message";
    const auto stem = stem_of(name);
    std::string words{stem};
    std::ranges::replace_if(
        words, [](char c) { return string_view{"_-+=.()[]{}"}.find(c) != string_view::npos; }, ' ');
    const bool has_cue = !find_password_cues(fold_case(words), 1).empty();
    string_view rest = words;
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
        add(word, has_cue && looks_like_password(word) ? Rank::pointed_at : Rank::anywhere, source);
    }
    add(stem, Rank::anywhere, source);
}

std::vector<unpack::Password> PasswordCandidates::in_order() const
{
    std::vector<std::pair<Found, string_view>> all;
    all.reserve(found_.size());
    for (const auto& [text, found] : found_) {
        all.emplace_back(found, text);
    }
    std::ranges::sort(all, {}, &std::pair<Found, string_view>::first);
    std::vector<unpack::Password> passwords;
    for (const auto& [found, text] : all) {
        if (passwords.size() == count_max) {
            break;
        }
        passwords.push_back({std::string{text}, unpack::Password::Origin::message, found.source});
    }
    return passwords;
}

} // namespace watchpost::inspect
