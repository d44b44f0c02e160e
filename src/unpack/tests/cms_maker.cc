#include "unpack/tests/cms_maker.h"

#include <cstdint>
#include <memory>
#include <stdexcept>

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace watchpost::unpack::test {
namespace {

struct Free {
    void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(STACK_OF(X509) * p) const { sk_X509_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

void must(bool holds)
{
    if (!holds) {
        throw std::runtime_error{"libcrypto refuses"};
    }
}

struct Identity {
    Owned<EVP_PKEY> key{EVP_RSA_gen(2048)};
    Owned<X509> certificate{X509_new()};

    Identity()
    {
        X509* const x509 = certificate.get();
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), 0);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(x509, X509_get_subject_name(x509));
        must(X509_set_pubkey(x509, key.get()) == 1 && X509_sign(x509, key.get(), EVP_sha256()) > 0);
    }
};

const Identity& identity()
{
    static const Identity one; // a key takes its time
    return one;
}

unsigned flags_of(CmsForm form)
{
    const unsigned detached = form == CmsForm::signed_detached ? CMS_DETACHED : 0U;
    return CMS_BINARY | CMS_STREAM | detached;
}

} // namespace

std::string make_cms(CmsForm form, std::string_view content)
{
    const Owned<BIO> in{BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))};
    const Owned<BIO> out{BIO_new(BIO_s_mem())};
    const auto flags = flags_of(form);
    Owned<CMS_ContentInfo> cms;
    if (form == CmsForm::enveloped) {
        const Owned<STACK_OF(X509)> recipients{sk_X509_new_null()};
        must(sk_X509_push(recipients.get(), identity().certificate.get()) > 0);
        cms.reset(CMS_encrypt(recipients.get(), in.get(), EVP_aes_256_cbc(), flags));
    } else {
        cms.reset(
            CMS_sign(identity().certificate.get(), identity().key.get(), nullptr, in.get(), flags));
    }
    must(cms != nullptr);
    if (form == CmsForm::signed_ber) {
        must(i2d_CMS_bio_stream(out.get(), cms.get(), in.get(), static_cast<int>(flags)) == 1);
    } else {
        must(CMS_final(cms.get(), in.get(), nullptr, flags) == 1 &&
             i2d_CMS_bio(out.get(), cms.get()) == 1);
    }
    const char* octets = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &octets);
    return {octets, static_cast<std::size_t>(size)};
}

} // namespace watchpost::unpack::test
