#include "inspect/engines/yara/library.h"

#include <string>

namespace watchpost::inspect::yara {

base::Result<void> initialize_library()
{
    static const int code = yr_initialize();
    if (code != ERROR_SUCCESS) {
        return base::fail(base::ErrorCode::internal, base::Retry::never,
                          "libyara does not start: " + describe_error(code));
    }
    return {};
}

std::string describe_error(int code)
{
    switch (code) {
    case ERROR_INSUFFICIENT_MEMORY:
        return "out of memory";
    case ERROR_TOO_MANY_MATCHES:
        return "too many matches";
    case ERROR_TOO_MANY_RE_FIBERS:
        return "a regular expression needs too many steps";
    case ERROR_EXEC_STACK_OVERFLOW:
        return "a condition is too deep";
    default:
        return "error " + std::to_string(code) + " of libyara";
    }
}

} // namespace watchpost::inspect::yara
