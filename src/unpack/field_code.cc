#include "unpack/field_code.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "unpack/names.h"
#include "unpack/remote_target.h"

namespace watchpost::unpack {
namespace {

/// The next word of a field's code; quotes hold it together. Backslashes are doubled in codes.
std::string take_word(std::string_view& code)
{
    constexpr std::string_view blanks = " \t\r\n";
    code.remove_prefix(std::min(code.find_first_not_of(blanks), code.size()));
    const bool is_quoted = code.starts_with('"');
    code.remove_prefix(is_quoted ? 1 : 0);
    const auto end = std::min(is_quoted ? code.find('"') : code.find_first_of(blanks), code.size());
    const auto written = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    std::string word;
    for (std::size_t i = 0; i < written.size(); ++i) {
        i += written.substr(i).starts_with("\\\\") ? 1 : 0;
        word += written[i];
    }
    return word;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

/// Where a field leads that Word fetches or shows when it opens the document. Pictures of the web
/// are common in honest documents, which were pasted together.
void refer_fetched(const std::string& name, std::string_view code, Meter& meter)
{
    auto target = take_word(code);
    if (name == "LINK") { // the first word is the class of the object
        target = take_word(code);
    }
    const auto remote = remote_target(target);
    if (remote != Remote::no) {
        const bool is_picture = name == "INCLUDEPICTURE" && remote == Remote::web;
        meter.refer(
            {name_from_octets(target), is_picture ? Reference::Kind::link : Reference::Kind::load});
    }
}

} // namespace

void refer_field(std::string_view code, Meter& meter)
{
    const auto name = upper(take_word(code));
    if (name == "HYPERLINK") {
        const auto target = take_word(code);
        const bool is_switch = target.size() == 2 && target.front() == '\\'; // \l: within it
        if (!target.empty() && !is_switch) {
            meter.refer({name_from_octets(target), Reference::Kind::link});
        }
    } else if (name == "DDE" || name == "DDEAUTO") {
        auto target = take_word(code); // program, file, place in it: the whole is the command
        target += ' ' + std::string{code};
        meter.refer({name_from_octets(target), Reference::Kind::dde});
    } else if (name == "INCLUDEPICTURE" || name == "INCLUDETEXT" || name == "INCLUDE" ||
               name == "IMPORT" || name == "LINK") {
        refer_fetched(name, code, meter);
    }
}

std::string text_of_quote_field(std::string_view code)
{
    std::string text;
    if (upper(take_word(code)) != "QUOTE") {
        return text;
    }
    for (auto word = take_word(code); !word.empty(); word = take_word(code)) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error == std::errc{} && end == word.data() + word.size() && value > 0 && value < 0x80) {
            text += static_cast<char>(value);
        } else {
            text += word;
        }
    }
    return text;
}

} // namespace watchpost::unpack
