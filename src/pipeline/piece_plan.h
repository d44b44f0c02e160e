// Which messages that say they are pieces make a whole, in every way that they can be put together.
//
// RFC 2046 §5.2.2: pieces of one id, numbered from 1 to a total that only the last one has to name.
// Hostile ones double a number with other content or contradict each other's total; each such
// choice is a way of its own, never a product of them. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace watchpost::pipeline {

struct PieceLimits {
    static constexpr std::uint64_t total_max = 200; // pieces of one message
    static constexpr std::size_t joins_max = 4;     // ways, with each piece that comes
    static constexpr std::uint64_t joined_bytes_max = std::uint64_t{64} << 20U;
};

struct NumberedPiece {
    std::uint64_t number = 0;
    std::uint64_t total = 0; // 0: it does not say
    std::string content;     // a digest: equal pieces are one
};

struct PiecePlan {
    std::vector<std::vector<std::size_t>> joins; // indexes, in the order of the numbers
    bool was_cut = false;                        // there are more ways than joins_max
    std::uint64_t total = 0;   // that the newest piece counts for; 0: none has named one
    std::uint64_t present = 0; // numbers of these that are there
};

/// The ways that have the piece `newest` in them: the others were taken when it was not there.
[[nodiscard]] PiecePlan plan_joins(std::span<const NumberedPiece> pieces, std::size_t newest);

} // namespace watchpost::pipeline
