// Follows all HTML tags that may be open at one place of a text, wherever each began.
//
// Whoever does not know what is a comment, a script or a quoted value cannot say where a tag
// starts; so every start is followed. Tags in the same state of the tokenizer behave alike from
// there on, so that at most one a state is kept, the one with most attributes, and the work for a
// character is bounded. WHATWG HTML §13.2.5.8 and 32-40. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace watchpost::message {

class TagThreads {
public:
    /// A "<" or "</" with a letter stood here.
    void start() { put(0, 0); }

    /// Where an attribute starts with this character: how many its tag has now, at most; else 0.
    std::size_t feed(char c);

    [[nodiscard]] bool is_any_open() const noexcept { return is_any_open_; }

private:
    static constexpr std::size_t states = 10; // of tag_threads.cc

    void put(std::size_t state, std::size_t attributes)
    {
        counts_.at(state) = std::max(counts_.at(state), attributes + 1);
        is_any_open_ = true;
    }

    std::array<std::size_t, states> counts_{}; // attributes + 1; 0: no tag is in that state
    bool is_any_open_ = false;
};

} // namespace watchpost::message
