#include "inspect/file_type.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <magic.h>

namespace watchpost::inspect {

struct FileTypes::Handle {
    magic_t cookie = nullptr;

    explicit Handle(magic_t opened) : cookie{opened} {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { magic_close(cookie); }
};

FileTypes::FileTypes(std::unique_ptr<Handle> handle) : handle_{std::move(handle)} {}
FileTypes::FileTypes(FileTypes&&) noexcept = default;
FileTypes& FileTypes::operator=(FileTypes&&) noexcept = default;
FileTypes::~FileTypes() = default;

base::Result<FileTypes> FileTypes::load()
{
    // CSV says nothing of use here and costs a pass over every text.
    magic_t cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_CSV);
    if (cookie == nullptr) {
        return base::fail(base::system_error("open libmagic", errno));
    }
    auto handle = std::make_unique<Handle>(cookie);
    if (magic_load(cookie, nullptr) != 0) {
        const char* why = magic_error(cookie);
        return base::fail(base::ErrorCode::not_found, base::Retry::never,
                          std::string{"libmagic's data base cannot be loaded ("} +
                              (why != nullptr ? why : "no reason given") +
                              "); is the package libmagic-mgc installed?");
    }
    return FileTypes{std::move(handle)};
}

std::string FileTypes::of(base::ByteView bytes) const
{
    const auto head = bytes.first(std::min(bytes.size(), looked_at_bytes_max));
    const char* type = magic_buffer(handle_->cookie, head.data(), head.size());
    return type != nullptr ? type : "application/octet-stream";
}

} // namespace watchpost::inspect
