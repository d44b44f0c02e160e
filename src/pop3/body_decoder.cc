#include "pop3/body_decoder.h"

#include <string_view>

namespace watchpost::pop3 {

using base::ByteView;

namespace {

/// Where the first "." at the start of a line stands in `text` (npos: nowhere). The line's CRLF is
/// in `text`, too: a "." at its first two places belongs to the caller's state.
std::size_t find_dot_at_line_start(std::string_view text)
{
    // "." is rare in encoded content, so this goes over most of a mail in one stride; a "." that
    // does not count lets the next one that could count be three octets away.
    std::size_t from = 2;
    while (from < text.size()) {
        const auto at = text.find('.', from);
        if (at == std::string_view::npos) {
            return at;
        }
        if (text[at - 1] == '\n' && text[at - 2] == '\r') {
            return at;
        }
        from = at + 1;
    }
    return std::string_view::npos;
}

} // namespace

ByteView BodyDecoder::next(ByteView& input)
{
    while (!input.empty()) {
        ByteView content;
        switch (state_) {
        case State::ended:
            return {};
        case State::dot:
            content = take_dot(input);
            break;
        case State::dot_cr:
            content = take_dot_cr(input);
            break;
        case State::line_start:
        case State::text:
        case State::cr:
            content = take_text(input);
            break;
        }
        if (!content.empty()) {
            return content;
        }
    }
    return {};
}

/// The octet behind a "." at the line's start decides what that "." was.
ByteView BodyDecoder::take_dot(ByteView& input)
{
    const char octet = base::as_text(input).front();
    if (octet == '\r') {
        input = input.subspan(1);
        state_ = State::dot_cr;
        return {};
    }
    if (octet == '.') { // stuffed: the first one goes
        input = input.subspan(1);
    }
    // Deviates from RFC 1939 §3: a "." in front of anything else stays, because only a server that
    // does not stuff sends one, and then it is content.
    state_ = State::text;
    return base::as_bytes(".");
}

ByteView BodyDecoder::take_dot_cr(ByteView& input)
{
    if (base::as_text(input).front() == '\n') {
        input = input.subspan(1);
        state_ = State::ended;
        return {};
    }
    state_ = State::cr;
    return base::as_bytes(".\r");
}

/// Everything up to the next "." at the start of a line, or all of it.
ByteView BodyDecoder::take_text(ByteView& input)
{
    const std::string_view text = base::as_text(input);
    if (state_ == State::line_start && text[0] == '.') {
        input = input.subspan(1);
        state_ = State::dot;
        return {};
    }
    std::size_t end = text.size();
    if (state_ == State::cr && text[0] == '\n' && text.size() > 1 && text[1] == '.') {
        end = 1;
    } else if (const auto dot = find_dot_at_line_start(text); dot != std::string_view::npos) {
        end = dot;
    }
    const auto taken = text.substr(0, end);
    if (taken.back() == '\r') {
        state_ = State::cr;
    } else if (taken.back() == '\n' &&
               (taken.size() > 1 ? taken[taken.size() - 2] == '\r' : state_ == State::cr)) {
        state_ = State::line_start;
    } else {
        state_ = State::text;
    }
    const auto content = input.first(end);
    input = input.subspan(end);
    return content;
}

} // namespace watchpost::pop3
