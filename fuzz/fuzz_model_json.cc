// JSON from an inspector: refused, or read into a model that is written and read again unchanged.
#include <cstdint>
#include <cstdlib>

#include "model/json.h"

using namespace watchpost::model;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    JsonLimits limits;
    limits.values_max = 1'000;
    const auto read = from_json({reinterpret_cast<const char*>(data), size}, limits);
    if (read) {
        const auto again = from_json(to_json(*read));
        if (!again || !(*again == *read)) {
            std::abort();
        }
    }
    return 0;
}
