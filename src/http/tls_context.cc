#include "http/tls_context.h"

#include <boost/asio/buffer.hpp>

namespace watchpost::http {

namespace ssl = boost::asio::ssl;
using base::ErrorCode;
using base::Retry;

namespace {

base::Failure refuse(std::string_view what, const boost::system::error_code& error)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      std::string{what} + ": " + error.message());
}

} // namespace

base::Result<std::shared_ptr<ssl::context>> make_tls_context(const std::string& certificate_pem,
                                                             const std::string& key_pem)
{
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);

    boost::system::error_code error;
    context->use_certificate_chain(boost::asio::buffer(certificate_pem), error);
    if (error) {
        return refuse("the certificate is not usable (PEM, leaf first, then its issuers)", error);
    }
    context->use_private_key(boost::asio::buffer(key_pem), ssl::context::pem, error);
    if (error) {
        return refuse("the private key is not usable (PEM without a pass phrase)", error);
    }
    if (SSL_CTX_check_private_key(native) != 1) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "the private key does not belong to the certificate");
    }
    return context;
}

} // namespace watchpost::http
