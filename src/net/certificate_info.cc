#include "net/certificate_info.h"

#include <openssl/evp.h>

#include <array>
#include <ctime>

#include "base/bytes.h"
#include "base/time.h"
#include "diag/quote.h"
#include "net/server_name.h"

namespace watchpost::net {

namespace {

std::string to_text(const X509_NAME* name)
{
    const Bio memory{BIO_new(BIO_s_mem())};
    // UTF-8 as it is, no escapes: diag::quote makes the text harmless.
    const unsigned long format =
        XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB | ASN1_STRFLGS_ESC_CTRL);
    X509_NAME_print_ex(memory.get(), name, 0, format);
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    if (length <= 0) {
        return "(no name)";
    }
    return diag::quote({text, static_cast<std::size_t>(length)});
}

base::ByteView octets_of(const ASN1_STRING* string)
{
    return std::as_bytes(std::span{ASN1_STRING_get0_data(string),
                                   static_cast<std::size_t>(ASN1_STRING_length(string))});
}

std::string address_text(base::ByteView octets)
{
    if (octets.size() == 4) {
        return address_to_string(AF_INET, octets.data());
    }
    if (octets.size() == 16) {
        return address_to_string(AF_INET6, octets.data());
    }
    return "an address of " + std::to_string(octets.size()) + " octets";
}

void add_name(const GENERAL_NAME* name, std::vector<std::string>& names)
{
    if (name->type == GEN_DNS) {
        names.push_back(diag::quote(base::as_text(octets_of(name->d.dNSName))));
    } else if (name->type == GEN_IPADD) {
        names.push_back(address_text(octets_of(name->d.iPAddress)));
    }
}

std::vector<std::string> names_of(const X509* certificate)
{
    const SanNames found{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    ERR_clear_error(); // an extension that cannot be read counts as none; validation tells
    std::vector<std::string> names;
    const int count = found != nullptr ? sk_GENERAL_NAME_num(found.get()) : 0;
    for (int i = 0; i < count; ++i) {
        if (names.size() == names_shown_max) {
            names.push_back("… (" + std::to_string(count - i) + " more)");
            break;
        }
        add_name(sk_GENERAL_NAME_value(found.get(), i), names);
    }
    return names;
}

std::string key_of(X509* certificate)
{
    const EVP_PKEY* const key = X509_get0_pubkey(certificate);
    if (key == nullptr) {
        ERR_clear_error();
        return "unreadable";
    }
    const std::string bits = std::to_string(EVP_PKEY_get_bits(key));
    switch (EVP_PKEY_get_base_id(key)) { // OpenSSL's numbers, an open set
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return "RSA " + bits;
    case EVP_PKEY_EC: {
        std::array<char, 64> group{};
        const bool named = EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1;
        ERR_clear_error();
        return "EC " + bits + " (" + (named ? group.data() : "explicit parameters") + ")";
    }
    default: {
        const char* const kind = EVP_PKEY_get0_type_name(key);
        return (kind != nullptr ? kind : "unknown kind") + std::string{" "} + bits;
    }
    }
}

crypto::Sha256 fingerprint_of(X509* certificate)
{
    unsigned char* der = nullptr;
    const int length = i2d_X509(certificate, &der);
    if (length <= 0) {
        return {}; // only for a certificate that was made here: one that was read keeps its DER
    }
    const auto digest =
        crypto::sha256(std::as_bytes(std::span{der, static_cast<std::size_t>(length)}));
    OPENSSL_free(der);
    return digest;
}

} // namespace

std::string to_text(const ASN1_TIME* time)
{
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        ERR_clear_error();
        return "unreadable";
    }
    return base::to_rfc3339(base::Instant{std::chrono::seconds{::timegm(&parts)}});
}

std::string subject_of(X509* certificate)
{
    return to_text(X509_get_subject_name(certificate));
}

std::string issuer_of(X509* certificate)
{
    return to_text(X509_get_issuer_name(certificate));
}

CertificateInfo describe_certificate(X509* certificate)
{
    return {.subject = subject_of(certificate),
            .issuer = issuer_of(certificate),
            .names = names_of(certificate),
            .not_before = to_text(X509_get0_notBefore(certificate)),
            .not_after = to_text(X509_get0_notAfter(certificate)),
            .fingerprint = fingerprint_of(certificate),
            .key = key_of(certificate)};
}

} // namespace watchpost::net
