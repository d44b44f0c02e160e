#include "net/tls_context.h"

#include "diag/quote.h"
#include "net/cipher_string.h"
#include "net/client_certificate.h"
#include "net/system_trust.h"

namespace watchpost::net {

namespace {

using base::Result;

constexpr int security_level_default = 2; // 112 bits: RSA 2048, no SHA-1; Debian's own default
constexpr long certificates_bytes_max = long{100} * 1024;         // all that a server sends
constexpr std::size_t read_buffer_bytes = std::size_t{64} * 1024; // several records a system call

void set_protocol(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Compression leaks (CRIME); a server that renegotiates could swap itself in the middle.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // resumed = certificate not seen
    SSL_CTX_set_security_level(context, security_level_default);
    SSL_CTX_set_max_cert_list(context, certificates_bytes_max);
}

void set_reading(SSL_CTX* context)
{
    SSL_CTX_clear_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, read_buffer_bytes);
}

void set_validation_time(SSL_CTX* context, const std::optional<base::Instant>& valid_at)
{
    if (valid_at) {
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                                   std::chrono::system_clock::to_time_t(*valid_at));
    }
}

base::Failure not_a_ca(const std::string& what)
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never, "ca_pem: " + what);
}

/// Every certificate of the text, to its end: half a bundle must not pass for a whole one. What
/// `openssl x509 -trustout` wrote is read with its trust settings, as it is from a CA file.
Result<void> add_anchors(SSL_CTX* context, const std::string& pem)
{
    const Bio text{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    for (std::size_t count = 0;; ++count) {
        const Certificate certificate{
            PEM_read_bio_X509_AUX(text.get(), nullptr, no_pass_phrase, nullptr)};
        if (certificate == nullptr) {
            const bool is_at_end =
                ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE && count > 0;
            const std::string reason = take_openssl_reason();
            return is_at_end ? Result<void>{}
                             : not_a_ca("certificate " + std::to_string(count + 1) +
                                        " cannot be read (PEM is expected): " + reason);
        }
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) != 1) {
            return not_a_ca(take_openssl_reason());
        }
    }
}

Result<void> set_trust_anchors(SSL_CTX* context, const TlsSettings& settings)
{
    const std::string& ca_file = settings.ca_file;
    const bool adds_some = !ca_file.empty() || !settings.ca_pem.empty();
    auto store = adds_some ? copy_of_system_trust() : system_trust();
    if (store == nullptr) {
        return base::fail(base::ErrorCode::internal, base::Retry::later,
                          "read the trusted certificates of the machine: out of memory");
    }
    SSL_CTX_set_cert_store(context, store.release());
    if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
        return base::fail(
            base::ErrorCode::invalid_argument, base::Retry::never,
            "ca_file: \"" + diag::quote(ca_file) +
                "\" gives no certificate (PEM is expected): " + take_openssl_reason());
    }
    return settings.ca_pem.empty() ? Result<void>{} : add_anchors(context, settings.ca_pem);
}

} // namespace

Result<SslContext> make_tls_context(const TlsSettings& settings)
{
    ERR_clear_error();
    SslContext context{SSL_CTX_new(TLS_client_method())};
    if (context == nullptr) {
        return base::fail(base::ErrorCode::internal, base::Retry::later,
                          "start OpenSSL: " + take_openssl_reason());
    }
    set_protocol(context.get());
    set_reading(context.get());
    set_validation_time(context.get(), settings.valid_at);
    if (!settings.ciphers.empty()) {
        if (auto applied = apply_cipher_string(context.get(), settings.ciphers); !applied) {
            return base::fail(std::move(applied).error());
        }
    }
    if (auto set = set_trust_anchors(context.get(), settings); !set) {
        return base::fail(std::move(set).error());
    }
    if (auto set = set_client_certificate(context.get(), settings); !set) {
        return base::fail(std::move(set).error());
    }
    return context;
}

} // namespace watchpost::net
