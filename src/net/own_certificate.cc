#include "net/own_certificate.h"

#include <openssl/ec.h>
#include <openssl/rand.h>

#include "net/certificate_info.h"
#include "net/openssl.h"
#include "net/server_name.h"

namespace watchpost::net {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

using Key = PrivateKey;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using SerialNumber = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

constexpr int serial_bits = 127; // RFC 5280 §4.1.2.2: at most 20 octets, positive

base::Failure failed()
{
    return base::fail(ErrorCode::internal, Retry::never,
                      "make a certificate: " + take_openssl_reason());
}

base::Failure invalid(std::string what)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(what));
}

std::string alternative_names(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) {
        text +=
            (text.empty() ? "" : ",") + std::string{parse_address(name, 0) ? "IP:" : "DNS:"} + name;
    }
    return text;
}

bool add_extension(X509* certificate, int id, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial_number(X509* certificate)
{
    const BigNumber number{BN_new()};
    if (!number || BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1) {
        return false;
    }
    const SerialNumber serial{BN_to_ASN1_INTEGER(number.get(), nullptr)};
    return serial && X509_set_serialNumber(certificate, serial.get()) == 1;
}

bool set_times(X509* certificate, const OwnCertificateRequest& request)
{
    const auto from = std::chrono::system_clock::to_time_t(
        std::chrono::floor<std::chrono::seconds>(request.now - std::chrono::hours{1}));
    const auto to = std::chrono::system_clock::to_time_t(
        std::chrono::floor<std::chrono::seconds>(request.now + request.valid_for));
    return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), to) != nullptr;
}

bool fill(X509* certificate, EVP_PKEY* key, const OwnCertificateRequest& request)
{
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* const text = reinterpret_cast<const unsigned char*>(request.common_name.data());
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial_number(certificate) &&
           set_times(certificate, request) &&
           X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text,
                                      static_cast<int>(request.common_name.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
           add_extension(certificate, NID_subject_key_identifier, "hash") &&
           add_extension(certificate, NID_subject_alt_name, alternative_names(request.names)) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

std::string text_of(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Bio reader_of(const std::string& pem)
{
    return Bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

} // namespace

Result<std::string> make_own_certificate(const OwnCertificateRequest& request)
{
    const Key key{EVP_EC_gen("P-256")};
    const Certificate certificate{X509_new()};
    const Bio text{BIO_new(BIO_s_mem())};
    if (!key || !certificate || !text || !fill(certificate.get(), key.get(), request) ||
        PEM_write_bio_PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
            1 ||
        PEM_write_bio_X509(text.get(), certificate.get()) != 1) {
        return failed();
    }
    return text_of(text.get());
}

Result<CertificateInfo> read_certificate(const std::string& pem)
{
    const auto bio = reader_of(pem);
    const Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)};
    if (!certificate) {
        return invalid("the certificate is not usable (PEM, leaf first, then its issuers): " +
                       take_openssl_reason());
    }
    return describe_certificate(certificate.get());
}

Result<void> check_certificate_and_key(const std::string& certificate_pem,
                                       const std::string& key_pem)
{
    const auto certificate_bio = reader_of(certificate_pem);
    const Certificate certificate{
        PEM_read_bio_X509(certificate_bio.get(), nullptr, no_pass_phrase, nullptr)};
    if (!certificate) {
        return invalid("the certificate is not usable (PEM, leaf first, then its issuers): " +
                       take_openssl_reason());
    }
    const auto key_bio = reader_of(key_pem);
    const Key key{PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_pass_phrase, nullptr)};
    if (!key) {
        return invalid("the private key is not usable (PEM without a pass phrase): " +
                       take_openssl_reason());
    }
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
        static_cast<void>(take_openssl_reason());
        return invalid("the private key does not belong to the certificate");
    }
    return {};
}

bool have_the_same_key(const std::string& certificate_pem, const std::string& other_pem)
{
    const auto bio = reader_of(certificate_pem);
    const auto other_bio = reader_of(other_pem);
    const Certificate one{PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)};
    const Certificate other{PEM_read_bio_X509(other_bio.get(), nullptr, no_pass_phrase, nullptr)};
    ERR_clear_error();
    return one != nullptr && other != nullptr &&
           EVP_PKEY_eq(X509_get0_pubkey(one.get()), X509_get0_pubkey(other.get())) == 1;
}

} // namespace watchpost::net
