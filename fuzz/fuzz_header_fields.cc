// One header value as each kind of field; every text that comes out is UTF-8.
#include <cstdint>
#include <cstdlib>

#include "message/address.h"
#include "message/charset.h"
#include "message/encoded_word.h"
#include "message/message.h"
#include "message/message_id.h"
#include "message/received.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string value{reinterpret_cast<const char*>(data), size};
    std::string texts = message::decode_text(value).text;
    for (const auto& address : message::parse_addresses(value, 100).addresses) {
        texts += address.display_name + address.local_part + address.domain;
    }
    static_cast<void>(message::parse_message_ids(value, 100));
    const auto hop = message::parse_received(value);
    texts += hop.from + hop.by + hop.with + hop.id + hop.for_address;
    const auto header = "Content-Disposition: " + value;
    texts += message::Message::parse(base::as_bytes(header)).root().filename;
    if (!message::is_valid_utf8(texts)) {
        std::abort();
    }
    return 0;
}
