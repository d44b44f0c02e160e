#include "message/html_text.h"

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

std::string_view HtmlText::since(std::size_t begin) const
{
    return begin < text_.size() ? trim(std::string_view{text_}.substr(begin)) : std::string_view{};
}

} // namespace watchpost::message
