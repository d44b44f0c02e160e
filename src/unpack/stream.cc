#include "unpack/stream.h"

#include <string>

#include "unpack/library_reader.h"
#include "unpack/little_endian.h"
#include "unpack/lzma_dictionary.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

/// RFC 1952 §2.3: the name stands behind the ten fixed octets and the extra field, up to a NUL.
std::string gzip_name(ByteView bytes)
{
    constexpr std::size_t name_bytes_max = 4096;
    const std::uint8_t flags = u8_at(bytes, 3);
    if ((flags & 0x08U) == 0) {
        return {};
    }
    const std::size_t at = 10 + ((flags & 0x04U) != 0 ? std::size_t{2} + u16_at(bytes, 10) : 0);
    const auto name = base::as_text(base::slice(bytes, at, name_bytes_max));
    const auto end = name.find('\0');
    return end == name.npos ? std::string{} : name_from_octets(name.substr(0, end));
}

/// A stream that breaks off early ends for the library as an empty one does. Only gzip says which:
/// RFC 1952 §2.3.1, checksum and size at the end are zero.
bool is_gzip_of_nothing(const Format& format, ByteView bytes)
{
    constexpr std::size_t bytes_min = 20; // header, the shortest deflate stream, checksum and size
    return format.name == "gzip"sv && bytes.size() >= bytes_min &&
           u64_at(bytes, bytes.size() - 8) == 0;
}

} // namespace

void unpack_stream(const Format& format, ByteView bytes, std::string_view filename, Meter& meter)
{
    auto name = format.name == "gzip"sv ? gzip_name(bytes) : std::string{};
    if (name.empty()) {
        name = name_without_compression(filename);
    }
    if (!meter.admit_entry()) {
        return;
    }
    if (const auto dictionary = lzma_dictionary_bytes(bytes);
        format.name == "lzma"sv && dictionary > lzma_dictionary_bytes_max) {
        meter.tell("", "unsupported_archive", describe_lzma_dictionary(dictionary));
        return;
    }
    auto reader = LibraryReader::for_stream(format.library_code, bytes);
    base::Bytes content;
    EntryData data;
    const auto next = reader.next();
    if (next == LibraryReader::Next::entry) {
        data = reader.read(meter, content);
    } else if (next == LibraryReader::Next::broken || !is_gzip_of_nothing(format, bytes)) {
        data.is_damaged = true;
        data.error =
            next == LibraryReader::Next::broken ? reader.error() : "nothing came out of it";
    }
    if (!content.empty() || !data.is_damaged) {
        meter.deliver({name, content});
    }
    tell_outcome(name, data, meter);
}

} // namespace watchpost::unpack
