// What an inspector sends home is hostile: it is refused, or it comes out as it would be sent
// again.
#include <cstdint>
#include <cstdlib>

#include "inspect/report_codec.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const inspect::ReportLimits limits;
    const auto report = inspect::decode_report(std::as_bytes(std::span{data, size}), limits);
    if (report) {
        const auto again = inspect::decode_report(inspect::encode_report(*report), limits);
        if (!again || inspect::encode_report(*again) != inspect::encode_report(*report)) {
            std::abort();
        }
    }
    return 0;
}
