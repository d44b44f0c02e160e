// What a script of HTML is known by: the words by which a file is put together in the browser and
// handed out as a download, so that no gateway sees it come ("HTML smuggling"). Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::message {

/// The words that were met in scripts and handlers of one document.
class ScriptMarks {
public:
    void add(std::string_view script);
    void add_download_attribute() noexcept { has_download_ = true; }

    /// A file is put together and handed out: the marks of both. Empty where one is missing.
    [[nodiscard]] std::vector<std::string> smuggling() const;

private:
    std::uint32_t seen_ = 0; // a bit a word
    bool has_download_ = false;
};

} // namespace watchpost::message
