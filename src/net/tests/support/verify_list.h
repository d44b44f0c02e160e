// The list of certificate verdicts in ../shared/corpus/tls, the chains and keys beside it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "net/tests/support/certificate_maker.h"

namespace watchpost::net::test {

struct ListedVerdict {
    std::string leaf;
    std::string purpose; // "sslserver", "sslclient"; empty: any
    std::string trusted; // "root-cert,ca-cert"; empty: the list does not name the chain
    std::string untrusted;
    std::string expect; // "accept", "reject"
};

/// In the order of the list; empty where the checkout has no ../shared.
[[nodiscard]] std::vector<ListedVerdict> read_verify_list();

[[nodiscard]] Certificate read_listed_certificate(const std::string& name);
/// The one of all the keys that belongs to the certificate; null where none does.
[[nodiscard]] Key find_listed_key(const Certificate& certificate);
/// What stands in the files of these certificates, "a,b", one after the other.
[[nodiscard]] std::string read_listed_pem(const std::string& names);

[[nodiscard]] std::vector<std::string> split_names(const std::string& names);

} // namespace watchpost::net::test
