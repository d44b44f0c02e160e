// Owners of OpenSSL's objects, and what its error queue says. Private to net: no public header
// shows a type of OpenSSL.
#pragma once

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace watchpost::net {

template <auto free_function>
struct FreeWith {
    template <typename T>
    void operator()(T* object) const noexcept
    {
        free_function(object);
    }
};

using SslContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using SanNames = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

/// For PEM_read_…: a text with a pass phrase must not make OpenSSL ask at the terminal.
[[nodiscard]] int no_pass_phrase(char* buffer, int size, int is_write, void* user) noexcept;

/// Empties this thread's error queue; the reason that was put in last, "no cipher match".
[[nodiscard]] std::string take_openssl_reason();

} // namespace watchpost::net
