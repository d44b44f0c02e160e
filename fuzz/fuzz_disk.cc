// Disk images: whatever boot sectors, tables and folders claim, what comes out keeps the limits.
#include <span>

#include "unpack_within_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto format = watchpost::unpack::container_format(std::as_bytes(std::span{data, size}));
    if (format == "fat" || format == "partitioned disk" || format == "vhd") {
        watchpost::fuzz::unpack_within_limits("", data, size, "disk.img");
    }
    return 0;
}
