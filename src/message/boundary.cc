#include "message/boundary.h"

#include <algorithm>

#include "message/ascii.h"

namespace watchpost::message {

std::size_t BoundaryStack::push(std::string_view boundary)
{
    open_.push_back({boundary});
    return open_.size() - 1;
}

bool BoundaryStack::overlaps(std::string_view boundary) const noexcept
{
    return std::ranges::any_of(open_, [&](const Open& open) {
        return open.boundary.starts_with(boundary) || boundary.starts_with(open.boundary);
    });
}

/// What stands behind a boundary on its line leaves it a delimiter.
bool BoundaryStack::may_follow(std::string_view rest) const noexcept
{
    if (rest.starts_with("--")) {
        const auto line = rest.substr(2, rest.find('\n') - 2);
        return !departures_.has(Departure::closing_stands_alone) || trim(line).empty();
    }
    return rest.empty() || is_space(rest.front()) ||
           departures_.has(Departure::prefix_is_delimiter) ||
           departures_.has(Departure::outer_boundary_first);
}

std::optional<BoundaryStack::Match> BoundaryStack::match(std::string_view line) const noexcept
{
    std::optional<Match> best;
    bool best_is_closed = false;
    const std::size_t lowest =
        departures_.has(Departure::innermost_boundary_only) ? innermost_open() : 0;
    for (std::size_t level = open_.size(); level-- > lowest;) {
        const auto& open = open_[level];
        if (!line.starts_with(open.boundary)) {
            continue;
        }
        const std::string_view rest = line.substr(open.boundary.size());
        if (!may_follow(rest)) {
            continue;
        }
        const std::size_t length = open.boundary.size();
        const bool is_better = !best || departures_.has(Departure::outer_boundary_first) ||
                               length > best->boundary_bytes ||
                               (length == best->boundary_bytes && best_is_closed);
        if (is_better) {
            best = Match{level, length, rest.starts_with("--")};
            best_is_closed = open.is_closed;
        }
    }
    return best;
}

std::size_t BoundaryStack::innermost_open() const noexcept
{
    std::size_t level = open_.size();
    while (level > 0 && open_[level - 1].is_closed) {
        --level;
    }
    return level == 0 ? 0 : level - 1;
}

bool BoundaryStack::is_near_miss(std::string_view line) const noexcept
{
    return !open_.empty() && line.starts_with(open_.back().boundary);
}

namespace {

/// Takes the line end before the delimiter away: it belongs to the delimiter. RFC 2046 §5.1.1.
std::size_t content_end_before(std::string_view buffer, std::size_t line_begin)
{
    std::size_t end = line_begin;
    if (end > 0 && buffer[end - 1] == '\n') {
        --end;
        if (end > 0 && buffer[end - 1] == '\r') {
            --end;
        }
    }
    return end;
}

Delimiter make_delimiter(std::string_view buffer, std::size_t line_begin,
                         const BoundaryStack::Match& match)
{
    Delimiter delimiter;
    delimiter.line_begin = line_begin;
    delimiter.content_end = content_end_before(buffer, line_begin);
    delimiter.level = match.level;
    delimiter.is_closing = match.is_closing;
    const std::size_t line_end = buffer.find('\n', line_begin);
    delimiter.next = line_end == std::string_view::npos ? buffer.size() : line_end + 1;
    std::size_t end = line_begin + 2 + match.boundary_bytes;
    end += match.is_closing ? 2 : 0;
    delimiter.has_trailing_text = !trim(buffer.substr(end, delimiter.next - end)).empty();
    return delimiter;
}

} // namespace

Search find_delimiter(std::string_view buffer, std::size_t from, const BoundaryStack& boundaries)
{
    Search search;
    if (boundaries.empty()) {
        return search;
    }
    for (std::size_t line = from; line < buffer.size();) {
        if (buffer.compare(line, 2, "--") == 0) {
            const std::string_view rest = buffer.substr(line + 2);
            if (const auto match = boundaries.match(rest)) {
                search.delimiter = make_delimiter(buffer, line, *match);
                return search;
            }
            if (!search.near_miss && boundaries.is_near_miss(rest)) {
                search.near_miss = line;
            }
        }
        const std::size_t line_end = buffer.find('\n', line);
        if (line_end == std::string_view::npos) {
            break;
        }
        line = line_end + 1;
    }
    return search;
}

} // namespace watchpost::message
