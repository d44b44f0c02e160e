// The names of leaves inside containers: "2!invoice.zip!a.exe".
//
// A path goes on from the container's with "!" and the member's name, so `!`, `%` and control
// characters of the name are percent-encoded (their UTF-8 octets). Members of one name get "#2",
// "#3" …, so that no two leaves of a message share a path. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace watchpost::inspect {

/// One step of a path; longer names are cut at a character, doubles are told apart all the same.
inline constexpr std::size_t path_step_bytes_max = 255;

/// The name as it stands in a path. `name` is UTF-8; what is not becomes U+FFFD.
[[nodiscard]] std::string encode_member_name(std::string_view name);

/// Gives out the paths below one container.
class MemberPaths {
public:
    explicit MemberPaths(std::string_view container) : prefix_{std::string{container} + '!'} {}

    [[nodiscard]] std::string claim(std::string_view name);

private:
    std::string prefix_;
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::size_t> doubles_; // last number given out
};

} // namespace watchpost::inspect
