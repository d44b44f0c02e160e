#include "message/received.h"

#include <array>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"
#include "message/date.h"
#include "message/encoded_word.h"

namespace watchpost::message {

namespace {

/// A word, a comment or a text in angle brackets.
struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::optional<Token> next_token(std::string_view text, std::size_t at)
{
    while (at < text.size() && is_space(text[at])) {
        ++at;
    }
    if (at >= text.size()) {
        return std::nullopt;
    }
    Token token{at, at};
    if (text[at] == '(') {
        token.end = skip_comment(text, at);
        return token;
    }
    while (token.end < text.size() && !is_space(text[token.end]) && text[token.end] != '(') {
        ++token.end;
    }
    return token;
}

/// The semicolon before the date: the last one outside comments.
std::size_t find_date(std::string_view text)
{
    std::size_t found = std::string_view::npos;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '(') {
            at = skip_comment(text, at);
            continue;
        }
        if (text[at] == ';') {
            found = at;
        }
        ++at;
    }
    return found;
}

std::string* clause_of(Received& received, std::string_view word, std::string& other)
{
    if (equals_ignoring_case(word, "from")) {
        return &received.from;
    }
    if (equals_ignoring_case(word, "by")) {
        return &received.by;
    }
    if (equals_ignoring_case(word, "with")) {
        return &received.with;
    }
    if (equals_ignoring_case(word, "id")) {
        return &received.id;
    }
    if (equals_ignoring_case(word, "for")) {
        return &received.for_address;
    }
    return equals_ignoring_case(word, "via") ? &other : nullptr;
}

void set_clause(std::string& clause, std::string_view raw)
{
    raw = trim(raw);
    if (clause.empty() && !raw.empty()) {
        clause = guess_to_utf8(unfold(raw));
    }
}

void read_clauses(std::string_view text, Received& received)
{
    std::string other;
    std::string* clause = nullptr;
    std::size_t clause_begin = 0;
    bool has_word = false; // a clause word right behind another is that one's value
    for (auto token = next_token(text, 0); token; token = next_token(text, token->end)) {
        const auto word = text.substr(token->begin, token->end - token->begin);
        std::string* const next =
            clause == nullptr || has_word ? clause_of(received, word, other) : nullptr;
        if (next == nullptr) {
            has_word = true;
            continue;
        }
        if (clause != nullptr) {
            set_clause(*clause, text.substr(clause_begin, token->begin - clause_begin));
        }
        clause = next;
        clause_begin = token->end;
        has_word = false;
    }
    if (clause != nullptr) {
        set_clause(*clause, text.substr(clause_begin));
    }
}

/// "<user@host> (comment)": the address alone.
std::string without_brackets(const std::string& text)
{
    const std::size_t end = text.starts_with('<') ? text.find('>') : std::string::npos;
    if (end == std::string::npos) {
        return text;
    }
    return text.substr(1, end - 1);
}

} // namespace

Received parse_received(std::string_view raw)
{
    Received received;
    const std::size_t semicolon = find_date(raw);
    read_clauses(raw.substr(0, semicolon), received);
    received.for_address = without_brackets(received.for_address);
    if (semicolon != std::string_view::npos) {
        received.time = parse_date(raw.substr(semicolon + 1));
    }
    return received;
}

} // namespace watchpost::message
