#include "pop3/body_decoder.h"

#include <string_view>

namespace watchpost::pop3 {

using base::ByteView;

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t block_octets = 64;

/// 1 where "\r\n." begins at `at`, else 0: arithmetic on octets, which needs no branch and lets the
/// compiler do 16 places at once.
unsigned char is_line_end_and_dot(const char* octets, std::size_t at) noexcept
{
    const auto differences = static_cast<unsigned char>(
        (octets[at] ^ '\r') | (octets[at + 1] ^ '\n') | (octets[at + 2] ^ '.'));
    return differences == 0 ? 1 : 0;
}

/// Where the first "." at the start of a line stands in `text` (npos: nowhere). The line's CRLF is
/// in `text`, too: a "." at its first two places belongs to the caller's state.
///
/// Searching for one of the three octets would be slow on a message made of that octet; comparing
/// all three over blocks, without a branch within, is done by vector instructions at any content.
std::size_t find_dot_at_line_start(std::string_view text) noexcept
{
    std::size_t at = 0;
    for (; at + block_octets + 2 <= text.size(); at += block_octets) {
        const char* const block = &text[at];
        unsigned char found = 0;
        for (std::size_t i = 0; i < block_octets; ++i) {
            found |= is_line_end_and_dot(block, i);
        }
        if (found != 0) {
            break;
        }
    }
    for (; at + 2 < text.size(); ++at) {
        if (is_line_end_and_dot(&text[at], 0) != 0) {
            return at + 2;
        }
    }
    return npos;
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
    } else if (const auto dot = find_dot_at_line_start(text); dot != npos) {
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
