#include "net/tls.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "net/certificate_faults.h"
#include "net/certificate_info.h"
#include "net/cipher_string.h"
#include "net/openssl.h"
#include "net/server_name.h"
#include "net/stream_bio.h"
#include "net/tls_context.h"
#include "net/tls_failure.h"
#include "net/tls_stream.h"

namespace watchpost::net {

using base::ErrorCode;
using base::Result;
using base::Retry;

struct TlsClient::State {
    TlsSettings settings;
    SslContext context;
};

namespace {

/// What one handshake wants and what it has learnt.
struct Attempt {
    const TlsSettings& settings;
    ServerName server;
    TlsInfo info = {};
    std::string refusal = {}; // why the certificate was refused; empty: it was not
};

void add_sentence(std::string& text, const Fault& fault)
{
    text += (text.empty() ? "" : "; ") + fault.what + " (" + fault.remedy + ")";
}

Fault wrong_pin(const crypto::Sha256& fingerprint)
{
    return {X509_V_ERR_APPLICATION_VERIFICATION,
            "the certificate's SHA-256 fingerprint " + crypto::to_hex(fingerprint) +
                " is not the pinned one",
            "ask the server's administrator whether the certificate was replaced; if so, pin the "
            "new fingerprint"};
}

/// Fills `refusal` where the policy minds a fault or the pin does not fit.
void judge(const std::vector<Fault>& faults, const crypto::Sha256& leaf, Attempt& attempt)
{
    std::string forgiven;
    for (const Fault& fault : faults) {
        attempt.info.faults.push_back(fault.what);
        const bool passes = forgives(attempt.settings.policy, fault.code);
        add_sentence(passes ? forgiven : attempt.refusal, fault);
    }
    if (attempt.settings.pin && *attempt.settings.pin != leaf) {
        const Fault fault = wrong_pin(leaf); // no policy forgives it, "any" neither
        attempt.info.faults.push_back(fault.what);
        add_sentence(attempt.refusal, fault);
    }
    if (!attempt.refusal.empty() && !forgiven.empty()) {
        attempt.refusal += "; also, though the policy lets it pass: " + forgiven;
    }
}

void describe_chain(X509_STORE_CTX* context, TlsInfo& info)
{
    STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
    for (int i = 0; i < sk_X509_num(sent) && info.chain.size() < chain_shown_max; ++i) {
        info.chain.push_back(describe_certificate(sk_X509_value(sent, i)));
    }
}

/// OpenSSL calls it in place of its own validation, before a secret or a password is sent. Runs
/// inside OpenSSL: an exception (there is only bad_alloc) must not leave it, so it ends the
/// process.
int verify_certificate(X509_STORE_CTX* context, void* /*argument*/) noexcept
{
    SSL* const ssl = static_cast<SSL*>(
        X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const attempt = static_cast<Attempt*>(SSL_get_app_data(ssl));
    if (attempt == nullptr) {
        return 0; // after the handshake: a certificate that nobody asked for
    }
    describe_chain(context, attempt->info);
    const auto leaf = describe_certificate(X509_STORE_CTX_get0_cert(context)).fingerprint;
    judge(find_faults(context, attempt->server), leaf, *attempt);
    const bool accepted = attempt->refusal.empty();
    if (accepted) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
    } else if (X509_STORE_CTX_get_error(context) == X509_V_OK) {
        X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
    }
    return accepted ? 1 : 0;
}

Ssl new_session(SSL_CTX* context, Transport& transport, Attempt& attempt)
{
    Ssl ssl{SSL_new(context)};
    WP_ASSERT(ssl != nullptr);
    BIO* const bio = make_stream_bio(transport).release();
    SSL_set_bio(ssl.get(), bio, bio); // takes the one reference for both directions
    SSL_set_app_data(ssl.get(), &attempt);
    if (attempt.server.kind == ServerName::Kind::host_name) { // RFC 6066 §3: no IP literals
        SSL_set_tlsext_host_name(ssl.get(), attempt.server.text.c_str());
    }
    return ssl;
}

void note_protocol(const SSL* ssl, TlsInfo& info)
{
    if (const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl)) {
        info.version = SSL_get_version(ssl); // before a suite is agreed on it means nothing
        info.cipher = SSL_CIPHER_get_name(cipher);
    }
}

base::Error refused(const Attempt& attempt)
{
    // "later": certificates are renewed by the server's people, often by a timer.
    return {ErrorCode::certificate_rejected, Retry::later,
            "policy \"" + std::string{to_string(attempt.settings.policy)} + "\"" +
                (attempt.settings.pin ? " with a pin" : "") + ": " + attempt.refusal};
}

Result<Ssl> shake_hands(SSL_CTX* context, Transport& transport, Attempt& attempt)
{
    Ssl ssl = new_session(context, transport, attempt);
    ERR_clear_error();
    const bool done = SSL_connect(ssl.get()) == 1;
    note_protocol(ssl.get(), attempt.info);
    SSL_set_app_data(ssl.get(), nullptr);
    if (!attempt.refusal.empty()) { // first: the alert that tells the peer may have failed, too
        ERR_clear_error();
        return base::fail(refused(attempt));
    }
    if (!done) {
        return base::fail(explain_handshake_failure(transport));
    }
    if (attempt.info.chain.empty()) { // an anonymous suite; never offered, see cipher_string.cc
        return base::fail(ErrorCode::tls_failed, Retry::never, "the server sent no certificate");
    }
    return ssl;
}

} // namespace

Result<std::vector<std::string>> cipher_suites(const std::string& ciphers)
{
    TlsSettings settings;
    settings.ciphers = ciphers;
    const auto context = make_tls_context(settings);
    if (!context) {
        return base::fail(context.error());
    }
    return offered_cipher_suites(context->get());
}

TlsClient::TlsClient(std::unique_ptr<State> state) : state_{std::move(state)} {}

TlsClient::~TlsClient() = default;

Result<std::shared_ptr<const TlsClient>> TlsClient::make(const TlsSettings& settings)
{
    if (!settings.certificate_name.empty()) {
        if (auto name = parse_server_name(settings.certificate_name); !name) {
            return base::fail(std::move(name).error().during("certificate_name"));
        }
    }
    auto context = make_tls_context(settings);
    if (!context) {
        return base::fail(std::move(context).error());
    }
    SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context->get(), verify_certificate, nullptr);
    return std::shared_ptr<const TlsClient>{
        new TlsClient{std::make_unique<State>(settings, std::move(*context))}};
}

std::vector<std::string> TlsClient::cipher_suites() const
{
    return offered_cipher_suites(state_->context.get());
}

Result<TlsSession> TlsClient::handshake(std::unique_ptr<Stream> clear, std::string_view server,
                                        base::Deadline deadline, TlsInfo* info) const
{
    const TlsSettings& settings = state_->settings;
    auto name =
        parse_server_name(settings.certificate_name.empty() ? server : settings.certificate_name);
    if (!name) {
        return base::fail(std::move(name).error().during("TLS handshake"));
    }
    Attempt attempt{.settings = settings, .server = std::move(*name)};
    auto transport = std::make_unique<Transport>();
    transport->stream = std::move(clear);
    transport->deadline = deadline;
    auto ssl = shake_hands(state_->context.get(), *transport, attempt);
    if (info != nullptr) {
        *info = attempt.info;
    }
    if (!ssl) {
        return base::fail(std::move(ssl).error().during("TLS handshake"));
    }
    return TlsSession{std::make_unique<TlsStream>(std::move(transport), std::move(*ssl)),
                      std::move(attempt.info)};
}

} // namespace watchpost::net
