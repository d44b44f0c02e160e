// A hostile server's challenges: the first octet chooses the mechanism, each line is a challenge,
// in base 64 where its first octet is even.
#include <cstdint>

#include "base/base64.h"
#include "base/bytes.h"
#include "pop3/apop.h"
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
        const auto coded = watchpost::base::to_base64(line);
        const auto answer = (*exchange)->answer(line.size() % 2 == 0 ? coded : std::string{line});
        at = answer ? at : size;
    }
    return (*exchange)->finish() ? 0 : 0;
}
