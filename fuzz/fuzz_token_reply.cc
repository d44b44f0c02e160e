// A token end point's reply is the same in one piece and octet by octet, whatever it is; and what
// its body says never passes for a token that could end a command.
#include <cstdint>
#include <cstdlib>

#include "collector/token_reply.h"
#include "http/reply_reader.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view octets{reinterpret_cast<const char*>(data), size};
    http::ReplyReader whole;
    http::ReplyReader pieces;
    const bool is_good = whole.feed(octets).has_value();
    bool are_good = true;
    for (; !octets.empty() && are_good; octets.remove_prefix(1)) {
        are_good = pieces.feed(octets.substr(0, 1)).has_value();
    }
    // What is wrong may be seen an octet later in pieces: what counts is whether a reply came.
    const bool agree = (is_good && whole.is_done()) == (are_good && pieces.is_done());
    const http::Reply bare{200, std::string{reinterpret_cast<const char*>(data), size}};
    const auto reply = is_good && whole.is_done() ? whole.take() : bare;
    const auto tokens = collector::read_tokens(reply, {.host = "host", .secrets = {"token"}});
    static_cast<void>(collector::read_device_code(reply, {.host = "host"}));
    static_cast<void>(collector::read_device_wait(reply));
    const bool is_fit = !tokens || collector::is_visible_ascii(tokens->access_token);
    return agree && is_fit ? 0 : (std::abort(), 1);
}
