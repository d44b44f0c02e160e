// Private: a server's TLS context from PEM texts.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/error.h"

namespace watchpost::http {

/// TLS 1.2 and 1.3, no session tickets, the certificate's key checked against it.
[[nodiscard]] base::Result<std::shared_ptr<boost::asio::ssl::context>>
make_tls_context(const std::string& certificate_pem, const std::string& key_pem);

} // namespace watchpost::http
