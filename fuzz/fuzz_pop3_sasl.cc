// A hostile server's challenges: the first octet chooses the mechanism, each line is a challenge,
// in base 64 where its first octet is even.
#include <cstdint>

#include "base/bytes.h"
#include "pop3/apop.h"
#include "pop3/base64.h"
#include "pop3/sasl.h"

using namespace watchpost::pop3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = watchpost::base::as_text(std::as_bytes(std::span{data, size}));
    LoginOptions options;
    options.binding = ChannelBinding{"tls-exporter", "binding"};
    options.make_nonce = [] { return std::string{"n"}; };
    const auto choice = size == 0 ? 0U : data[0] % (all_mechanisms.size() - 2U);
    auto exchange = make_sasl(all_mechanisms.at(choice + 2U), // no USER, no APOP
                              Credentials::make("alice", "secret").value(), options);
    static_cast<void>((*exchange)->first() || find_stamp(text));
    for (std::size_t at = 1; at < size;) {
        const auto line = text.substr(at, text.find('\n', at) - at);
        at += line.size() + 1;
        if (!(*exchange)->answer(line.size() % 2 == 0 ? to_base64(line) : std::string{line})) {
            break;
        }
    }
    return (*exchange)->finish() ? 0 : 0;
}
