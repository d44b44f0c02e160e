#include "net/tests/support/certificate_maker.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <span>

#include "base/assert.h"

namespace watchpost::net::test {

namespace {

Key make_key(const CertificateSpec& spec)
{
    EVP_PKEY* const key = spec.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(spec.rsa_bits))
                                            : EVP_EC_gen(spec.curve);
    WP_ASSERT(key != nullptr);
    return {key, EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    WP_ASSERT(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// subjectAltName with one dNSName, whose octets may be anything.
void add_raw_name(X509* certificate, const std::string& octets)
{
    GENERAL_NAMES* const names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME* const name = GENERAL_NAME_new();
    ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, octets.data(), static_cast<int>(octets.size()));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    sk_GENERAL_NAME_push(names, name);
    X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
}

void add_constraints(X509* certificate, X509* issuer, const CertificateSpec& spec)
{
    const std::string basic = spec.is_ca ? "critical,CA:TRUE" : "CA:FALSE";
    add_extension(certificate, issuer, NID_basic_constraints,
                  spec.basic_constraints.empty() ? basic : spec.basic_constraints);
    if (!spec.key_usage.empty()) {
        add_extension(certificate, issuer, NID_key_usage, spec.key_usage);
    } else if (spec.is_ca) {
        add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    if (!spec.name_constraints.empty()) {
        add_extension(certificate, issuer, NID_name_constraints, spec.name_constraints);
    }
}

void add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec)
{
    add_constraints(certificate, issuer, spec);
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    if (!spec.raw_dns_name.empty()) {
        add_raw_name(certificate, spec.raw_dns_name);
    } else if (!spec.names.empty()) {
        add_extension(certificate, issuer, NID_subject_alt_name, spec.names);
    }
    if (!spec.extended_key_usage.empty()) {
        add_extension(certificate, issuer, NID_ext_key_usage, spec.extended_key_usage);
    }
}

void damage_signature(X509* certificate)
{
    const ASN1_BIT_STRING* signature = nullptr;
    X509_get0_signature(&signature, nullptr, certificate);
    auto* const octets = const_cast<unsigned char*>(ASN1_STRING_get0_data(signature));
    octets[ASN1_STRING_length(signature) - 1] ^= 1U; // the last octet of s: still well-formed DER
}

Identity make(const CertificateSpec& spec, const Identity* issuer)
{
    const Key key = make_key(spec);
    const Certificate made{X509_new(), X509_free};
    X509* const certificate = made.get();
    X509_set_version(certificate, X509_VERSION_3);
    static long serial = 1000;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), spec.valid_from_days * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), spec.valid_to_days * 86'400);
    X509_set_pubkey(certificate, key.get());
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(spec.common_name.c_str()), -1,
                               -1, 0);
    X509* const signer = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    add_extensions(certificate, signer, spec);
    EVP_PKEY* const signing_key = issuer != nullptr ? issuer->key.get() : key.get();
    WP_ASSERT(X509_sign(certificate, signing_key, spec.digest) > 0);
    if (spec.signature == CertificateSpec::Signature::damaged) {
        damage_signature(certificate);
    }
    return {made, key};
}

} // namespace

Identity make_self_signed(const CertificateSpec& spec)
{
    return make(spec, nullptr);
}

Identity make_issued(const CertificateSpec& spec, const Identity& issuer)
{
    return make(spec, &issuer);
}

crypto::Sha256 fingerprint_of(const Certificate& certificate)
{
    unsigned char* der = nullptr;
    const int length = i2d_X509(certificate.get(), &der);
    WP_ASSERT(length > 0);
    const auto digest =
        crypto::sha256(std::as_bytes(std::span{der, static_cast<std::size_t>(length)}));
    OPENSSL_free(der);
    return digest;
}

void write_pem(const std::filesystem::path& file, const std::vector<Certificate>& certificates)
{
    std::FILE* const out = std::fopen(file.c_str(), "we");
    WP_ASSERT(out != nullptr);
    for (const auto& certificate : certificates) {
        PEM_write_X509(out, certificate.get());
    }
    std::fclose(out);
}

} // namespace watchpost::net::test
