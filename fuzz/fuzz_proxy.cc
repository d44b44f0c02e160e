// A proxy's answer gives the same in one piece and octet by octet, and nothing behind it is lost.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/proxy_dialogue.h"

using namespace watchpost::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view octets{reinterpret_cast<const char*>(data), size};
    const bool is_http = octets.starts_with("H");
    const ProxySettings proxy{is_http ? ProxySettings::Kind::http : ProxySettings::Kind::socks5,
                              "proxy", 1, "user", "password"};
    const auto whole = make_proxy_dialogue(proxy, "mail.test", 995).value();
    const auto pieces = make_proxy_dialogue(proxy, "mail.test", 995).value();
    const auto sent = whole->feed(octets);
    std::string sent_in_pieces;
    bool has_failed = false;
    for (; !octets.empty() && !pieces->is_done() && !has_failed; octets.remove_prefix(1)) {
        const auto answer = pieces->feed(octets.substr(0, 1));
        has_failed = !answer;
        sent_in_pieces += answer.value_or("");
    }
    const bool agree = has_failed == !sent && whole->is_done() == pieces->is_done();
    const bool same =
        !sent || (*sent == sent_in_pieces && (!whole->is_done() || whole->rest() == octets));
    return agree && same ? 0 : (std::abort(), 1);
}
