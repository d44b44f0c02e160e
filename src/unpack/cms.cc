#include "unpack/cms.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/ascii.h"
#include "unpack/little_endian.h"
#include "unpack/names.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

// The object identifiers of RFC 5652 §14, RFC 5083 §2 and RFC 3274 §1.1, with tag and length.
constexpr auto pkcs7_type = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv; // … 1 to 6
constexpr auto auth_enveloped_type = "\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"sv;
constexpr auto compressed_type = "\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x09"sv;

/// Octets of the tag and length of a SEQUENCE; 0 where it is none. X.690 §8.1.3.
std::size_t sequence_header_bytes(ByteView bytes)
{
    if (u8_at(bytes, 0) != 0x30) {
        return 0;
    }
    const auto length = u8_at(bytes, 1);
    if (length <= 0x80) { // short, or indefinite
        return 2;
    }
    const std::size_t octets = length & 0x7FU;
    return octets <= 8 ? 2 + octets : 0;
}

struct Free {
    void operator()(CMS_ContentInfo* info) const noexcept { CMS_ContentInfo_free(info); }
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

std::unique_ptr<CMS_ContentInfo, Free> parse(ByteView bytes)
{
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return nullptr;
    }
    const std::unique_ptr<BIO, Free> source{
        BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
    std::unique_ptr<CMS_ContentInfo, Free> info{
        source == nullptr ? nullptr : d2i_CMS_bio(source.get(), nullptr)};
    ERR_clear_error();
    return info;
}

ByteView content_of(CMS_ContentInfo& info)
{
    ASN1_OCTET_STRING** const place = CMS_get0_content(&info);
    ERR_clear_error();
    if (place == nullptr || *place == nullptr) {
        return {};
    }
    return std::as_bytes(
        std::span{ASN1_STRING_get0_data(*place),
                  static_cast<std::size_t>(std::max(0, ASN1_STRING_length(*place)))});
}

/// RFC 8551 §3.1: what a mail program signs is a MIME entity.
bool looks_like_mime_entity(ByteView content)
{
    constexpr std::array fields{"content-"sv, "mime-version:"sv};
    const auto text = base::as_text(content);
    return std::ranges::any_of(
        fields, [&](std::string_view field) { return base::starts_ignoring_case(text, field); });
}

std::string name_of_content(std::string_view filename, ByteView content)
{
    if (looks_like_mime_entity(content)) {
        return "signed.eml"; // by which it is taken for the message that it is
    }
    const auto dot = filename.rfind('.');
    const auto stem = filename.substr(0, dot);
    const bool was_wrapped = dot != filename.npos && stem.find('.') != stem.npos &&
                             base::starts_ignoring_case(filename.substr(dot), ".p7");
    return was_wrapped ? std::string{stem} : "signed";
}

} // namespace

bool is_cms(ByteView bytes)
{
    const auto at = sequence_header_bytes(bytes);
    if (at == 0) {
        return false;
    }
    const auto last = u8_at(bytes, at + pkcs7_type.size());
    return (has_at(bytes, at, pkcs7_type) && last >= 1 && last <= 6) ||
           has_at(bytes, at, auth_enveloped_type) || has_at(bytes, at, compressed_type);
}

void unpack_cms(ByteView bytes, std::string_view filename, Meter& meter)
{
    const auto info = parse(bytes);
    if (info == nullptr) {
        meter.tell("", "damaged_archive", "its CMS structure cannot be read");
        return;
    }
    switch (OBJ_obj2nid(CMS_get0_type(info.get()))) {
    case NID_pkcs7_enveloped:
    case NID_id_smime_ct_authEnvelopedData:
    case NID_pkcs7_encrypted:
        meter.tell("", "encrypted_message", "S/MIME, encrypted for its recipients");
        return;
    case NID_id_smime_ct_compressedData:
        meter.tell("", "unsupported_archive", "compressed data of S/MIME");
        return;
    default:
        break;
    }
    const auto content = content_of(*info);
    if (!content.empty()) {
        meter.deliver_whole({name_of_content(filename, content), content});
    }
}

} // namespace watchpost::unpack
