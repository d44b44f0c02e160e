// HTML to texts, links and files: ends in time, within its limits, and makes UTF-8 of UTF-8.
#include <cstdint>
#include <cstdlib>

#include "message/charset.h"
#include "message/html.h"

using namespace watchpost::message;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto reading = read_html(to_utf8(bytes, "utf-8").text);
    std::string texts = reading.text + reading.hidden_text + reading.facts.refresh;
    for (const auto& link : reading.links) {
        texts += link.href + link.display_text + link.written + link.shown_address;
    }
    for (const auto& object : reading.objects) {
        texts += object.name;
    }
    const HtmlLimits limits;
    const bool is_small =
        reading.links.size() <= limits.links_max && reading.objects.size() <= limits.objects_max;
    if (!is_small || !is_valid_utf8(texts)) {
        std::abort();
    }
    return 0;
}
