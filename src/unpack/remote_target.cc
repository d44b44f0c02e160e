#include "unpack/remote_target.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace watchpost::unpack {

Remote remote_target(std::string_view target)
{
    constexpr std::array<std::string_view, 6> schemes{
        "http:", "https:", "ftp:", "mhtml:", "ms-its:", "mk:"};
    const auto text = base::lower_case(target.substr(0, 4'096));
    std::string_view rest = text;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\""), rest.size()));
    if (std::ranges::any_of(schemes, [&](auto scheme) { return rest.starts_with(scheme); })) {
        return Remote::web;
    }
    if (rest.starts_with("file:")) {
        rest.remove_prefix(5);
        const bool has_no_host =
            rest.starts_with("///") && !rest.starts_with("////") && !rest.starts_with("///\\");
        rest.remove_prefix(has_no_host ? 3 : 0);
    }
    return rest.starts_with("\\\\") || rest.starts_with("//") ? Remote::share : Remote::no;
}

} // namespace watchpost::unpack
