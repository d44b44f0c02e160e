// What inspector and unpacker say to each other is hostile on both ends: it is refused, or it comes
// out as it would be sent again.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "pipeline/unpacker_protocol.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto same = [](const auto& first, const auto& decode) {
        if (first) {
            const auto encoded = pipeline::protocol::encode(*first);
            const auto again = decode(encoded);
            if (!again || pipeline::protocol::encode(*again) != encoded) {
                std::abort();
            }
        }
    };
    same(pipeline::protocol::decode_open(bytes), pipeline::protocol::decode_open);
    same(pipeline::protocol::decode_member(bytes), pipeline::protocol::decode_member);
    same(pipeline::protocol::decode_closed(bytes), pipeline::protocol::decode_closed);
    return 0;
}
