// A request and a response of the REST API, as plain data (RFC 9110). Nothing of the HTTP library
// shows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchpost::http {

class EventStream;

using NamedValues = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method; // "GET"
    std::string path;   // percent-decoded, without the query
    NamedValues query;  // percent-decoded, in order
    NamedValues headers;
    NamedValues path_parameters; // filled by the router
    std::string body;
    std::string peer_address;

    /// The first header of that name (ASCII case ignored), empty where absent.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    /// The value of a cookie, empty where absent. RFC 6265 §5.4.
    [[nodiscard]] std::string_view cookie(std::string_view name) const noexcept;
    [[nodiscard]] std::string_view path_parameter(std::string_view name) const noexcept;
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const noexcept;
    /// Every value of a repeated query parameter.
    [[nodiscard]] std::vector<std::string_view> query_values(std::string_view name) const;
};

struct Response {
    int status = 200;
    NamedValues headers; // content-length, date and connection are the server's
    std::string body;
    std::shared_ptr<EventStream> events; // set: a text/event-stream until one side ends it
};

/// Percent-decoding of a target (RFC 3986 §2.1); nullopt for bad digits, NUL, or where it is no
/// absolute path.
struct Target {
    std::string path;
    NamedValues query;
};
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

} // namespace watchpost::http
