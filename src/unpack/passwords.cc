#include "unpack/passwords.h"

namespace watchpost::unpack {

std::string describe_failed_passwords(std::size_t known, std::size_t tried)
{
    if (known == 0) {
        return "no password is known";
    }
    if (tried < known) {
        return "none of the first " + std::to_string(tried) + " known passwords opens it; of " +
               std::to_string(known) + " the rest was not tried";
    }
    return known == 1 ? "the known password does not open it"
                      : "none of the " + std::to_string(known) + " known passwords opens it";
}

} // namespace watchpost::unpack
