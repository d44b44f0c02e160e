// HTML to text and links: ends in time and memory, and what comes out is UTF-8 if the HTML was.
#include <cstdint>
#include <cstdlib>

#include "message/charset.h"
#include "message/html.h"

using namespace watchpost::message;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto html = to_utf8(bytes, "utf-8").text;
    const auto reading = read_html(html);
    std::string texts = reading.text;
    for (const auto& link : reading.links) {
        texts += link.href + link.display_text;
    }
    if (!is_valid_utf8(texts)) {
        std::abort();
    }
    return 0;
}
