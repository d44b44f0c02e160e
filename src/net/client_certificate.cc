#include "net/client_certificate.h"

#include "net/own_certificate.h"

namespace watchpost::net {

using base::Result;

namespace {

base::Failure unusable()
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                      "the client certificate cannot be used: " + take_openssl_reason());
}

Bio reader_of(const std::string& pem)
{
    return Bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

/// The leaf, then whatever follows it.
Result<void> set_chain(SSL_CTX* context, const std::string& pem)
{
    const auto text = reader_of(pem);
    const Certificate leaf{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    if (leaf == nullptr || SSL_CTX_use_certificate(context, leaf.get()) != 1) {
        return unusable();
    }
    while (const Certificate next{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)}) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) {
            return unusable();
        }
    }
    const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    return is_at_end ? (ERR_clear_error(), Result<void>{}) : unusable();
}

} // namespace

Result<void> set_client_certificate(SSL_CTX* context, const TlsSettings& settings)
{
    if (settings.client_certificate_pem.empty()) {
        return {};
    }
    auto belong =
        check_certificate_and_key(settings.client_certificate_pem, settings.client_key_pem);
    if (!belong) {
        return base::fail(std::move(belong).error().during("client certificate"));
    }
    if (auto set = set_chain(context, settings.client_certificate_pem); !set) {
        return set;
    }
    const auto text = reader_of(settings.client_key_pem);
    const PrivateKey key{PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr)};
    return key != nullptr && SSL_CTX_use_PrivateKey(context, key.get()) == 1 ? Result<void>{}
                                                                             : unusable();
}

} // namespace watchpost::net
