#include "net/openssl.h"

#include <system_error>

namespace watchpost::net {

int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*is_write*/, void* /*user*/) noexcept
{
    return 0;
}

std::string take_openssl_reason()
{
    // An errno says more than the "system lib" that OpenSSL puts in after it.
    unsigned long error = 0;
    while (const unsigned long next = ERR_get_error()) {
        error = ERR_SYSTEM_ERROR(error) ? error : next;
    }
    if (error == 0) {
        return "no reason given";
    }
    if (ERR_SYSTEM_ERROR(error)) {
        return std::generic_category().message(ERR_GET_REASON(error));
    }
    const char* const reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "error " + std::to_string(error);
}

} // namespace watchpost::net
