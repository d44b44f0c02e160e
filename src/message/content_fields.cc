#include "message/content_fields.h"

#include <algorithm>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"

namespace watchpost::message {

namespace {

/// A token of RFC 2045 §5.1 after white space and comments; empty where none stands there. Mail
/// programs take one in quotes, too. What an equals sign follows is no token but a parameter's
/// name.
std::string_view take_token(std::string_view text, std::size_t& at)
{
    constexpr std::string_view specials = "()<>@,;:\\\"/[]?=";
    at = skip_cfws(text, at);
    const std::size_t begin = at;
    if (text.substr(at).starts_with('"')) {
        const std::size_t end = std::min(text.find('"', at + 1), text.size());
        at = skip_cfws(text, std::min(end + 1, text.size()));
        return trim(text.substr(begin + 1, end - begin - 1));
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ' &&
           specials.find(text[at]) == std::string_view::npos) {
        ++at;
    }
    const auto token = text.substr(begin, at - begin);
    at = skip_cfws(text, at);
    if (text.substr(at).starts_with('=')) {
        at = begin;
        return {};
    }
    return token;
}

struct MediaType {
    std::string_view type;
    std::string_view subtype;
};

/// `type/subtype`, also where all of it stands in quotes. "multipart" alone is a multipart/mixed to
/// mail programs.
MediaType take_media_type(std::string_view text, std::size_t& at)
{
    MediaType media{take_token(text, at), {}};
    if (const auto slash = media.type.find('/'); slash != std::string_view::npos) {
        return {trim(media.type.substr(0, slash)), trim(media.type.substr(slash + 1))};
    }
    if (at < text.size() && text[at] == '/') {
        ++at;
        media.subtype = take_token(text, at);
    }
    if (media.subtype.empty() && equals_ignoring_case(media.type, "multipart")) {
        media.subtype = "mixed";
    }
    return media;
}

} // namespace

ContentType parse_content_type(std::string_view value, const Limits& limits, DefectLog& defects,
                               Departures departures)
{
    ContentType result;
    std::size_t at = 0;
    const auto [type, subtype] = take_media_type(value, at);
    if (type.empty() || subtype.empty()) {
        defects.note(DefectId::invalid_content_type, 0, trim(value));
        result.type = "text";
        result.subtype = "plain";
    } else {
        result.type = guess_to_utf8(lower_case(type));
        result.subtype = guess_to_utf8(lower_case(subtype));
    }
    result.parameters =
        parse_parameters(value.substr(at), limits.parameters_max, defects, departures);
    return result;
}

Disposition parse_disposition(std::string_view value, const Limits& limits, DefectLog& defects,
                              Departures departures)
{
    Disposition result;
    std::size_t at = 0;
    result.type = lower_case(take_token(value, at));
    result.parameters =
        parse_parameters(value.substr(at), limits.parameters_max, defects, departures);
    if (result.type != "attachment" && result.type != "inline") {
        defects.note(DefectId::invalid_disposition, 0, trim(value));
        result.type = "attachment"; // RFC 2183 §2.8
    }
    return result;
}

TransferEncoding parse_transfer_encoding(std::string_view value, DefectLog& defects,
                                         Departures departures)
{
    std::size_t at = 0;
    const std::string name = lower_case(take_token(value, at));
    if (name == "base64") {
        return TransferEncoding::base64;
    }
    if (name == "quoted-printable") {
        return TransferEncoding::quoted_printable;
    }
    if (name == "x-uuencode" || name == "uuencode" || name == "x-uue" || name == "uue") {
        return TransferEncoding::uuencode;
    }
    if (name != "7bit" && name != "8bit" && name != "binary") {
        defects.note(DefectId::unknown_transfer_encoding, 0, trim(value));
        if (departures.has(Departure::unknown_encoding_is_base64)) {
            return TransferEncoding::base64;
        }
        if (departures.has(Departure::unknown_encoding_is_quoted_printable)) {
            return TransferEncoding::quoted_printable;
        }
    }
    return TransferEncoding::identity;
}

} // namespace watchpost::message
