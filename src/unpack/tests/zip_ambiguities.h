// Zips that programs read differently, one of each kind that is known (the kinds a1 to c5 of the
// study of 50 readers, USENIX Security 2025, and some more). Of our own making; the payload is what
// the caller gives.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack::test {

struct ZipAmbiguity {
    std::string_view id; // a row of zip_ambiguities.tsv
    std::function<std::string(const std::string& payload)> make;
};

[[nodiscard]] const std::vector<ZipAmbiguity>& zip_ambiguities();

} // namespace watchpost::unpack::test
