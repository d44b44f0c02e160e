// HTTP's side of proxy_dialogue.h: CONNECT, RFC 9110 §9.3.6, with Basic authentication (RFC 7617).
#pragma once

#include "net/proxy_dialogue.h"
#include "net/server_name.h"

namespace watchpost::net {

[[nodiscard]] base::Result<std::unique_ptr<ProxyDialogue>>
make_http_connect(const ProxySettings& proxy, const ServerName& server, std::uint16_t port);

} // namespace watchpost::net
