#include "net/tls_failure.h"

#include <openssl/sslerr.h>

#include <algorithm>
#include <array>

namespace watchpost::net {

namespace {

using base::ErrorCode;
using base::Retry;

struct Explanation {
    int reason; // SSL_R_…
    std::string_view text;
};

constexpr std::string_view no_tls_here =
    "the server does not speak TLS on this port; try STLS or none (implicit TLS usually has port "
    "995, STLS port 110)";
constexpr std::string_view too_old = "the server offers no TLS version from 1.2 on; bring its TLS "
                                     "up to date";
constexpr std::string_view nothing_shared =
    "the server found nothing in common with what was offered; see the cipher suite setting and "
    "the server's own (a demand for a client certificate can end like this, too)";
constexpr std::string_view wants_client_certificate =
    "the server demands a client certificate: upload one as \"Client certificate\" of the mailbox, "
    "or name it by --client-certificate (a token end point is shown none)";
constexpr std::string_view refuses_client_certificate =
    "the server does not accept our client certificate; have it trust the certificate's issuer, or "
    "replace \"Client certificate\" and its key by those that it accepts";
constexpr std::string_view client_certificate_expired =
    "to the server our client certificate has expired; have a new one issued and replace \"Client "
    "certificate\" and its key, or set the server's clock";

constexpr std::string_view too_many_certificates =
    "the server sent more than 100 KiB of certificates, or a handshake message beyond its limit; "
    "have it send its own chain alone";

constexpr std::array<Explanation, 20> explanations{{
    {SSL_R_WRONG_VERSION_NUMBER, no_tls_here},
    {SSL_R_HTTP_REQUEST, no_tls_here},
    {SSL_R_PACKET_LENGTH_TOO_LONG, no_tls_here},
    {SSL_R_UNSUPPORTED_PROTOCOL, too_old},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, too_old},
    {SSL_R_WRONG_SSL_VERSION, too_old},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, nothing_shared},
    {SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, nothing_shared},
    {SSL_R_WRONG_CIPHER_RETURNED, nothing_shared},
    {SSL_R_DH_KEY_TOO_SMALL,
     "the server's Diffie-Hellman key is too small for the security level; have the server's "
     "parameters renewed, exclude DHE with !DHE, or lower the level with @SECLEVEL=1 in the cipher "
     "string"},
    {SSL_R_WRONG_SIGNATURE_TYPE,
     "the server signs with an algorithm that the security level forbids; bring its TLS up to "
     "date, or lower the level with @SECLEVEL=0 in the cipher string"},
    {SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
     "the server lacks secure renegotiation (RFC 5746); bring its TLS up to date"},
    {SSL_R_TLSV1_UNRECOGNIZED_NAME,
     "the server has no certificate for this name; set the certificate name to one that it has"},
    {SSL_R_EXCESSIVE_MESSAGE_SIZE, too_many_certificates},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, wants_client_certificate},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, refuses_client_certificate},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, refuses_client_certificate},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, refuses_client_certificate},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, client_certificate_expired},
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE,
     "the server sent no certificate, so no policy can hold"},
}};

base::Error explain_reason()
{
    const unsigned long error = ERR_peek_last_error();
    const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
    const auto* const found =
        std::find_if(explanations.begin(), explanations.end(),
                     [&](const Explanation& known) { return known.reason == reason; });
    const std::string openssl_says = take_openssl_reason();
    const std::string text = found != explanations.end()
                                 ? std::string{found->text} + " (OpenSSL: " + openssl_says + ")"
                                 : "TLS failed: " + openssl_says;
    return {ErrorCode::tls_failed, Retry::later, text};
}

} // namespace

base::Error explain_tls_failure(Transport& transport)
{
    if (transport.error) {
        ERR_clear_error();
        base::Error error = std::move(*transport.error);
        transport.error.reset();
        return error;
    }
    if (transport.has_ended) {
        ERR_clear_error();
        return {ErrorCode::connection_lost, Retry::later,
                "the connection ended without a TLS close_notify: what came may be cut off"};
    }
    return explain_reason();
}

base::Error explain_handshake_failure(Transport& transport)
{
    const bool is_lost = transport.has_ended ||
                         (transport.error && transport.error->code() == ErrorCode::connection_lost);
    if (!is_lost) {
        return explain_tls_failure(transport);
    }
    ERR_clear_error();
    return {ErrorCode::connection_lost, Retry::later,
            "the server ended the connection in the middle of the TLS handshake; does it speak TLS "
            "on this port?"};
}

} // namespace watchpost::net
