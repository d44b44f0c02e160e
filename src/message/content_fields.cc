#include "message/content_fields.h"

#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"

namespace watchpost::message {

namespace {

/// A token of RFC 2045 §5.1 after white space and comments; empty where none stands there.
std::string_view take_token(std::string_view text, std::size_t& at)
{
    constexpr std::string_view specials = "()<>@,;:\\\"/[]?=";
    at = skip_cfws(text, at);
    const std::size_t begin = at;
    while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ' &&
           specials.find(text[at]) == std::string_view::npos) {
        ++at;
    }
    const auto token = text.substr(begin, at - begin);
    at = skip_cfws(text, at);
    return token;
}

} // namespace

ContentType parse_content_type(std::string_view value, const Limits& limits, DefectLog& defects)
{
    ContentType result;
    std::size_t at = 0;
    const auto type = take_token(value, at);
    std::string_view subtype;
    if (at < value.size() && value[at] == '/') {
        ++at;
        subtype = take_token(value, at);
    }
    if (type.empty() || subtype.empty()) {
        defects.note(DefectId::invalid_content_type, 0, trim(value));
        result.type = "text";
        result.subtype = "plain";
    } else {
        result.type = guess_to_utf8(lower_case(type));
        result.subtype = guess_to_utf8(lower_case(subtype));
    }
    result.parameters = parse_parameters(value.substr(at), limits.parameters_max, defects);
    return result;
}

Disposition parse_disposition(std::string_view value, const Limits& limits, DefectLog& defects)
{
    Disposition result;
    std::size_t at = 0;
    result.type = lower_case(take_token(value, at));
    result.parameters = parse_parameters(value.substr(at), limits.parameters_max, defects);
    if (result.type != "attachment" && result.type != "inline") {
        defects.note(DefectId::invalid_disposition, 0, trim(value));
        result.type = "attachment"; // RFC 2183 §2.8
    }
    return result;
}

TransferEncoding parse_transfer_encoding(std::string_view value, DefectLog& defects)
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
    }
    return TransferEncoding::identity;
}

} // namespace watchpost::message
