// A charset's name up to a NUL, then a text: what each charset makes of it is UTF-8 within limits.
#include <cstdint>
#include <cstdlib>

#include "message/charset.h"
#include "message/text_charsets.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = base::as_text(std::as_bytes(std::span{data, size}));
    const auto end = std::min(input.find('\0'), input.size());
    const auto text = base::as_bytes(input.substr(std::min(end + 1, input.size())));
    constexpr std::size_t bytes_max = 512;
    for (const auto markup : {message::TextMarkup::plain, message::TextMarkup::html}) {
        const auto texts = message::read_versions(text, input.substr(0, end), markup, bytes_max);
        if (texts.versions.size() > message::TextVersions::versions_max) {
            std::abort();
        }
        for (const auto& version : texts.versions) {
            if (version.text.size() > bytes_max || !message::is_valid_utf8(version.text)) {
                std::abort();
            }
        }
    }
    return 0;
}
