#include "spool/spool_file.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;

Result<SpoolFile> open_spool_file(os::FileSystem& folder, const std::string& name)
{
    auto file = folder.open(name, os::OpenMode::read);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    auto size = (*file)->size();
    if (!size) {
        return base::fail(std::move(size.error()));
    }
    FileHeaderOctets octets{};
    auto got = (*file)->read_at(octets, 0);
    if (!got) {
        return SpoolFile{std::move(*file), *size, std::nullopt, true};
    }
    auto header = parse_file_header(base::ByteView{octets}.first(*got));
    if (!header && header.error().code() == ErrorCode::unsupported) {
        return base::fail(std::move(header.error()).during("read " + name));
    }
    return SpoolFile{std::move(*file), *size, header ? std::optional{*header} : std::nullopt,
                     false};
}

Result<std::optional<SpoolFile>> open_spool_file_if_there(os::FileSystem& folder,
                                                          std::string_view name)
{
    auto opened = open_spool_file(folder, std::string{name});
    if (opened) {
        return std::move(*opened);
    }
    if (opened.error().code() == ErrorCode::not_found) {
        return std::nullopt;
    }
    return base::fail(std::move(opened.error()));
}

} // namespace watchpost::spool
