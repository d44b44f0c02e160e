#include "message/parameters.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"
#include "message/encoded_word.h"
#include "message/percent_encoding.h"

namespace watchpost::message {

namespace {

struct RawParameter {
    std::string name;  // lower-case, with the "*" marks
    std::string value; // quotes and escapes removed
};

/// A boundary is never shown: it is what stands in the content, in whatever charset.
bool is_compared_with_octets(std::string_view name)
{
    return name == "boundary";
}

/// Cuts the list into name and value.
class Splitter {
public:
    Splitter(std::string_view text, DefectLog& defects, Departures departures)
        : text_{text}
        , defects_{defects}
        , is_boundary_literal_{departures.has(Departure::literal_boundary)}
    {
    }

    /// The next parameter that has a name; nullopt at the end.
    std::optional<RawParameter> next();

private:
    std::string read_name();
    std::string read_value(std::string_view name);
    std::string read_literal();
    std::string read_quoted();
    std::string read_bare();
    [[nodiscard]] bool starts_parameter(std::size_t at) const;

    std::string_view text_;
    std::size_t at_ = 0;
    DefectLog& defects_;
    bool is_boundary_literal_;
};

/// Semicolons are often missing, so that whatever does not look like name=value is passed over.
std::optional<RawParameter> Splitter::next()
{
    while (at_ < text_.size()) {
        at_ = skip_cfws(text_, at_);
        RawParameter parameter;
        parameter.name = read_name();
        if (at_ < text_.size() && text_[at_] == '=') {
            ++at_;
            parameter.value = read_value(parameter.name);
            if (!parameter.name.empty()) {
                return parameter;
            }
        } else if (parameter.name.empty() && at_ < text_.size()) {
            ++at_; // a semicolon
        }
    }
    return std::nullopt;
}

std::string Splitter::read_name()
{
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '=' && text_[at_] != ';' && text_[at_] != '(' &&
           !is_space(text_[at_])) {
        ++at_;
    }
    std::string name = lower_case(text_.substr(begin, at_ - begin));
    at_ = skip_cfws(text_, at_);
    return name;
}

std::string Splitter::read_value(std::string_view name)
{
    const std::size_t begin = at_;
    at_ = skip_cfws(text_, at_);
    if (is_compared_with_octets(name)) {
        const auto octets = text_.substr(begin, text_.find(';', begin) - begin);
        if (octets.find_first_of("(\\") != std::string_view::npos) {
            defects_.note(DefectId::boundary_notation, 0, octets);
        }
        if (is_boundary_literal_) {
            at_ = begin;
            return read_literal();
        }
    }
    return at_ < text_.size() && text_[at_] == '"' ? read_quoted() : read_bare();
}

/// As it stands between quotes, or up to the semicolon: neither comment nor backslash counts.
std::string Splitter::read_literal()
{
    const std::size_t end = std::min(text_.find(';', at_), text_.size());
    auto value = trim(text_.substr(at_, end - at_));
    at_ = end;
    if (value.starts_with('"')) {
        value = value.substr(1, value.find('"', 1) - 1);
    }
    return std::string{value};
}

/// RFC 5322 §3.2.4; an unclosed quote ends with the field. Line ends are folding.
std::string Splitter::read_quoted()
{
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            ++at_;
            return value;
        }
        if (c == '\\' && at_ + 1 < text_.size()) {
            value += text_[++at_];
        } else if (c != '\r' && c != '\n') {
            value += c;
        }
    }
    defects_.note(DefectId::parameter_syntax, 0, value);
    return value;
}

/// A name and an equals sign behind white space: the semicolon before them is missing.
bool Splitter::starts_parameter(std::size_t at) const
{
    constexpr std::size_t name_bytes_max = 64; // a bounded look ahead keeps the whole linear
    std::size_t end = at;
    while (end < text_.size() && end - at < name_bytes_max &&
           (is_alnum(text_[end]) || text_[end] == '*' || text_[end] == '-' || text_[end] == '_')) {
        ++end;
    }
    return end > at && end < text_.size() && text_[end] == '=' && text_.compare(end, 2, "=?") != 0;
}

/// A token; mail programs also write blanks and other specials without quotes.
std::string Splitter::read_bare()
{
    std::string value;
    while (at_ < text_.size() && text_[at_] != ';') {
        if (text_[at_] != '(' && !is_space(text_[at_])) {
            value += text_[at_++];
            continue;
        }
        // White space and comments are looked at once a run, or a long run would cost its square.
        const std::size_t run_end = skip_cfws(text_, at_);
        if (starts_parameter(run_end)) {
            at_ = run_end;
            break;
        }
        const std::size_t next = std::max(run_end, at_ + 1);
        for (; at_ < next && text_[at_] != '('; ++at_) {
            if (text_[at_] != '\r' && text_[at_] != '\n') {
                value += text_[at_];
            }
        }
        at_ = next;
    }
    value = trim(value);
    if (value.find_first_of(" \t\"") != std::string::npos) {
        defects_.note(DefectId::parameter_syntax, 0, value);
    }
    return value;
}

struct Piece {
    std::string value;
    bool is_encoded = false; // name ended with "*"
};

/// All that was said about one parameter.
struct Collected {
    std::optional<std::string> plain;
    std::map<std::uint64_t, Piece> pieces; // by number; `name*` alone is piece 0
};

/// RFC 2231 §4: charset'language'text. Without both quotes it is text alone.
std::string_view take_charset(std::string_view& text)
{
    const std::size_t first = text.find('\'');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\'', first + 1);
    if (second == std::string_view::npos) {
        return {};
    }
    const std::string_view charset = text.substr(0, first);
    text.remove_prefix(second + 1);
    return charset;
}

/// The pieces as octets, and the charset that the first one names.
std::string join_octets(const std::map<std::uint64_t, Piece>& pieces, std::string& charset,
                        DefectLog& defects, Departures departures)
{
    std::string octets;
    std::uint64_t expected = 0;
    for (const auto& [number, piece] : pieces) {
        if (number != expected) {
            defects.note(DefectId::parameter_gap, 0, piece.value);
            if (departures.has(Departure::pieces_end_at_gap)) {
                break;
            }
        }
        expected = number + 1;
        std::string_view text = piece.value;
        if (piece.is_encoded && &piece == &pieces.begin()->second) {
            charset = std::string{take_charset(text)};
        }
        octets += piece.is_encoded ? percent_decode(text) : std::string{text};
    }
    return octets;
}

std::string join(std::string_view name, const std::map<std::uint64_t, Piece>& pieces,
                 DefectLog& defects, Departures departures)
{
    std::string charset;
    std::string octets = join_octets(pieces, charset, defects, departures);
    if (is_compared_with_octets(name)) {
        return octets;
    }
    const bool is_encoded = std::any_of(pieces.begin(), pieces.end(),
                                        [](const auto& entry) { return entry.second.is_encoded; });
    if (!is_encoded) {
        return decode_text(octets).text;
    }
    auto converted = charset.empty() ? Utf8Text{guess_to_utf8(octets)} : to_utf8(octets, charset);
    if (!converted.is_known_charset) {
        defects.note(DefectId::unknown_charset, 0, charset);
    }
    return std::move(converted.text);
}

/// A value that is written as one. Mail programs put encoded-words there, which RFC 2047 §5
/// forbids.
std::string decode_plain(std::string_view name, const std::string& value, DefectLog& defects,
                         Departures departures)
{
    auto decoded = decode_text(value);
    if (is_compared_with_octets(name)) {
        if (decoded.had_encoded_word) {
            defects.note(DefectId::boundary_notation, 0, value);
        }
        return departures.has(Departure::decoded_boundary) ? decoded.text : value;
    }
    if (decoded.had_encoded_word) {
        defects.note(DefectId::encoded_word_in_parameter, 0, value);
        return std::move(decoded.text);
    }
    return guess_to_utf8(value);
}

struct Name {
    std::string base;
    std::optional<std::uint64_t> number; // of a piece
    bool is_encoded = false;
};

/// "title*1*": base "title", piece 1, encoded.
Name split_name(std::string_view name)
{
    Name result;
    if (name.ends_with('*')) {
        result.is_encoded = true;
        name.remove_suffix(1);
    }
    const std::size_t star = name.rfind('*');
    if (star != std::string_view::npos && star > 0) {
        result.number = base::parse_decimal(name.substr(star + 1));
    }
    result.base = guess_to_utf8(result.number ? name.substr(0, star) : name);
    return result;
}

class Collector {
public:
    Collector(DefectLog& defects, Departures departures)
        : defects_{defects}
        , departures_{departures}
    {
    }

    void add(RawParameter parameter);
    Parameters finish();

private:
    std::vector<std::pair<std::string, Collected>> parameters_; // in order of appearance
    std::map<std::string, std::size_t, std::less<>> index_;
    DefectLog& defects_;
    Departures departures_;
};

void Collector::add(RawParameter parameter)
{
    const Name name = split_name(parameter.name);
    if (name.base.empty()) {
        return; // "*=a": nothing asks for it
    }
    const auto [place, is_new] = index_.try_emplace(name.base, parameters_.size());
    if (is_new) {
        parameters_.emplace_back(name.base, Collected{});
    }
    auto& collected = parameters_[place->second].second;
    const bool last_counts = departures_.has(Departure::last_parameter);
    bool is_double = false;
    if (!name.number && !name.is_encoded) {
        is_double = collected.plain.has_value();
        if (!is_double || last_counts) {
            collected.plain = std::move(parameter.value);
        }
    } else {
        const auto [piece, is_new_piece] = collected.pieces.try_emplace(name.number.value_or(0));
        is_double = !is_new_piece;
        if (!is_double || last_counts) {
            piece->second = {std::move(parameter.value), name.is_encoded};
        }
    }
    if (is_double) {
        defects_.note(DefectId::duplicate_parameter, 0, name.base);
    }
}

/// The extended notation wins over the plain one, which is there for old programs. RFC 2231 §3.
Parameters Collector::finish()
{
    Parameters result;
    for (auto& [name, collected] : parameters_) {
        std::string value;
        const bool is_plain = collected.pieces.empty() ||
                              (collected.plain && departures_.has(Departure::plain_parameter));
        if (is_plain) {
            value = decode_plain(name, *collected.plain, defects_, departures_);
        } else {
            value = join(name, collected.pieces, defects_, departures_);
            if (collected.plain && decode_text(*collected.plain).text != value) {
                defects_.note(DefectId::parameter_conflict, 0, *collected.plain);
            }
        }
        result.emplace_back(name, std::move(value));
    }
    return result;
}

} // namespace

std::string_view find_parameter(const Parameters& parameters, std::string_view name) noexcept
{
    const auto found = std::ranges::find(parameters, name, &Parameters::value_type::first);
    return found == parameters.end() ? std::string_view{} : found->second;
}

Parameters parse_parameters(std::string_view text, std::size_t count_max, DefectLog& defects,
                            Departures departures)
{
    Splitter splitter{text, defects, departures};
    Collector collector{defects, departures};
    std::size_t count = 0;
    while (auto parameter = splitter.next()) {
        if (++count > count_max) {
            defects.note(DefectId::limit_parameters, 0);
            break;
        }
        collector.add(std::move(*parameter));
    }
    return collector.finish();
}

} // namespace watchpost::message
