// Whether what a document names lies on another machine. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost::unpack {

enum class Remote : std::uint8_t {
    no,   // on the machine itself, in the document, or nowhere
    web,  // fetched by HTTP, FTP and the like
    share // "\\host\share", "file://host/…": Windows hands over the user's credentials
};

[[nodiscard]] Remote remote_target(std::string_view target);

} // namespace watchpost::unpack
