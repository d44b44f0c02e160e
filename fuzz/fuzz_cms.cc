// Whatever stands in a CMS structure: what comes out keeps the limits. PGP's packets on the way.
#include <span>

#include "unpack/pgp.h"
#include "unpack_within_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    static_cast<void>(watchpost::unpack::holds_pgp_message(bytes));
    if (watchpost::unpack::container_format(bytes) == "cms") {
        watchpost::fuzz::unpack_within_limits("", data, size, "contract.pdf.p7m");
    }
    return 0;
}
