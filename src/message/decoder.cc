#include "message/decoder.h"

#include "message/base64.h"
#include "message/quoted_printable.h"
#include "message/uuencode.h"

namespace watchpost::message {

namespace {

base::Bytes as_it_stands(std::string_view raw)
{
    const auto bytes = base::as_bytes(raw);
    return {bytes.begin(), bytes.end()};
}

Base64End end_in(Departures departures)
{
    if (departures.has(Departure::base64_ends_at_junk)) {
        return Base64End::junk;
    }
    return departures.has(Departure::base64_ends_at_padding) ? Base64End::padding : Base64End::text;
}

base::Bytes from_base64(std::string_view raw, DefectLog& defects, Departures departures)
{
    auto result = decode_base64(raw, end_in(departures));
    if (result.had_junk) {
        defects.note(DefectId::base64_junk, 0);
    }
    if (result.had_early_padding) {
        defects.note(DefectId::base64_padding_early, 0);
    }
    if (result.is_incomplete) {
        defects.note(DefectId::base64_incomplete, 0);
    }
    if ((result.had_junk || result.is_incomplete) &&
        departures.has(Departure::broken_base64_is_text)) {
        return as_it_stands(raw);
    }
    return std::move(result.bytes);
}

base::Bytes from_quoted_printable(std::string_view raw, DefectLog& defects)
{
    auto result = decode_quoted_printable(raw);
    if (result.had_invalid) {
        defects.note(DefectId::quoted_printable_invalid, 0);
    }
    return std::move(result.bytes);
}

/// The first file of the content; what holds none is kept as it stands.
base::Bytes from_uuencode(std::string_view raw, DefectLog& defects)
{
    auto blocks = find_uuencoded(base::as_bytes(raw), 1);
    if (blocks.empty() || blocks.front().is_damaged) {
        defects.note(DefectId::uuencode_invalid, blocks.empty() ? 0 : blocks.front().end);
    }
    if (blocks.empty()) {
        return as_it_stands(raw);
    }
    return std::move(blocks.front().bytes);
}

} // namespace

base::Bytes decode_transfer(std::string_view raw, TransferEncoding encoding, DefectLog& defects,
                            Departures departures)
{
    switch (encoding) {
    case TransferEncoding::base64:
        return from_base64(raw, defects, departures);
    case TransferEncoding::quoted_printable:
        return from_quoted_printable(raw, defects);
    case TransferEncoding::uuencode:
        return from_uuencode(raw, defects);
    case TransferEncoding::identity:
        break;
    }
    return as_it_stands(raw);
}

} // namespace watchpost::message
