#include "unpack/zip_member.h"

#include <zlib.h>

#include "unpack/lzma_dictionary.h"
#include "unpack/zip_entry_header.h"

namespace watchpost::unpack {
namespace {

std::uint32_t checksum(base::ByteView bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// APPNOTE 5.8.8: two octets of version, two of length, then the properties. Where the member is
/// encrypted they cannot be seen: the process's own limit must do.
std::uint32_t zip_lzma_dictionary_bytes(const ZipEntry& entry, base::ByteView header,
                                        base::ByteView data)
{
    constexpr std::uint16_t lzma_method = 14;
    if (entry.method != lzma_method || entry.is_encrypted()) {
        return 0;
    }
    const std::size_t at = header.empty() ? read_zip_local(data, 0)->data_offset : 0;
    return lzma_dictionary_bytes(base::slice(data, at + 4, 5));
}

} // namespace

std::uint64_t ZipMemberReader::read(const ZipEntry& entry, const std::string& name,
                                    base::ByteView header, base::ByteView data)
{
    if (!is_supported_zip_method(entry.method)) {
        meter_.tell(name, "unsupported_archive",
                    "compression method " + std::to_string(entry.method));
        return 0;
    }
    if (const auto dictionary = zip_lzma_dictionary_bytes(entry, header, data);
        dictionary > lzma_dictionary_bytes_max) {
        meter_.tell(name, "unsupported_archive", describe_lzma_dictionary(dictionary));
        return 0;
    }
    if (entry.is_strongly_encrypted()) {
        meter_.tell(name, "encrypted_archive", "its way of encryption is not supported");
        return 0;
    }
    const Packed packed{entry, header, data};
    const auto outcome = entry.is_encrypted() ? read_with_passwords(packed) : read_once(packed, {});
    tell(entry, name, outcome);
    return outcome.is_complete() ? outcome.bytes_read : 0;
}

/// The password of the member before comes first: an archive mostly has one.
bool ZipMemberReader::opens(const Password& password, const Packed& packed, Outcome& outcome)
{
    --tries_left_;
    meter_.restart_member();
    outcome = read_once(packed, password.text);
    return !outcome.data.is_damaged && !outcome.data.is_encrypted;
}

ZipMemberReader::Outcome ZipMemberReader::read_with_passwords(const Packed& packed)
{
    Outcome outcome;
    if (fitting_ && may_try() && opens(*fitting_, packed, outcome)) {
        outcome.was_encrypted = true;
        return outcome;
    }
    const auto& known = passwords_.known();
    std::size_t tried = 0;
    for (; tried < known.size() && may_try(); ++tried) {
        const Password& password = known[tried];
        if (opens(password, packed, outcome)) {
            fitting_ = password; // a copy: delivering may change what is known
            outcome.was_encrypted = true;
            return outcome;
        }
    }
    content_.clear();
    outcome.data.is_encrypted = true; // a wrong password and damage look alike
    outcome.data.is_damaged = false;
    outcome.data.error = describe_failed_passwords(known.size(), tried);
    return outcome;
}

ZipMemberReader::Outcome ZipMemberReader::read_once(const Packed& packed,
                                                    const std::string& password)
{
    auto reader = LibraryReader::for_zip_entry(packed.header, packed.data, password);
    Outcome outcome;
    content_.clear();
    if (reader.next() != LibraryReader::Next::entry) {
        outcome.data.is_damaged = true;
        outcome.data.error = reader.error();
        return outcome;
    }
    outcome.data = reader.read(meter_, content_);
    outcome.bytes_read = reader.bytes_read();
    if (outcome.is_complete() && !sums_hold(packed.entry)) {
        outcome.data.is_damaged = true;
        outcome.data.error = "size or checksum do not match";
    }
    return outcome;
}

bool ZipMemberReader::sums_hold(const ZipEntry& entry) const
{
    return !entry.has_sums || (content_.size() == entry.unpacked_bytes &&
                               (!has_zip_checksum(entry) || checksum(content_) == entry.crc));
}

/// Once for each two of its names: whatever a program shows of it is judged.
void ZipMemberReader::deliver(const std::string& name, const std::vector<std::string>& others,
                              const Outcome& outcome)
{
    const Password* const password = outcome.was_encrypted ? &*fitting_ : nullptr;
    meter_.deliver({name, content_, password,
                    others.empty() ? std::string_view{} : std::string_view{others.front()}});
    for (std::size_t i = 1; i < others.size() && !meter_.is_over(); ++i) {
        meter_.restart_member();
        const auto counted = meter_.count(content_); // costs its bytes anew
        meter_.deliver({others[i], counted.bytes, password});
    }
}

void ZipMemberReader::tell(const ZipEntry& entry, const std::string& name, const Outcome& outcome)
{
    const auto& data = outcome.data;
    const bool is_folder = entry.raw_name.ends_with('/') && content_.empty();
    const bool has_content = !content_.empty() || !data.is_damaged;
    if (!is_folder && !data.is_encrypted && has_content) {
        deliver(name, entry.other_names(), outcome);
    }
    if (data.stop != Stop::none) {
        meter_.tell(name, data.stop);
    }
    if (data.is_encrypted || data.is_damaged) {
        meter_.tell(name, data.is_encrypted ? "encrypted_archive" : "damaged_archive", data.error);
    }
}

} // namespace watchpost::unpack
