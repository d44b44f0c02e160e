// SOCKS5's side of proxy_dialogue.h: RFC 1928, and RFC 1929 for the log-in.
#pragma once

#include "net/proxy_dialogue.h"
#include "net/server_name.h"

namespace watchpost::net {

[[nodiscard]] base::Result<std::unique_ptr<ProxyDialogue>>
make_socks5(const ProxySettings& proxy, const ServerName& server, std::uint16_t port);

} // namespace watchpost::net
