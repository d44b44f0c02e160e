// What stands behind "{\rt": the objects found keep the limits.
#include "unpack_within_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    watchpost::fuzz::unpack_within_limits("{\\rt", data, size, "a.rtf");
    return 0;
}
