#include "store/sqlite/words.h"

#include <algorithm>
#include <cctype>

namespace watchpost::store::sqlite {

namespace {

std::string letters_and_digits(std::string_view text)
{
    std::string kept;
    for (const char character : text) {
        if (std::isalnum(static_cast<unsigned char>(character)) != 0) {
            kept += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
        }
    }
    return kept;
}

/// ("#s0" OR "#s1"): no word from outside becomes a term that begins so.
void add_alternatives(std::vector<std::string>& terms, const std::vector<std::string>& tags)
{
    if (tags.empty()) {
        return;
    }
    std::string term = "(";
    for (const auto& tag : tags) {
        term += (&tag == &tags.front() ? "\"#" : " OR \"#") + tag + '"';
    }
    terms.push_back(term + ")");
}

/// `column` and " word" for each word: every beginning of a word is a term of the index. A double
/// quote in a word is doubled.
void add_words(std::vector<std::string>& terms, std::string_view column, std::string_view text)
{
    for (const std::string& word : split_words(text)) {
        std::string quoted;
        bool has_token = false;
        for (const char character : word) {
            quoted += character == '"' ? std::string{"\"\""} : std::string{character};
            const auto octet = static_cast<unsigned char>(character);
            has_token = has_token || octet >= 0x80 || std::isalnum(octet) != 0;
        }
        if (has_token) { // punctuation alone would be an empty phrase, which matches nothing
            terms.push_back(std::string{column} + "\" " + quoted + '"');
        }
    }
}

template <typename Values>
std::vector<std::string> tags_for(const Values& values)
{
    std::vector<std::string> tags;
    tags.reserve(values.size());
    for (const auto& value : values) {
        tags.push_back(tag_of(value));
    }
    return tags;
}

std::vector<std::string> engine_tags(const std::vector<std::string>& engines)
{
    std::vector<std::string> tags(engines.size());
    std::transform(engines.begin(), engines.end(), tags.begin(),
                   [](const std::string& engine) { return tag_of_engine(engine); });
    return tags;
}

} // namespace

std::string tag_of(AlertState state)
{
    return "s" + std::to_string(static_cast<int>(state));
}

std::string tag_of(verdict::Importance importance)
{
    return "i" + std::to_string(static_cast<int>(importance));
}

std::string tag_of_engine(std::string_view engine)
{
    return "e" + letters_and_digits(engine);
}

std::string tag_of_assignee(const std::optional<UserId>& assignee)
{
    return "a" + (assignee ? letters_and_digits(assignee->to_string()) : std::string{"none"});
}

std::string tags_of(const Alert& alert)
{
    std::vector<std::string> tags{tag_of(alert.state), tag_of(alert.importance),
                                  alert.is_partial ? "p1" : "p0", tag_of_assignee(alert.assignee)};
    for (const auto& tag : engine_tags(alert.engines)) {
        tags.push_back(tag);
    }
    return join_words(tags);
}

std::string match_expression(const AlertQuery& query)
{
    std::vector<std::string> terms;
    add_alternatives(terms, tags_for(query.states));
    add_alternatives(terms, tags_for(query.importances));
    add_alternatives(terms, engine_tags(query.engines));
    if (query.is_partial) {
        add_alternatives(terms, {*query.is_partial ? "p1" : "p0"});
    }
    if (query.assignee || query.is_unassigned) {
        add_alternatives(terms, {tag_of_assignee(query.assignee)});
    }
    std::vector<std::string> phrases;
    add_words(phrases, "sender : ", query.sender_words);
    add_words(phrases, "recipients : ", query.recipient_words);
    add_words(phrases, "subject : ", query.subject_words);
    add_words(phrases, "", query.any_words);
    if (!phrases.empty()) { // without AND: then FTS5 passes over a phrase of a symbol alone ("–")
        terms.push_back(join_words(phrases));
    }

    std::string expression;
    for (const auto& term : terms) {
        expression += (expression.empty() ? "" : " AND ") + term;
    }
    return expression;
}

std::string join_words(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

std::vector<std::string> split_words(std::string_view text)
{
    std::vector<std::string> words;
    while (true) {
        const auto begin = text.find_first_not_of(" \t\r\n");
        if (begin == std::string_view::npos) {
            return words;
        }
        text.remove_prefix(begin);
        const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

} // namespace watchpost::store::sqlite
