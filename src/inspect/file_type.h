// The real type of some bytes, by content alone. Wraps libmagic.
//
// load() opens the magic data base and runs before the sandbox closes; of() opens nothing. Not
// thread-safe: one object belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::inspect {

class FileTypes {
public:
    /// What the type is judged by; more of a file is not looked at.
    static constexpr std::size_t looked_at_bytes_max = std::size_t{256} * 1024;

    [[nodiscard]] static base::Result<FileTypes> load();
    FileTypes(const FileTypes&) = delete;
    FileTypes& operator=(const FileTypes&) = delete;
    FileTypes(FileTypes&&) noexcept;
    FileTypes& operator=(FileTypes&&) noexcept;
    ~FileTypes();

    /// A MIME type in lower case, "application/octet-stream" where nothing is known about it.
    [[nodiscard]] std::string of(base::ByteView bytes) const;

    /// "text/plain" or "text/html" where the bytes are evidently that: prose without a tag, or a
    /// page that begins with its first tag. nullopt where only of() can tell. For bodies: libmagic
    /// takes a millisecond to tell kinds of text apart that no mail program opens them by.
    [[nodiscard]] static std::optional<std::string_view> evident(base::ByteView bytes);

private:
    struct Handle;
    explicit FileTypes(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

} // namespace watchpost::inspect
