// Memory for one parse by gumbo: handed out in one direction, given back all at once.
//
// Two things of gumbo's make this necessary. Its tree is freed by recursion, so that nesting alone
// would overflow the stack; here nothing is freed node by node. And a few kilobytes of unclosed
// formatting elements make it build millions of nodes; here the parse is left when the budget is
// used up. Not thread-safe.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <memory>
#include <vector>

namespace watchpost::message {

class HtmlArena {
public:
    explicit HtmlArena(std::size_t bytes_max) : left_{bytes_max} {}
    ~HtmlArena() = default;
    HtmlArena(const HtmlArena&) = delete;
    HtmlArena& operator=(const HtmlArena&) = delete;

    /// Never returns null: gumbo does not look. Jumps to on_exhausted when the budget is used up.
    [[nodiscard]] void* allocate(std::size_t size);

    std::jmp_buf on_exhausted; // set by whoever calls gumbo, whose frames own nothing

private:
    std::size_t left_;
    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::size_t block_size_ = 0;
    std::size_t used_ = 0; // of the last block
};

} // namespace watchpost::message
