// The real type of some bytes, by content alone. Wraps libmagic.
//
// load() opens the magic data base and runs before the sandbox closes; of() opens nothing. Not
// thread-safe: one object belongs to one thread.
#pragma once

#include <memory>
#include <string>

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

private:
    struct Handle;
    explicit FileTypes(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

} // namespace watchpost::inspect
