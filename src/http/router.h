// Method and path to a route: "/alerts/{alert_id}/close". Immutable once built; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace watchpost::http {

class Router {
public:
    /// Returns the index of the route: 0, 1, 2 … in the order of calls. Segments in braces match
    /// any one segment.
    std::size_t add(std::string_view method, std::string_view pattern);

    struct Match {
        std::size_t route = 0;
        NamedValues parameters;
    };
    enum class Miss { no_such_path, no_such_method };

    /// A literal segment wins over one in braces. On a miss `allowed` holds the methods of that
    /// path.
    [[nodiscard]] std::optional<Match> find(std::string_view method, std::string_view path,
                                            Miss& miss, std::vector<std::string>& allowed) const;

private:
    struct Route {
        std::string method;
        std::vector<std::string> segments;
    };
    std::vector<Route> routes_;
};

} // namespace watchpost::http
