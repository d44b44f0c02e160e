// Wrapped links: unwrapping ends, and what comes out is UTF-8 that a URL may hold, within the
// limit.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "message/charset.h"
#include "message/link_wrappers.h"

using namespace watchpost::message;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto link = unwrap_link({reinterpret_cast<const char*>(data), size});
    if (link.steps.size() > UnwrappedLink::steps_max) {
        std::abort();
    }
    for (const auto& step : link.steps) {
        if (!is_valid_utf8(step.url) || step.url.find_first_of(" \t\r\n") != std::string::npos) {
            std::abort();
        }
    }
    return 0;
}
