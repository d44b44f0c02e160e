// Office documents that are encrypted as a whole, made as [MS-OFFCRYPTO] says.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::unpack::test {

struct AgileOptions {
    std::string password = "sesame"; // ASCII
    std::string told_rounds = "10";  // spinCount as it stands in the document
    std::uint32_t rounds = 10;       // … and as it was used
    std::string chaining = "ChainingModeCBC";
    std::string told_size = {}; // 8 octets in front; empty: the true size
    bool has_right_hmac = true;
};

/// The compound file around `document`: AES-256 and SHA-512, as Office 2013 and later write it.
[[nodiscard]] std::string make_agile_office(const std::string& document,
                                            const AgileOptions& options = {});

/// AES-128 and SHA-1, as Office 2007 wrote it.
[[nodiscard]] std::string make_standard_office(const std::string& document,
                                               const std::string& password);

} // namespace watchpost::unpack::test
