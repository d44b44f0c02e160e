#include "unpack/encrypted_zip.h"

#include <memory>

#include <archive.h>
#include <archive_entry.h>

namespace watchpost::unpack {

namespace {

la_ssize_t append(archive* /*writer*/, void* into, const void* block, std::size_t bytes)
{
    static_cast<std::string*>(into)->append(static_cast<const char*>(block), bytes);
    return static_cast<la_ssize_t>(bytes);
}

bool write_file(archive* writer, const std::string& name, std::string_view content)
{
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(),
                                                                         archive_entry_free};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    return archive_write_header(writer, entry.get()) == ARCHIVE_OK &&
           archive_write_data(writer, content.data(), content.size()) ==
               static_cast<la_ssize_t>(content.size());
}

} // namespace

base::Result<std::string> make_encrypted_zip(const std::string& name, std::string_view content,
                                             const std::string& password)
{
    std::string zip;
    const std::unique_ptr<archive, int (*)(archive*)> writer{archive_write_new(),
                                                             archive_write_free};
    const bool is_written =
        archive_write_set_format_zip(writer.get()) == ARCHIVE_OK &&
        archive_write_set_options(writer.get(), "zip:encryption=aes256") == ARCHIVE_OK &&
        archive_write_set_passphrase(writer.get(), password.c_str()) == ARCHIVE_OK &&
        archive_write_set_bytes_in_last_block(writer.get(), 1) == ARCHIVE_OK &&
        archive_write_open(writer.get(), &zip, nullptr, append, nullptr) == ARCHIVE_OK &&
        write_file(writer.get(), name, content) && archive_write_close(writer.get()) == ARCHIVE_OK;
    if (!is_written) {
        const char* const why = archive_error_string(writer.get());
        return base::fail(base::ErrorCode::internal, base::Retry::never,
                          std::string{"cannot make the zip: "} + (why != nullptr ? why : "?"));
    }
    return zip;
}

} // namespace watchpost::unpack
