// The options of `watchpost serve`, parsed and checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "node/state_folder.h"

namespace watchpost::app {

struct ServeOptions {
    std::filesystem::path state;    // absolute
    std::filesystem::path settings; // absolute; empty: the defaults
    std::string address;
    std::uint16_t port = 0;
    bool is_demo = false;
    node::ServiceUsers users;
    std::vector<std::string> warnings; // about the users
};

struct ServeHelp {
    std::string text;
};

[[nodiscard]] base::Result<std::variant<ServeOptions, ServeHelp>>
parse_serve_options(int argument_count, char** arguments);

/// Where `serve` keeps its things unless told otherwise; also of `status` and `admin`.
inline constexpr const char* default_state_folder = "/var/lib/watchpost";

} // namespace watchpost::app
