#include "unpack/library_reader.h"

#include <algorithm>
#include <new>
#include <utility>

#include <archive.h>
#include <archive_entry.h>

#include "diag/quote.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10U;
constexpr std::size_t reserve_bytes_max = std::size_t{4} << 20U; // of a size that is only declared
constexpr int retries_max = 8; // warnings in a row without a byte of progress

la_ssize_t read_piece(archive* /*reader*/, void* data, const void** block)
{
    auto& source = *static_cast<LibraryReader::Source*>(data);
    while (source.next < source.pieces.size()) {
        const auto piece = source.pieces.at(source.next++);
        if (!piece.empty()) {
            *block = piece.data();
            return static_cast<la_ssize_t>(piece.size());
        }
    }
    return 0;
}

void reserve_declared(archive_entry* entry, base::Bytes& content)
{
    if (archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) > 0) {
        const auto declared = static_cast<std::uint64_t>(archive_entry_size(entry));
        content.reserve(std::min<std::uint64_t>(declared, reserve_bytes_max));
    }
}

bool contains_any_of(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(
        words, [text](std::string_view word) { return text.find(word) != text.npos; });
}

} // namespace

void LibraryReader::Free::operator()(archive* reader) const noexcept
{
    archive_read_free(reader);
}

LibraryReader::LibraryReader() : source_{std::make_unique<Source>()}, reader_{archive_read_new()}
{
    if (!reader_) {
        throw std::bad_alloc{};
    }
}

void LibraryReader::open(base::ByteView first, base::ByteView second)
{
    if (second.empty()) {
        is_open_ =
            archive_read_open_memory(reader_.get(), first.data(), first.size()) == ARCHIVE_OK;
        return;
    }
    source_->pieces = {first, second};
    is_open_ =
        archive_read_open(reader_.get(), source_.get(), nullptr, read_piece, nullptr) == ARCHIVE_OK;
}

LibraryReader LibraryReader::for_archive(int format, base::ByteView bytes)
{
    LibraryReader made;
    archive_read_support_format_by_code(made.reader_.get(), format);
    // What stands behind a tar's end mark is unseen by most programs, but not by all.
    archive_read_set_format_option(made.reader_.get(), "tar", "read_concatenated_archives", "1");
    made.open(bytes);
    return made;
}

LibraryReader LibraryReader::for_stream(int filter, base::ByteView bytes)
{
    LibraryReader made;
    archive* reader = made.reader_.get();
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    if (filter == ARCHIVE_FILTER_COMPRESS) {
        archive_read_support_filter_compress(reader); // append_filter would read before the open
    } else {
        // Set, not offered: an offered filter is applied again to what it yields, and the walk
        // would not see the layers between.
        archive_read_append_filter(reader, filter);
    }
    made.open(bytes);
    return made;
}

LibraryReader LibraryReader::for_zip_entry(base::ByteView header, base::ByteView data,
                                           const std::string& password)
{
    LibraryReader made;
    archive_read_support_format_zip_streamable(made.reader_.get());
    // The checksum is ours to judge: a header made for a directory's entry does not carry it.
    archive_read_set_format_option(made.reader_.get(), "zip", "ignorecrc32", "1");
    if (!password.empty()) {
        archive_read_add_passphrase(made.reader_.get(), password.c_str());
    }
    made.open(header, data);
    return made;
}

LibraryReader::Next LibraryReader::next()
{
    if (!is_open_) {
        return Next::broken;
    }
    for (int tries = 0; tries < retries_max; ++tries) {
        const int code = archive_read_next_header(reader_.get(), &entry_);
        if (code == ARCHIVE_OK || code == ARCHIVE_WARN) {
            return Next::entry;
        }
        if (code == ARCHIVE_EOF) {
            return Next::end;
        }
        if (code == ARCHIVE_FATAL) {
            break;
        }
    }
    return Next::broken;
}

std::string LibraryReader::name() const
{
    const char* octets = archive_entry_pathname(entry_);
    if (octets == nullptr) {
        octets = archive_entry_pathname_utf8(entry_);
    }
    return octets == nullptr ? std::string{} : name_from_octets(octets);
}

std::string LibraryReader::raw_name() const
{
    const char* octets = archive_entry_pathname(entry_);
    return octets == nullptr ? std::string{} : octets;
}

std::string LibraryReader::link_target() const
{
    const char* octets = archive_entry_hardlink(entry_);
    return octets == nullptr ? std::string{} : octets;
}

bool LibraryReader::is_regular_file() const
{
    return archive_entry_filetype(entry_) == AE_IFREG && archive_entry_hardlink(entry_) == nullptr;
}

bool LibraryReader::is_folder_without_data() const
{
    return archive_entry_filetype(entry_) == AE_IFDIR && archive_entry_size(entry_) == 0;
}

bool LibraryReader::is_encrypted() const
{
    return archive_entry_is_encrypted(entry_) != 0;
}

std::string LibraryReader::error() const
{
    const char* text = archive_error_string(reader_.get());
    return text == nullptr ? "the archive's structure does not hold" : diag::quote(text);
}

bool LibraryReader::error_speaks_of_encryption() const
{
    const char* text = archive_error_string(reader_.get());
    return text != nullptr &&
           contains_any_of(text, {"ncrypt", "rypto codec", "assphrase", "assword"});
}

std::uint64_t LibraryReader::bytes_read() const
{
    return static_cast<std::uint64_t>(
        std::max<la_int64_t>(0, archive_filter_bytes(reader_.get(), 0)));
}

/// Some readers end quietly where a volume or the rest of the file is missing.
EntryData LibraryReader::ended(Stop stop, std::size_t content_bytes) const
{
    const bool is_short = stop == Stop::none && archive_entry_filetype(entry_) != AE_IFDIR &&
                          archive_entry_size_is_set(entry_) != 0 &&
                          std::cmp_less(content_bytes, archive_entry_size(entry_));
    return {stop, is_short, false, is_short ? "the member is shorter than its header says" : ""};
}

EntryData LibraryReader::failed(Stop stop) const
{
    EntryData result;
    result.stop = stop;
    result.is_encrypted = error_speaks_of_encryption();
    result.is_damaged = !result.is_encrypted;
    result.error = error();
    return result;
}

EntryData LibraryReader::read(Meter& meter, base::Bytes& content)
{
    content.clear();
    reserve_declared(entry_, content);
    std::array<std::byte, block_bytes> block; // filled by the library before it is read
    auto stop = Stop::none;
    int retries = 0;
    while (true) {
        const auto got = archive_read_data(reader_.get(), block.data(), block.size());
        if (got > 0) {
            retries = 0;
            const auto bytes = base::slice(block, 0, static_cast<std::size_t>(got));
            if (stop == Stop::none) {
                stop = meter.keep(bytes, content);
            } else {
                meter.pass_over(bytes.size()); // only to get to the next entry
            }
            if (meter.is_over()) {
                return {stop, false, false, {}};
            }
        } else if (got == 0) {
            return ended(stop, content.size());
        } else if ((got != ARCHIVE_WARN && got != ARCHIVE_RETRY) || ++retries == retries_max) {
            return failed(stop);
        }
    }
}

void tell_failure(const std::string& member, bool is_encrypted, std::string error, Meter& meter)
{
    meter.tell(member, is_encrypted ? "encrypted_archive" : "damaged_archive", std::move(error));
}

void tell_outcome(const std::string& member, const EntryData& data, Meter& meter)
{
    if (data.stop != Stop::none) {
        meter.tell(member, data.stop);
    }
    if (data.is_damaged || data.is_encrypted) {
        tell_failure(member, data.is_encrypted, data.error, meter);
    }
}

} // namespace watchpost::unpack
