// Links that security gateways and search engines wrap around others: what stands inside, read from
// the link alone. Nobody is asked and nothing is fetched.
//
// Which wrappers are known is one table in link_wrappers.cc. A wrapper counts only on its own host,
// as a browser finds it (web_address.h). Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

struct UnwrappingStep {
    std::string_view wrapper; // its name for people: "Microsoft Safe Links"
    std::string url;          // what it leads to; valid UTF-8, no blanks or controls
};

struct UnwrappedLink {
    /// From the outermost wrapper inwards, empty where the link is not wrapped. A wrapper that
    /// names several targets (a doubled parameter) has a step for each.
    std::vector<UnwrappingStep> steps;
    bool was_cut = false; // steps_max was reached: the last step may be wrapped again

    static constexpr std::size_t steps_max = 8;
};

[[nodiscard]] UnwrappedLink unwrap_link(std::string_view url);

/// Names of all wrappers, in the order of the table, each once.
[[nodiscard]] std::vector<std::string_view> wrapper_names();

} // namespace watchpost::message
