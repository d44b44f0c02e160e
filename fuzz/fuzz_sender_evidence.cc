// A header as Authentication-Results, and how its sender looks; all texts are UTF-8.
#include <cstdint>
#include <cstdlib>

#include "message/authentication_results.h"
#include "message/charset.h"
#include "message/sender_look.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto field = message::parse_authentication_results(text);
    std::string texts = field.server;
    for (const auto& result : field.results) {
        texts += result.method + result.result + result.reason;
        for (const auto& property : result.properties) {
            texts += property.name + property.value;
        }
    }
    const auto message = message::Message::parse(base::as_bytes(text));
    for (const auto& note : message::look_at_sender(message.root(), 10'000)) {
        texts += note.detail;
    }
    if (!message::is_valid_utf8(texts)) {
        std::abort();
    }
    return 0;
}
