#include "http/router.h"

namespace watchpost::http {

namespace {

std::vector<std::string> split_path(std::string_view path)
{
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1); // its slash
        const std::string_view segment = path.substr(0, path.find('/'));
        segments.emplace_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

bool is_parameter(std::string_view segment) noexcept
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// The number of literal segments that match, or nullopt where the path is another.
std::optional<std::size_t> literal_matches(const std::vector<std::string>& pattern,
                                           const std::vector<std::string>& path,
                                           NamedValues& parameters)
{
    if (pattern.size() != path.size()) {
        return std::nullopt;
    }
    std::size_t literals = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view segment = pattern[i];
        if (is_parameter(segment)) {
            parameters.emplace_back(segment.substr(1, segment.size() - 2), path[i]);
        } else if (segment == path[i]) {
            ++literals;
        } else {
            return std::nullopt;
        }
    }
    return literals;
}

} // namespace

std::size_t Router::add(std::string_view method, std::string_view pattern)
{
    routes_.push_back({std::string{method}, split_path(pattern)});
    return routes_.size() - 1;
}

std::optional<Router::Match> Router::find(std::string_view method, std::string_view path,
                                          Miss& miss, std::vector<std::string>& allowed) const
{
    const auto segments = split_path(path);
    std::optional<Match> best;
    std::size_t best_literals = 0;
    for (std::size_t index = 0; index < routes_.size(); ++index) {
        NamedValues parameters;
        const auto literals = literal_matches(routes_[index].segments, segments, parameters);
        if (!literals) {
            continue;
        }
        allowed.push_back(routes_[index].method);
        const bool is_better = !best || *literals > best_literals;
        if (routes_[index].method == method && is_better) {
            best = Match{index, std::move(parameters)};
            best_literals = *literals;
        }
    }
    miss = allowed.empty() ? Miss::no_such_path : Miss::no_such_method;
    return best;
}

} // namespace watchpost::http
