#include "net/tests/support/verify_list.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <fstream>
#include <sstream>

#include "base/assert.h"
#include "net/openssl.h"
#include "support/temp_dir.h"

namespace watchpost::net::test {

namespace {

std::filesystem::path folder()
{
    return watchpost::test::shared_dir() / "corpus" / "tls";
}

std::filesystem::path file_of(const std::string& name)
{
    return folder() / "certs" / (name + ".pem");
}

std::vector<std::string> split(const std::string& text, char at)
{
    std::vector<std::string> parts;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, at);) {
        parts.push_back(part);
    }
    return parts;
}

std::vector<Key> read_keys()
{
    std::vector<Key> keys;
    for (const auto& entry : std::filesystem::directory_iterator{folder() / "certs"}) {
        const Bio bio{BIO_new_file(entry.path().c_str(), "r")};
        if (EVP_PKEY* const key =
                PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr)) {
            keys.emplace_back(key, EVP_PKEY_free);
        }
    }
    ERR_clear_error(); // of the files that are no keys
    return keys;
}

} // namespace

std::vector<std::string> split_names(const std::string& names)
{
    return split(names, ',');
}

std::vector<ListedVerdict> read_verify_list()
{
    std::vector<ListedVerdict> rows;
    if (watchpost::test::shared_dir().empty()) {
        return rows;
    }
    std::ifstream in{folder() / "VERIFY.tsv"};
    std::string line;
    std::getline(in, line); // the heading
    while (std::getline(in, line)) {
        auto columns = split(line, '\t');
        columns.resize(8);
        rows.push_back({columns[0], columns[1], columns[2], columns[3], columns[5]});
    }
    return rows;
}

Certificate read_listed_certificate(const std::string& name)
{
    const Bio bio{BIO_new_file(file_of(name).c_str(), "r")};
    WP_ASSERT(bio != nullptr);
    X509* const certificate = PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr);
    WP_ASSERT(certificate != nullptr);
    return {certificate, X509_free};
}

Key find_listed_key(const Certificate& certificate)
{
    static const std::vector<Key> keys = read_keys();
    for (const Key& key : keys) {
        if (X509_check_private_key(certificate.get(), key.get()) == 1) {
            ERR_clear_error();
            return key;
        }
    }
    ERR_clear_error();
    return nullptr;
}

std::string read_listed_pem(const std::string& names)
{
    std::string pem;
    for (const auto& name : split_names(names)) {
        pem += watchpost::test::read_file(file_of(name));
    }
    return pem;
}

} // namespace watchpost::net::test
