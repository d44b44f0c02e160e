// Dot-unstuffing gives the same content however the stream is cut.
#include <cstdint>
#include <cstdlib>

#include "pop3/body_decoder.h"

namespace base = watchpost::base;

static std::string decode(base::ByteView stream, std::size_t step)
{
    watchpost::pop3::BodyDecoder decoder;
    std::string content;
    while (!stream.empty() && !decoder.has_ended()) {
        auto piece = stream.first(std::min(step, stream.size()));
        stream = stream.subspan(piece.size());
        while (!piece.empty() && !decoder.has_ended()) {
            content += base::as_text(decoder.next(piece));
        }
    }
    return content;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto octets = std::as_bytes(std::span{data, size});
    if (decode(octets, size + 1) != decode(octets, 1)) {
        std::abort();
    }
    return 0;
}
