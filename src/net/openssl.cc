#include "net/openssl.h"

#include <cstring>

namespace watchpost::net {

std::string take_openssl_reason()
{
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    if (error == 0) {
        return "no reason given";
    }
    if (ERR_SYSTEM_ERROR(error)) {
        return std::strerror(ERR_GET_REASON(error));
    }
    const char* const reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "error " + std::to_string(error);
}

} // namespace watchpost::net
