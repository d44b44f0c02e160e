// The boundaries of the multiparts that are open, and the search for the next delimiter line.
//
// One pass over the content: lines are found by memchr, and only lines that begin with "--" are
// looked at. Work a line is bounded by the depth, so hostile nesting stays linear. RFC 2046 §5.1.1.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "message/departure.h"

namespace watchpost::message {

struct Delimiter {
    std::size_t line_begin = 0;
    std::size_t content_end = 0; // without the line end before the delimiter; may lie before `from`
    std::size_t next = 0;        // after the delimiter's line
    std::size_t level = 0;       // which open multipart it belongs to, outermost is 0
    bool is_closing = false;
    bool has_trailing_text = false;
};

class BoundaryStack {
public:
    BoundaryStack() = default;
    explicit BoundaryStack(Departures departures) : departures_{departures} {}

    /// The text must outlive its level. Returns the level.
    std::size_t push(std::string_view boundary);

    /// An open boundary starts with this one, or this one with it.
    [[nodiscard]] bool overlaps(std::string_view boundary) const noexcept;
    void pop() { open_.pop_back(); }

    /// Of the innermost; there is one.
    [[nodiscard]] std::size_t level() const noexcept { return open_.size() - 1; }

    /// The closing delimiter of the innermost level was seen: any other level wins against it.
    void close_innermost() { open_.back().is_closed = true; }

    [[nodiscard]] bool empty() const noexcept { return open_.empty(); }

    struct Match {
        std::size_t level = 0;
        std::size_t boundary_bytes = 0;
        bool is_closing = false;
    };

    /// `line` starts behind the two dashes and may go on beyond the line. The longest boundary
    /// wins, among equal ones the innermost that is still open. A line that starts with a boundary
    /// and goes on is no match. Departures of the reading change each of these rules.
    [[nodiscard]] std::optional<Match> match(std::string_view line) const noexcept;

    /// The line starts with the innermost boundary, whatever follows.
    [[nodiscard]] bool is_near_miss(std::string_view line) const noexcept;

private:
    struct Open {
        std::string_view boundary;
        bool is_closed = false;
    };
    [[nodiscard]] std::size_t innermost_open() const noexcept;
    [[nodiscard]] bool may_follow(std::string_view rest) const noexcept;

    std::vector<Open> open_;
    Departures departures_;
};

struct Search {
    std::optional<Delimiter> delimiter;
    std::optional<std::size_t> near_miss; // line that starts with a boundary but is none
};

/// The first delimiter at or after `from`, which must be the start of a line.
[[nodiscard]] Search find_delimiter(std::string_view buffer, std::size_t from,
                                    const BoundaryStack& boundaries);

} // namespace watchpost::message
