// Archives for tests, written by libarchive in memory: no program is needed.
#pragma once

#include <string>
#include <vector>

namespace watchpost::unpack::test {

// NOLINTBEGIN(readability-redundant-member-init): g++ warns where an aggregate's last members are
// left out in a test and have no initialiser.
struct File {
    std::string name;
    std::string content;
    std::string link_target = {}; // set: a hard link
};

struct Kind {
    std::string format; // libarchive's name: "zip", "7zip", "ustar", "raw" …
    std::string filter = "none";
    std::string expected = {}; // what container_format says
};

struct MakeOptions {
    std::string options = {}; // libarchive's option string
    std::string passphrase = {};
};
// NOLINTEND(readability-redundant-member-init)

/// All that libarchive writes of what we open.
[[nodiscard]] const std::vector<Kind>& kinds();

[[nodiscard]] std::string make_archive(const Kind& kind, const std::vector<File>& files,
                                       const MakeOptions& options = {});

/// Text that does not compress to nothing: the same for the same seed.
[[nodiscard]] std::string noise(std::size_t bytes, unsigned seed = 1);

} // namespace watchpost::unpack::test
