#include "message/html_attributes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

/// The states of the HTML tokenizer inside a tag (WHATWG HTML §13.2.5.8 and 32-40).
enum class State : std::uint8_t {
    tag_name,
    before_name,
    name,
    after_name,
    before_value,
    double_quoted,
    single_quoted,
    unquoted,
    after_quoted,
    slash,
};
constexpr std::size_t states = 10;

struct Step {
    std::optional<State> next; // none: the tag ends
    bool starts_attribute = false;
};

bool is_html_space(char c)
{
    return is_space(c) || c == '\f';
}

/// Between attributes: `otherwise` is where an ordinary character leads.
Step between(char c, State after_space, Step otherwise)
{
    if (is_html_space(c)) {
        return {after_space};
    }
    if (c == '/') {
        return {State::slash};
    }
    return c == '>' ? Step{std::nullopt} : otherwise;
}

Step before_value(char c)
{
    if (is_html_space(c)) {
        return {State::before_value};
    }
    if (c == '"' || c == '\'') {
        return {c == '"' ? State::double_quoted : State::single_quoted};
    }
    return c == '>' ? Step{std::nullopt} : Step{State::unquoted};
}

Step unquoted(char c)
{
    if (is_html_space(c)) {
        return {State::before_name};
    }
    return c == '>' ? Step{std::nullopt} : Step{State::unquoted};
}

Step step(State state, char c)
{
    constexpr Step new_attribute{State::name, true};
    switch (state) {
    case State::tag_name:
        return between(c, State::before_name, {State::tag_name});
    case State::before_name:
    case State::after_quoted:
    case State::slash:
        return between(c, State::before_name, new_attribute);
    case State::name:
        return between(c, State::after_name, {c == '=' ? State::before_value : State::name});
    case State::after_name:
        return between(c, State::after_name, c == '=' ? Step{State::before_value} : new_attribute);
    case State::before_value:
        return before_value(c);
    case State::double_quoted:
        return {c == '"' ? State::after_quoted : State::double_quoted};
    case State::single_quoted:
        return {c == '\'' ? State::after_quoted : State::single_quoted};
    case State::unquoted:
        return unquoted(c);
    }
    return {std::nullopt};
}

/// All tags that may be open at one place, wherever each began: at most one a state, the one with
/// most attributes. So the work for a character is bounded, whatever the text is.
class Threads {
public:
    void start() { put(State::tag_name, 0); }

    /// Returns the highest count of attributes.
    std::size_t feed(char c)
    {
        const auto before = counts_;
        counts_ = {};
        std::size_t highest = 0;
        is_any_open_ = false;
        for (std::size_t i = 0; i < states; ++i) {
            if (before.at(i) == 0) {
                continue;
            }
            const Step taken = step(static_cast<State>(i), c);
            const std::size_t attributes = before.at(i) - 1 + (taken.starts_attribute ? 1 : 0);
            if (taken.next) {
                put(*taken.next, attributes);
                highest = std::max(highest, attributes);
            }
        }
        return highest;
    }

    [[nodiscard]] bool is_any_open() const noexcept { return is_any_open_; }

private:
    void put(State state, std::size_t attributes)
    {
        auto& count = counts_.at(static_cast<std::size_t>(state));
        count = std::max(count, attributes + 1);
        is_any_open_ = true;
    }

    std::array<std::size_t, states> counts_{}; // attributes + 1; 0: no tag is in that state
    bool is_any_open_ = false;
};

bool starts_tag(std::string_view html, std::size_t at)
{
    const std::size_t name = at + (html.compare(at, 2, "</") == 0 ? 2 : 1);
    return html[at] == '<' && name < html.size() && is_alpha(html[name]);
}

} // namespace

std::size_t prefix_with_attributes(std::string_view html, std::size_t count_max)
{
    Threads threads;
    std::size_t last_start = 0;
    for (std::size_t at = 0; at < html.size(); ++at) {
        if (!threads.is_any_open()) {
            at = html.find('<', at);
            if (at == std::string_view::npos) {
                break;
            }
        }
        if (threads.is_any_open() && threads.feed(html[at]) > count_max) {
            return last_start;
        }
        if (starts_tag(html, at)) {
            threads.start();
            last_start = at;
        }
    }
    return html.size();
}

} // namespace watchpost::message
