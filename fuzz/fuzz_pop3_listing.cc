// Lines of STAT, LIST, UIDL and CAPA as a hostile server writes them.
#include <cstdint>

#include "pop3/capabilities.h"
#include "pop3/listing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text{reinterpret_cast<const char*>(data), size};
    watchpost::pop3::Listing listing{3};
    watchpost::pop3::Capabilities capabilities;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        static_cast<void>(listing.add_size(line));
        static_cast<void>(listing.add_uid(line));
        static_cast<void>(watchpost::pop3::parse_stat(line));
        capabilities.add(line);
    }
    for (const auto& message : listing.take_messages()) {
        if (message.number < 1 || message.number > 3) {
            __builtin_trap();
        }
    }
    return 0;
}
