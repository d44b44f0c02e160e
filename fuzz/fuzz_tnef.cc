// The octets behind the signature of a TNEF stream: what comes out keeps the limits.
#include "unpack_within_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    watchpost::fuzz::unpack_within_limits({"\x78\x9F\x3E\x22\x01\x00", 6}, data, size,
                                          "winmail.dat");
    return 0;
}
