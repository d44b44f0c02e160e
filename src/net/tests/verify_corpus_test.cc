// Path validation against the certificates of OpenSSL's own verify suite (corpus/tls): trust and
// mistrust settings, purposes, wrong keys, partial chains, as far as the list names the chain.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openssl/pem.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "net/certificate_faults.h"
#include "support/temp_dir.h"

namespace watchpost::net::test {
namespace {

using Store = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using Leaf = std::unique_ptr<X509, FreeWith<X509_free>>;

struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};
using Chain = std::unique_ptr<STACK_OF(X509), FreeStack>;

struct Row {
    std::string leaf;
    std::string purpose;
    std::vector<std::string> trusted;
    std::vector<std::string> untrusted;
    std::string options;
    bool is_accepted = false;
    std::string description;
};

/// Where the program departs from the list on purpose: without -partial_chain OpenSSL wants a root,
/// but what an administrator uploads is an anchor, be it an intermediate CA. In each of these rows
/// the store holds the leaf's issuer itself.
const std::vector<std::vector<std::string>> accepted_on_purpose{
    {"root-cert", "root2-serverAuth", "ca-root2"},
    {"root-cert", "root2+clientAuth", "ca-root2"},
    {"root-cert", "ca-nonbc"}};

bool should_be_accepted(const Row& row)
{
    const auto& list = accepted_on_purpose;
    return row.is_accepted ||
           (row.options.empty() && std::find(list.begin(), list.end(), row.trusted) != list.end());
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

std::filesystem::path folder()
{
    return watchpost::test::shared_dir() / "corpus" / "tls";
}

/// The rows for a TLS server that name their chain; options other than ours are left out.
std::vector<Row> read_rows()
{
    std::vector<Row> rows;
    std::ifstream in{folder() / "VERIFY.tsv"};
    for (std::string line; std::getline(in, line);) {
        auto columns = split(line, '\t');
        columns.resize(8);
        Row row{columns[0],
                columns[1],
                split(columns[2], ','),
                split(columns[3], ','),
                columns[4],
                columns[5] == "accept",
                columns[6]};
        const bool is_ours = row.options.empty() || row.options == "\"-partial_chain\"";
        if (row.purpose == "sslserver" && !row.trusted.empty() && is_ours) {
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Leaf read_certificate(const std::string& name)
{
    const auto file = folder() / "certs" / (name + ".pem");
    const Bio bio{BIO_new_file(file.c_str(), "r")};
    return Leaf{bio != nullptr ? PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)
                               : nullptr};
}

/// Faults other than the name: these certificates are for other hosts.
std::vector<Fault> faults_of(const Row& row)
{
    const Store store{X509_STORE_new()};
    for (const auto& name : row.trusted) {
        X509_STORE_add_cert(store.get(), read_certificate(name).get());
    }
    const Chain chain{sk_X509_new_null()};
    for (const auto& name : row.untrusted) {
        sk_X509_push(chain.get(), read_certificate(name).release());
    }
    const Leaf leaf = read_certificate(row.leaf);
    const StoreContext context{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), chain.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    auto faults = find_faults(context.get(), parse_server_name("mail.example.test").value());
    std::erase_if(faults,
                  [](const Fault& fault) { return fault.code == X509_V_ERR_HOSTNAME_MISMATCH; });
    return faults;
}

TEST(VerifyCorpus, EveryRowIsDecidedAsOpenSslDoes)
{
    if (watchpost::test::shared_dir().empty()) {
        GTEST_SKIP() << "there is no ../shared with the corpus";
    }
    const auto rows = read_rows();
    ASSERT_GT(rows.size(), 60U);
    for (const Row& row : rows) {
        SCOPED_TRACE(row.description);
        const auto faults = faults_of(row);
        EXPECT_EQ(faults.empty(), should_be_accepted(row))
            << ::testing::PrintToString(row.trusted) << " "
            << (faults.empty() ? "" : faults.front().what);
    }
}

} // namespace
} // namespace watchpost::net::test
