// A server's certificate, as far as our own code reads it: names, dates, key, and the search for
// faults. The DER itself is OpenSSL's to parse.

#include "net/certificate_faults.h"
#include "net/certificate_info.h"

using namespace watchpost::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::unique_ptr<X509, FreeWith<X509_free>> leaf{
        d2i_X509(nullptr, &data, static_cast<long>(size))};
    if (leaf == nullptr) {
        return 0;
    }
    const CertificateInfo info = describe_certificate(leaf.get());
    if (info.names.size() > names_shown_max + 1) {
        __builtin_trap();
    }
    const std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>> store{X509_STORE_new()};
    const std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>> context{
        X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    if (find_faults(context.get(), parse_server_name("mail.example.test").value()).empty()) {
        __builtin_trap(); // the store is empty: nothing can be trusted
    }
    return 0;
}
