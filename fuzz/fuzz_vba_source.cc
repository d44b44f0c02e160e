// The decompression never grows beyond its limit and what it finds lies in the stream.
#include <cstdint>
#include <cstdlib>

#include "inspect/engines/attachment/relationships.h"
#include "inspect/engines/attachment/vba_source.h"
#include "unpack/ole_package.h"

using namespace watchpost::inspect::attachment;
using namespace watchpost::unpack;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto module = read_vba_module(bytes);
    if (decompress_vba(bytes).size() > vba_source_bytes_max + 4096 ||
        (module && module->compiled_bytes >= size)) {
        std::abort();
    }
    const auto package = watchpost::unpack::read_ole_package(bytes);
    if (package && package->data.size() > size) {
        std::abort();
    }
    for (RelationshipReader reader{bytes}; reader.next();) {
    }
    return 0;
}
