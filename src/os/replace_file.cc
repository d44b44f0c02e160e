#include "os/replace_file.h"

#include <utility>

namespace watchpost::os {

using base::Result;

Result<void> replace_file(FileSystem& folder, const std::string& name, base::ByteView content)
{
    const std::string unfinished = name + ".new";
    static_cast<void>(folder.remove(unfinished)); // of one that was cut off
    auto file = folder.open(unfinished, OpenMode::create_new);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    return (*file)
        ->write_at(content, 0)
        .and_then([&] { return (*file)->sync_data(); })
        .and_then([&] { return folder.rename(unfinished, name); })
        .and_then([&] { return folder.sync_folder(""); });
}

Result<std::string> read_whole_file(FileSystem& folder, std::string_view name,
                                    std::size_t bytes_max)
{
    const auto file = folder.open(name, OpenMode::read);
    if (!file) {
        return base::fail(file.error());
    }
    const auto size = (*file)->size();
    if (!size) {
        return base::fail(size.error());
    }
    if (*size > bytes_max) {
        return base::fail(base::ErrorCode::limit_exceeded, base::Retry::never,
                          folder.describe() + "/" + std::string{name} + " is larger than " +
                              base::to_readable_bytes(bytes_max));
    }
    std::string text(static_cast<std::size_t>(*size), '\0');
    const auto got = (*file)->read_at(std::as_writable_bytes(std::span{text}), 0);
    if (!got) {
        return base::fail(got.error());
    }
    text.resize(*got);
    return text;
}

} // namespace watchpost::os
