#include "unpack/tests/library_maker.h"

#include <memory>
#include <random>
#include <stdexcept>

#include <archive.h>
#include <archive_entry.h>

namespace watchpost::unpack::test {
namespace {

la_ssize_t append(archive* /*writer*/, void* data, const void* block, std::size_t bytes)
{
    static_cast<std::string*>(data)->append(static_cast<const char*>(block), bytes);
    return static_cast<la_ssize_t>(bytes);
}

void check(archive* writer, la_ssize_t code)
{
    if (code < ARCHIVE_WARN) {
        throw std::runtime_error{archive_error_string(writer)};
    }
}

void add(archive* writer, const File& file)
{
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry{archive_entry_new(),
                                                                         archive_entry_free};
    archive_entry_set_pathname(entry.get(), file.name.c_str());
    archive_entry_set_filetype(entry.get(), file.name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    if (!file.link_target.empty()) {
        archive_entry_set_hardlink(entry.get(), file.link_target.c_str());
    }
    check(writer, archive_write_header(writer, entry.get()));
    if (!file.content.empty()) {
        check(writer, archive_write_data(writer, file.content.data(), file.content.size()));
    }
}

} // namespace

const std::vector<Kind>& kinds()
{
    static const std::vector<Kind> all{
        {"zip", "none", "zip"},     {"7zip", "none", "7z"},    {"ustar", "none", "tar"},
        {"pax", "none", "tar"},     {"gnutar", "none", "tar"}, {"v7tar", "none", "tar"},
        {"cpio", "none", "cpio"},   {"newc", "none", "cpio"},  {"arbsd", "none", "ar"},
        {"iso9660", "none", "iso"}, {"raw", "gzip", "gzip"},   {"raw", "bzip2", "bzip2"},
        {"raw", "xz", "xz"},        {"raw", "lzma", "lzma"},   {"raw", "lzip", "lzip"},
        {"raw", "zstd", "zstd"},    {"raw", "lz4", "lz4"},     {"raw", "compress", "compress"}};
    return all;
}

std::string make_archive(const Kind& kind, const std::vector<File>& files,
                         const MakeOptions& options)
{
    std::string result;
    const std::unique_ptr<archive, int (*)(archive*)> writer{archive_write_new(),
                                                             archive_write_free};
    check(writer.get(), archive_write_set_format_by_name(writer.get(), kind.format.c_str()));
    if (kind.filter != "none") {
        check(writer.get(), archive_write_add_filter_by_name(writer.get(), kind.filter.c_str()));
    }
    check(writer.get(), archive_write_set_bytes_in_last_block(writer.get(), 1));
    if (!options.passphrase.empty()) {
        check(writer.get(), archive_write_set_passphrase(writer.get(), options.passphrase.c_str()));
    }
    if (!options.options.empty()) {
        check(writer.get(), archive_write_set_options(writer.get(), options.options.c_str()));
    }
    check(writer.get(), archive_write_open(writer.get(), &result, nullptr, append, nullptr));
    for (const auto& file : files) {
        add(writer.get(), file);
    }
    check(writer.get(), archive_write_close(writer.get()));
    return result;
}

std::string noise(std::size_t bytes, unsigned seed)
{
    std::minstd_rand random{seed};
    std::string text(bytes, '\0');
    for (auto& c : text) {
        c = static_cast<char>(random() >> 8U);
    }
    return text;
}

} // namespace watchpost::unpack::test
