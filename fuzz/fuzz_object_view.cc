// What a viewer sends home is hostile: it is refused, or it comes out as it would be sent again.
#include <cstdint>
#include <cstdlib>

#include "inspect/object_view.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    for (const auto form : {inspect::ViewForm::whole, inspect::ViewForm::text,
                            inspect::ViewForm::octets, inspect::ViewForm::image}) {
        const auto view = inspect::decode_view(bytes, form);
        if (view && inspect::decode_view(inspect::encode_view(*view), form).value() != *view) {
            std::abort();
        }
    }
    const auto wish = inspect::decode_wish(bytes);
    if (wish && inspect::decode_wish(inspect::encode_wish(*wish)).value() != *wish) {
        std::abort();
    }
    return 0;
}
