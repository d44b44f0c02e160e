#include "message/text_charsets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/text_links.h"

namespace watchpost::message {
namespace {

using std::string_view;

struct Mark {
    string_view octets;
    string_view charset;
};

/// Longer marks stand before those that they start with.
constexpr std::array marks{
    Mark{{"\xff\xfe\0\0", 4}, "utf-32le"},
    Mark{{"\0\0\xfe\xff", 4}, "utf-32be"},
    Mark{"\xff\xfe", "utf-16le"},
    Mark{"\xfe\xff", "utf-16be"},
    Mark{"\xef\xbb\xbf", "utf-8"},
    Mark{"+/v8", "utf-7"},
    Mark{"+/v9", "utf-7"},
    Mark{"+/v+", "utf-7"},
    Mark{"+/v/", "utf-7"},
};

string_view charset_of_mark(string_view bytes)
{
    const auto* const mark =
        std::ranges::find_if(marks, [&](const Mark& m) { return bytes.starts_with(m.octets); });
    return mark == marks.end() ? string_view{} : mark->charset;
}

/// The value behind `word`, in quotes or not.
string_view value_behind(string_view text, string_view lower, string_view word)
{
    const std::size_t at = lower.find(word);
    if (at == string_view::npos) {
        return {};
    }
    std::size_t begin = at + word.size();
    while (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
        ++begin;
    }
    const std::size_t end = std::min(text.find_first_of("\"'>;?/ \t\r\n", begin), text.size());
    return text.substr(begin, end - begin);
}

/// <meta charset=…>, <meta … content="…; charset=…">, or <?xml … encoding=…?>.
string_view charset_of_markup(string_view bytes)
{
    constexpr std::size_t looked_at = 1'024; // as browsers do
    const string_view start = bytes.substr(0, looked_at);
    const std::string lower = lower_case(start);
    const auto of_meta = value_behind(start, lower, "charset=");
    if (!of_meta.empty()) {
        return of_meta;
    }
    const std::size_t xml = lower.find("<?xml");
    return xml == std::string::npos ? string_view{} : value_behind(start, lower, "encoding=");
}

struct Counts {
    std::array<std::size_t, 4> nuls{}; // by place in a group of four
    std::size_t groups = 0;
};

Counts count_nuls(string_view bytes)
{
    constexpr std::size_t looked_at = 4'096;
    Counts counts;
    const string_view start = bytes.substr(0, looked_at);
    counts.groups = start.size() / 4;
    for (std::size_t at = 0; at < counts.groups * 4; ++at) {
        counts.nuls.at(at % 4) += start[at] == '\0' ? 1U : 0U;
    }
    return counts;
}

/// Text that is mostly ASCII has NUL where UTF-16 and UTF-32 keep the high octets.
string_view charset_of_nuls(string_view bytes)
{
    struct Shape {
        std::array<bool, 4> has_nul;
        string_view charset;
    };
    constexpr std::array shapes{
        Shape{{false, true, true, true}, "utf-32le"},
        Shape{{true, true, true, false}, "utf-32be"},
        Shape{{false, true, false, true}, "utf-16le"},
        Shape{{true, false, true, false}, "utf-16be"},
    };
    const auto [nuls, groups] = count_nuls(bytes);
    if (groups < 2 || nuls == Counts{}.nuls) {
        return {};
    }
    for (const auto& [has_nul, charset] : shapes) {
        bool is_like = true;
        for (std::size_t place = 0; place < nuls.size(); ++place) {
            const std::size_t count = nuls.at(place);
            is_like = is_like && (has_nul.at(place) ? count * 2 > groups : count * 20 <= groups);
        }
        if (is_like) {
            return charset;
        }
    }
    return {};
}

bool is_one_of(string_view name, std::initializer_list<string_view> names)
{
    return std::ranges::any_of(names,
                               [&](string_view one) { return equals_ignoring_case(name, one); });
}

/// A name that leaves the order of octets open: both, big-endian first (RFC 2781 §4.3).
std::vector<string_view> in_both_orders(string_view name)
{
    if (is_one_of(name, {"utf-16", "utf16", "ucs-2", "iso-10646-ucs-2", "unicode", "csunicode"})) {
        return {"utf-16be", "utf-16le"};
    }
    if (is_one_of(name, {"utf-32", "utf32", "ucs-4", "iso-10646-ucs-4"})) {
        return {"utf-32be", "utf-32le"};
    }
    return {name};
}

/// ASCII is written in its own octets, whatever stands around it.
bool keeps_ascii(string_view charset)
{
    const std::string name = lower_case(charset);
    constexpr std::array<string_view, 6> starts{"iso-8859-", "iso8859-", "windows-125",
                                                "cp125",     "koi8-",    "latin"};
    return is_one_of(name, {"", "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "macintosh",
                            "windows-874", "tis-620", "iso-8859-8-i"}) ||
           std::ranges::any_of(starts, [&](string_view start) { return name.starts_with(start); });
}

bool is_utf7(string_view charset)
{
    return lower_case(charset).find("utf-7") != std::string::npos ||
           equals_ignoring_case(charset, "utf7");
}

/// A browser reads a <meta> that names them as UTF-8: it could be read as ASCII.
bool is_wide(string_view charset)
{
    return is_one_of(charset, {"utf-16be", "utf-16le", "utf-32be", "utf-32le"});
}

/// CR LF and ASCII are other octets, as in UTF-16, UTF-32 and EBCDIC. RFC 2046 §4.1.1.
bool is_unsuitable_for_mail(string_view charset)
{
    constexpr string_view sample = "\r\n<a> AZaz09\r\n";
    return !keeps_ascii(charset) && is_known_charset(charset) &&
           to_utf8(sample, charset).text != sample;
}

class Charsets {
public:
    void add(string_view name)
    {
        const bool is_new = std::ranges::none_of(
            names_, [&](const auto& known) { return equals_ignoring_case(known, name); });
        if (!name.empty() && is_new && is_known_charset(name)) {
            names_.emplace_back(name);
        }
    }

    std::vector<std::string> take() { return std::move(names_); }

private:
    std::vector<std::string> names_;
};

/// Is the text, but for what is not ASCII, the octets?
bool has_ascii_of(string_view text, string_view octets)
{
    const auto is_ascii = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; };
    auto left = text.begin();
    auto right = octets.begin();
    while (true) {
        left = std::find_if(left, text.end(), is_ascii);
        right = std::find_if(right, octets.end(), is_ascii);
        if (left == text.end() || right == octets.end()) {
            return left == text.end() && right == octets.end();
        }
        if (*left++ != *right++) {
            return false;
        }
    }
}

TextVersion read_version(string_view bytes, const std::string& charset, std::size_t bytes_max)
{
    TextVersion version;
    version.charset = charset;
    version.text = to_utf8(bytes, charset).text;
    constexpr string_view byte_order_mark = "\xef\xbb\xbf";
    if (version.text.starts_with(byte_order_mark)) {
        version.text.erase(0, byte_order_mark.size());
    }
    if (version.text.size() > bytes_max) {
        version.was_cut = true;
        version.text.resize(cut_utf8(version.text, bytes_max).size());
    }
    return version;
}

std::string join_names(const std::vector<std::string>& names)
{
    std::string joined;
    for (const auto& name : names) {
        joined += (joined.empty() ? "" : ", ") + name;
    }
    return joined;
}

/// The versions that differ from the octets and from each other.
void add_versions(string_view bytes, const std::vector<std::string>& charsets,
                  std::size_t bytes_max, TextVersions& found)
{
    std::vector<std::string> different; // charsets by which the text has other ASCII than before
    bool has_octets = false;
    for (const auto& charset : charsets) {
        auto version = keeps_ascii(charset) ? TextVersion{charset, "", false, false}
                                            : read_version(bytes, charset, bytes_max);
        version.is_shown = charset == charsets.front();
        if (keeps_ascii(charset) || has_ascii_of(version.text, bytes)) {
            if (!std::exchange(has_octets, true)) {
                different.push_back(charset);
            }
            continue;
        }
        const bool is_new = std::ranges::none_of(
            found.versions, [&](const auto& known) { return known.text == version.text; });
        if (is_new && found.versions.size() < TextVersions::versions_max) {
            different.push_back(charset);
            found.versions.push_back(std::move(version));
        }
    }
    if (different.size() > 1) {
        found.conflict = join_names(different);
    }
}

} // namespace

std::vector<std::string> charsets_of(base::ByteView content, string_view declared,
                                     TextMarkup markup)
{
    const string_view bytes = base::as_text(content);
    const string_view of_mark = charset_of_mark(bytes);
    Charsets charsets;
    const auto orders = in_both_orders(trim(declared));
    if (std::ranges::find(orders, of_mark) != orders.end()) {
        charsets.add(of_mark); // the mark says which order
    } else {
        std::ranges::for_each(orders, [&](string_view name) { charsets.add(name); });
    }
    charsets.add(of_mark);
    const auto of_markup = markup == TextMarkup::html ? charset_of_markup(bytes) : string_view{};
    if (!is_wide(in_both_orders(of_markup).front())) {
        charsets.add(of_markup);
    }
    charsets.add(charset_of_nuls(bytes));
    return charsets.take();
}

TextVersions read_versions(base::ByteView content, string_view declared, TextMarkup markup,
                           std::size_t bytes_max)
{
    TextVersions found;
    const auto charsets = charsets_of(content, declared, markup);
    if (std::ranges::all_of(charsets, keeps_ascii)) {
        return found;
    }
    const auto utf7 = std::ranges::find_if(charsets, is_utf7);
    found.utf7 = utf7 == charsets.end() ? "" : *utf7;
    found.unsuitable = is_unsuitable_for_mail(trim(declared)) ? trim(declared) : "";
    // No charset makes less than a quarter of it: 4 octets (UTF-32) for one of ASCII.
    const std::size_t raw_max = 4 * bytes_max;
    const string_view bytes = base::as_text(content);
    add_versions(bytes.substr(0, raw_max), charsets, bytes_max, found);
    for (TextVersion& version : found.versions) {
        version.was_cut = version.was_cut || bytes.size() > raw_max;
    }
    return found;
}

} // namespace watchpost::message
