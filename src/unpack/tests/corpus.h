// The archives of corpus/attach/libarchive, decoded.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/temp_dir.h"
#include "support/uudecode.h"

namespace watchpost::unpack::test {

struct CorpusFile {
    std::string name;
    std::string bytes;
};

/// Empty where the checkout has no corpus: then the test calls GTEST_SKIP. Sorted by name.
[[nodiscard]] inline std::vector<CorpusFile> libarchive_corpus()
{
    const auto folder = watchpost::test::shared_dir() / "corpus/attach/libarchive";
    std::vector<std::filesystem::path> paths;
    if (!watchpost::test::shared_dir().empty() && std::filesystem::is_directory(folder)) {
        for (const auto& file : std::filesystem::directory_iterator{folder}) {
            if (file.path().extension() == ".uu") {
                paths.push_back(file.path());
            }
        }
    }
    std::ranges::sort(paths);
    std::vector<CorpusFile> files;
    files.reserve(paths.size());
    for (const auto& path : paths) {
        files.push_back(
            {path.stem().string(), watchpost::test::uudecode(watchpost::test::read_file(path))});
    }
    return files;
}

} // namespace watchpost::unpack::test
