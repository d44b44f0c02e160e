#include "unpack/library_reader.h"

#include <algorithm>
#include <new>

#include <archive.h>
#include <archive_entry.h>
#include <locale.h> // newlocale, uselocale

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

locale_t utf8_locale()
{
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
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

Utf8Locale::Utf8Locale()
{
    if (utf8_locale() != nullptr) {
        previous_ = uselocale(utf8_locale());
    }
}

Utf8Locale::~Utf8Locale()
{
    if (previous_ != nullptr) {
        uselocale(static_cast<locale_t>(previous_));
    }
}

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

bool LibraryReader::is_regular_file() const
{
    return archive_entry_filetype(entry_) == AE_IFREG && archive_entry_hardlink(entry_) == nullptr;
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
            return {stop, false, false, {}};
        } else if ((got != ARCHIVE_WARN && got != ARCHIVE_RETRY) || ++retries == retries_max) {
            return failed(stop);
        }
    }
}

} // namespace watchpost::unpack
