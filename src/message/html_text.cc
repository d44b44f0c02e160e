#include "message/html_text.h"

#include <algorithm>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

/// White space of HTML, and the no-break space, which looks like one.
std::size_t space_at(std::string_view text, std::size_t at)
{
    if (is_space(text[at]) || text[at] == '\f') {
        return 1;
    }
    return text.compare(at, 2, "\xc2\xa0") == 0 ? 2 : 0;
}

} // namespace

void HtmlText::put_space()
{
    if (space_is_due_ && !text_.empty() && text_.back() != '\n') {
        text_ += ' ';
    }
    space_is_due_ = false;
}

void HtmlText::add(std::string_view text, bool is_preformatted)
{
    if (is_preformatted) {
        put_space();
        text_ += text;
        return;
    }
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t space = space_at(text, at)) {
            space_is_due_ = true;
            at += space;
            continue;
        }
        put_space();
        text_ += text[at++];
    }
}

void HtmlText::break_line()
{
    space_is_due_ = false;
    if (!text_.empty() && text_.back() != '\n') {
        text_ += '\n';
    }
}

void HtmlText::add_line_break()
{
    space_is_due_ = false;
    text_ += '\n';
}

void HtmlText::separate()
{
    space_is_due_ = true;
}

void HtmlText::end_cell(std::size_t begin)
{
    constexpr std::size_t letters_of_word = 3;
    const std::string_view content = since(begin);
    const auto is_first_octet = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    };
    if (std::count_if(content.begin(), content.end(), is_first_octet) != 1) {
        letters_ = 0;
        return;
    }
    const std::string letter{content};
    const bool follows = letters_ > 0 && text_.size() == letters_end_ + 1 + letter.size() &&
                         text_[letters_end_] == ' ' && text_.ends_with(letter);
    letters_ = follows ? letters_ + 1 : 1;
    word_ = follows && letters_ <= letters_of_word ? word_ + letter : letter;
    if (letters_ == letters_of_word) {
        text_.resize(text_.size() - word_.size() - (letters_of_word - 1)); // with the blanks
        text_ += word_;
    } else if (letters_ > letters_of_word) {
        text_.resize(letters_end_);
        text_ += letter;
    }
    letters_end_ = text_.size();
}

std::string_view HtmlText::since(std::size_t begin) const
{
    return begin < text_.size() ? trim(std::string_view{text_}.substr(begin)) : std::string_view{};
}

} // namespace watchpost::message
