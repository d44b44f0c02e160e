#include "message/tag_threads.h"

#include <cstdint>
#include <optional>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

enum class State : std::uint8_t {
    tag_name, // the first: TagThreads::start
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

} // namespace

std::size_t TagThreads::feed(char c)
{
    static_assert(states == static_cast<std::size_t>(State::slash) + 1);
    const auto before = counts_;
    counts_ = {};
    is_any_open_ = false;
    std::size_t started = 0;
    for (std::size_t i = 0; i < states; ++i) {
        if (before.at(i) == 0) {
            continue;
        }
        const Step taken = step(static_cast<State>(i), c);
        if (!taken.next) {
            continue;
        }
        const std::size_t attributes = before.at(i) - 1 + (taken.starts_attribute ? 1 : 0);
        started = taken.starts_attribute ? std::max(started, attributes) : started;
        put(static_cast<std::size_t>(*taken.next), attributes);
    }
    return started;
}

} // namespace watchpost::message
