#include "message/quoted_printable.h"

#include <optional>

#include "message/ascii.h"

namespace watchpost::message {

namespace {

std::optional<char> hex_octet(std::string_view text, std::size_t at)
{
    if (at + 2 > text.size()) {
        return std::nullopt;
    }
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) {
        return std::nullopt;
    }
    return static_cast<char>(high * 16 + low);
}

class Decoder {
public:
    explicit Decoder(std::string_view text) : text_{text} { result_.bytes.reserve(text.size()); }

    QuotedPrintableResult decode()
    {
        for (std::size_t at = 0; at < text_.size();) {
            const std::size_t line_end = std::min(text_.find('\n', at), text_.size());
            take_line(text_.substr(at, line_end - at), line_end < text_.size());
            at = line_end + 1;
        }
        return std::move(result_);
    }

private:
    void append(std::string_view text)
    {
        const auto bytes = base::as_bytes(text);
        result_.bytes.insert(result_.bytes.end(), bytes.begin(), bytes.end());
    }
    void take_line(std::string_view line, bool has_line_end);

    std::string_view text_;
    QuotedPrintableResult result_;
};

void Decoder::take_line(std::string_view line, bool has_line_end)
{
    const bool has_return = has_line_end && line.ends_with('\r');
    if (has_return) {
        line.remove_suffix(1);
    }
    // RFC 2045 §6.7 rule 3: white space at the end of a line was added on the way.
    while (!line.empty() && is_blank(line.back())) {
        line.remove_suffix(1);
    }
    const bool is_soft = line.ends_with('=');
    if (is_soft) {
        line.remove_suffix(1);
    }
    for (auto escape = line.find('='); escape != std::string_view::npos; escape = line.find('=')) {
        append(line.substr(0, escape));
        if (const auto octet = hex_octet(line, escape + 1)) {
            result_.bytes.push_back(static_cast<std::byte>(*octet));
            line.remove_prefix(escape + 3);
        } else {
            result_.had_invalid = true;
            append("=");
            line.remove_prefix(escape + 1);
        }
    }
    append(line);
    if (has_line_end && !is_soft) {
        append(has_return ? "\r\n" : "\n");
    }
}

} // namespace

QuotedPrintableResult decode_quoted_printable(std::string_view text)
{
    return Decoder{text}.decode();
}

std::string decode_q(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = text[i] == '=' ? hex_octet(text, i + 1) : std::nullopt;
        if (octet) {
            decoded += *octet;
            i += 2;
        } else {
            decoded += text[i] == '_' ? ' ' : text[i];
        }
    }
    return decoded;
}

} // namespace watchpost::message
