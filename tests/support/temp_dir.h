// A directory of the test's own that goes away with it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace watchpost::test {

class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const
    {
        return path_ / name;
    }

    /// Writes a file (folders are made) and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

/// The whole file; fails the process if it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// ../shared, or an empty path where the checkout has none: then the test calls GTEST_SKIP.
[[nodiscard]] std::filesystem::path shared_dir();

} // namespace watchpost::test
