#include "message/authentication_results.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"
#include "message/encoded_word.h"

namespace watchpost::message {

namespace {

/// The field word by word: comments are passed over, quotes taken off.
class Words {
public:
    explicit Words(std::string_view text) : text_{text} { skip(); }

    [[nodiscard]] bool is_at_end() const noexcept { return at_ >= text_.size(); }
    [[nodiscard]] bool is_at(char c) const noexcept { return !is_at_end() && text_[at_] == c; }

    /// Takes the character where it stands next.
    bool take(char c)
    {
        if (!is_at(c)) {
            return false;
        }
        ++at_;
        skip();
        return true;
    }

    /// Up to white space, a comment, a semicolon or one of `ends`. Always goes on by a character,
    /// so that nothing stops the reading.
    std::string take_word(std::string_view ends)
    {
        std::string word;
        while (!is_at_end() && !is_space(text_[at_]) && text_[at_] != ';' && text_[at_] != '(' &&
               ends.find(text_[at_]) == std::string_view::npos) {
            if (text_[at_] == '"') {
                take_quoted(word);
            } else {
                word += text_[at_++];
            }
        }
        if (word.empty() && !is_at_end() && text_[at_] != ';' && text_[at_] != '=') {
            ++at_;
        }
        skip();
        return word;
    }

private:
    void skip() { at_ = skip_cfws(text_, at_); }

    void take_quoted(std::string& word)
    {
        for (++at_; !is_at_end() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
            }
            word += text_[at_];
        }
        at_ += is_at_end() ? 0 : 1;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// "smtp.mailfrom", around whose dot blanks and comments may stand.
std::string take_name(Words& words)
{
    std::string name = lower_case(words.take_word("="));
    while (!words.is_at_end() && !words.is_at('=') && !words.is_at(';') &&
           (name.ends_with('.') || words.is_at('.'))) {
        name += lower_case(words.take_word("="));
    }
    return name;
}

/// What stands between two semicolons: "dkim=pass reason=\"good\" header.d=a.example".
std::optional<AuthenticationResult> read_result(Words& words, std::string_view method,
                                                bool& was_cut)
{
    AuthenticationResult result;
    result.method = lower_case(method.substr(0, method.find('/')));
    while (!words.is_at_end() && !words.is_at(';') && !words.is_at('=')) {
        static_cast<void>(words.take_word("=")); // the version
    }
    if (!words.take('=')) {
        return std::nullopt; // "none"
    }
    result.result = lower_case(words.take_word(""));
    while (!words.is_at_end() && !words.is_at(';')) {
        std::string name = take_name(words);
        if (!words.take('=')) {
            continue; // a word that belongs to nothing
        }
        std::string value = words.take_word("");
        if (name == "reason" && result.reason.empty()) {
            result.reason = std::move(value);
        } else if (result.properties.size() < AuthenticationResults::properties_max) {
            result.properties.push_back({std::move(name), std::move(value)});
        } else {
            was_cut = true;
        }
    }
    return result;
}

} // namespace

AuthenticationResults parse_authentication_results(std::string_view raw)
{
    AuthenticationResults field;
    const std::string text = guess_to_utf8(unfold(raw));
    Words words{text};
    std::string first = words.take_word("=");
    if (!words.is_at('=')) {
        field.server = lower_case(first);
        while (!words.is_at_end() && !words.is_at(';')) {
            static_cast<void>(words.take_word("")); // the version
        }
        words.take(';');
        first = words.take_word("=");
    }
    for (;;) {
        auto result = read_result(words, first, field.was_cut);
        if (result && field.results.size() < AuthenticationResults::results_max) {
            field.results.push_back(std::move(*result));
        } else if (result) {
            field.was_cut = true;
        }
        while (!words.is_at_end() && !words.is_at(';')) {
            static_cast<void>(words.take_word(""));
        }
        if (!words.take(';')) {
            return field;
        }
        first = words.take_word("=");
    }
}

} // namespace watchpost::message
