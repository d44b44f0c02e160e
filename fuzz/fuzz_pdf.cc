// What stands behind the header of a PDF: nothing is thrown, the limits are kept.
#include "unpack_within_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    watchpost::fuzz::unpack_within_limits("%PDF-1.7 obj\n", data, size, "a.pdf");
    return 0;
}
