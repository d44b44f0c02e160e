#include "net/proxy_dialogue.h"

#include <utility>

#include "base/assert.h"
#include "net/http_connect.h"
#include "net/server_name.h"
#include "net/socks5.h"

namespace watchpost::net {

base::Result<std::string> ProxyDialogue::feed(std::string_view octets)
{
    WP_ASSERT(!is_done_);
    unread_ += octets;
    std::string to_send;
    while (!is_done_) {
        const auto went_on = step(to_send);
        if (!went_on) {
            return base::fail(went_on.error());
        }
        if (!*went_on) {
            break;
        }
    }
    return to_send;
}

base::Result<std::unique_ptr<ProxyDialogue>>
make_proxy_dialogue(const ProxySettings& proxy, std::string_view server, std::uint16_t port)
{
    const auto name = parse_server_name(server);
    if (!name) {
        return base::fail(name.error());
    }
    return proxy.kind == ProxySettings::Kind::socks5 ? make_socks5(proxy, *name, port)
                                                     : make_http_connect(proxy, *name, port);
}

} // namespace watchpost::net
