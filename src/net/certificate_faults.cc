#include "net/certificate_faults.h"

#include <algorithm>

#include "base/assert.h"
#include "net/certificate_info.h"

namespace watchpost::net {

namespace {

constexpr std::size_t names_listed_max = 10; // in one sentence
constexpr std::size_t faults_max = 50;       // a chain of 100 KiB can hold more

struct Search {
    const ServerName& server;
    std::vector<Fault> faults;
};

std::string in_quotes(const std::string& text)
{
    return "\"" + text + "\"";
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), names_listed_max); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > names_listed_max) {
        text += ", …";
    }
    return text;
}

Fault wrong_name(int code, X509* leaf, const ServerName& server)
{
    const auto names = describe_certificate(leaf).names;
    const bool is_address = server.kind == ServerName::Kind::address;
    const std::string wanted = (is_address ? "the address " : "") + in_quotes(server.text);
    if (names.empty()) {
        // RFC 9525 §2: a common name is not looked at, however much it resembles a host name.
        return {code, "the certificate names no server (no subjectAltName), wanted is " + wanted,
                "have a certificate with a subjectAltName installed on the server"};
    }
    return {code, "the certificate is for " + listed(names) + " and not for " + wanted,
            "if this is the right server, set the certificate name to one of these, or have a "
            "certificate for " +
                wanted + " installed"};
}

Fault self_signed(int code, X509* certificate)
{
    return {code,
            "the certificate " + in_quotes(subject_of(certificate)) +
                " is self-signed and not in the store",
            "upload it as a CA, or accept untrusted self-signed certificates, best with a pin"};
}

/// Whether the server sent one of the issuer's name. It has another key then, or OpenSSL would have
/// gone on with it.
bool was_sent(X509_STORE_CTX* context, X509* certificate)
{
    const X509_NAME* const issuer = X509_get_issuer_name(certificate);
    STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        X509* const other = sk_X509_value(sent, i);
        if (other != certificate && X509_NAME_cmp(X509_get_subject_name(other), issuer) == 0) {
            return true;
        }
    }
    return false;
}

Fault incomplete(int code, X509* certificate, X509_STORE_CTX* context)
{
    const std::string issuer = in_quotes(issuer_of(certificate));
    if (was_sent(context, certificate)) {
        return {code,
                "the chain is incomplete: what the server sent under the name of the issuer " +
                    issuer + " has not signed it (its key is another, or of another kind)",
                "have the server send the chain that belongs to its certificate"};
    }
    return {code,
            "the chain is incomplete: the certificate of the issuer " + issuer +
                " was not sent and is not in the store",
            "have the server send its whole chain, or upload this CA: " + issuer};
}

Fault weak(int code, X509* certificate, std::string_view what)
{
    return {code,
            "the certificate " + in_quotes(subject_of(certificate)) + " has " + std::string{what} +
                " for the security level",
            "have a stronger one issued; as a stopgap lower the level with @SECLEVEL=1 or 0 in the "
            "cipher string"};
}

std::string key_text(X509* certificate)
{
    return "too small a key (" + describe_certificate(certificate).key + ")";
}

/// What an authority does wrong, or somebody who attacks the check itself.
Fault describe_rare(int code, const std::string& subject)
{
    switch (code) { // OpenSSL's numbers, an open set: the rest has OpenSSL's words
    case X509_V_ERR_CERT_REJECTED:
    case X509_V_ERR_CERT_UNTRUSTED:
        return {code, "the store does not trust the certificate " + subject + " for TLS servers",
                "upload it without trust settings (a TRUSTED CERTIFICATE holds some), or another "
                "CA"};
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
        return {code,
                "the certificate " + subject +
                    " has a name that its CA must not issue for (name constraints)",
                "have a certificate issued by a CA that may"};
    case X509_V_ERR_UNSPECIFIED:
        return {code,
                "OpenSSL gives up on the certificate " + subject +
                    " (too many names and name constraints, for one)",
                "find out who answers at this address, or have a simpler one installed"};
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return {code,
                "the chain has more CAs below " + subject + " than that one allows (path length)",
                "have the server's certificate issued by a CA that may"};
    default:
        return {code, "the certificate " + subject + ": " + X509_verify_cert_error_string(code),
                "have the certificate or its chain mended on the server"};
    }
}

/// Long because it is a table: one case a fault, its sentence and its remedy.
Fault describe(int code, X509* certificate, const Search& search, X509_STORE_CTX* context)
{
    const std::string subject = in_quotes(subject_of(certificate));
    switch (code) { // OpenSSL's numbers, an open set
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return wrong_name(code, certificate, search.server);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return self_signed(code, certificate);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        return incomplete(code, certificate, context);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {code,
                "the certificate " + subject + " expired at " +
                    to_text(X509_get0_notAfter(certificate)),
                "have it renewed on the server, and see that this machine's clock is right"};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {code,
                "the certificate " + subject + " is not valid before " +
                    to_text(X509_get0_notBefore(certificate)),
                "see that this machine's clock is right, or wait until then"};
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
        return {code, "the signature of the certificate " + subject + " is wrong",
                "it is damaged or forged: find out who answers at this address"};
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return weak(code, certificate, key_text(certificate));
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return weak(code, certificate, "a signature with too weak a digest");
    case X509_V_ERR_INVALID_PURPOSE:
        return {code,
                "the certificate " + subject +
                    " is not made for TLS servers (key usage, extended key usage)",
                "have one with the usage serverAuth installed on the server"};
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
        return {code, "the issuer " + subject + " is not a certificate authority",
                "have the server's certificate issued by a CA"};
    default:
        return describe_rare(code, subject);
    }
}

bool is_incomplete(int code) noexcept
{
    return code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
}

/// "Unable to verify the leaf's signature" follows a missing issuer and says the same again.
bool is_echo(int code, const std::vector<Fault>& faults)
{
    return code == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE &&
           std::any_of(faults.begin(), faults.end(),
                       [](const Fault& fault) { return is_incomplete(fault.code); });
}

/// Notes the fault and lets the validation go on. Runs inside OpenSSL: an exception (there is only
/// bad_alloc) must not leave it, so it ends the process.
int note_fault(int is_good, X509_STORE_CTX* context) noexcept
{
    auto& search = *static_cast<Search*>(X509_STORE_CTX_get_app_data(context));
    const int code = X509_STORE_CTX_get_error(context);
    if (is_good == 1 || search.faults.size() == faults_max || is_echo(code, search.faults)) {
        return 1;
    }
    X509* const current = X509_STORE_CTX_get_current_cert(context);
    X509* const certificate = current != nullptr ? current : X509_STORE_CTX_get0_cert(context);
    Fault fault = describe(code, certificate, search, context);
    const auto is_same = [&](const Fault& other) { return other.what == fault.what; };
    if (std::none_of(search.faults.begin(), search.faults.end(), is_same)) {
        search.faults.push_back(std::move(fault));
    }
    return 1;
}

void demand_name(X509_VERIFY_PARAM* parameters, const ServerName& server)
{
    // RFC 9525 §6.3: a wildcard is the whole left-most label. §2: no common name.
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int set = server.kind == ServerName::Kind::address
                        ? X509_VERIFY_PARAM_set1_ip_asc(parameters, server.text.c_str())
                        : X509_VERIFY_PARAM_set1_host(parameters, server.text.c_str(), 0);
    WP_ASSERT(set == 1); // ServerName holds nothing that OpenSSL refuses
}

} // namespace

std::vector<Fault> find_faults(X509_STORE_CTX* context, const ServerName& server)
{
    Search search{server, {}};
    X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context);
    demand_name(parameters, server);
    // PARTIAL_CHAIN: an uploaded intermediate CA is an anchor, too, else "upload this CA" would not
    // help. CHECK_SS_SIGNATURE: a self-signed certificate must really be signed by itself.
    X509_VERIFY_PARAM_set_flags(parameters,
                                X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
    X509_STORE_CTX_set_app_data(context, &search);
    X509_STORE_CTX_set_verify_cb(context, note_fault);
    const bool finished = X509_verify_cert(context) == 1;
    if (!finished && search.faults.empty()) {
        const int code = X509_STORE_CTX_get_error(context);
        search.faults.push_back({code != X509_V_OK ? code : X509_V_ERR_UNSPECIFIED,
                                 std::string{"the certificate cannot be checked: "} +
                                     X509_verify_cert_error_string(code),
                                 "have the certificate or its chain mended on the server"});
    }
    X509_STORE_CTX_set_app_data(context, nullptr);
    ERR_clear_error();
    return std::move(search.faults);
}

bool forgives(CertificatePolicy policy, int fault_code) noexcept
{
    switch (policy) {
    case CertificatePolicy::any:
        return true;
    case CertificatePolicy::self_signed:
        return fault_code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
               fault_code == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
               fault_code == X509_V_ERR_HOSTNAME_MISMATCH ||
               fault_code == X509_V_ERR_IP_ADDRESS_MISMATCH;
    case CertificatePolicy::trusted:
        return false;
    }
    return false;
}

} // namespace watchpost::net
