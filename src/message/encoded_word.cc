#include "message/encoded_word.h"

#include <optional>

#include "message/ascii.h"
#include "message/base64.h"
#include "message/charset.h"
#include "message/quoted_printable.h"

namespace watchpost::message {

namespace {

constexpr std::size_t charset_bytes_max = 75; // RFC 2047 §2: of the whole encoded-word

struct EncodedWord {
    std::string_view charset;
    std::string octets; // decoded, not yet converted
    std::size_t end = 0;
    bool had_invalid = false;
};

/// Folding inside an encoded-word is forbidden and met all the same: it goes with its white space.
std::string without_folds(std::string_view text)
{
    std::string joined;
    bool in_fold = false;
    for (const char c : text) {
        in_fold = c == '\r' || c == '\n' || (in_fold && is_blank(c));
        if (!in_fold) {
            joined += c;
        }
    }
    return joined;
}

class TextDecoder {
public:
    explicit TextDecoder(std::string_view text) : text_{text} {}

    DecodedText decode();

private:
    [[nodiscard]] std::optional<EncodedWord> word_at(std::size_t begin);
    [[nodiscard]] std::size_t end_of_word(std::size_t from);
    void take_word(const EncodedWord& word);
    void take_plain(std::string_view plain);
    void flush();

    std::string_view text_;
    std::size_t next_end_ = 0; // where the "?=" at or after `next_end_from_` stands
    bool has_next_end_ = false;
    std::string pending_; // octets of adjacent words of one charset
    std::string_view pending_charset_;
    bool is_after_word_ = false;
    DecodedText result_;
};

/// Looks each "?=" up once, so that a million starts without an end cost one search.
std::size_t TextDecoder::end_of_word(std::size_t from)
{
    if (!has_next_end_ || (next_end_ != std::string_view::npos && next_end_ < from)) {
        next_end_ = text_.find("?=", from);
        has_next_end_ = true;
    }
    return next_end_;
}

std::optional<EncodedWord> TextDecoder::word_at(std::size_t begin)
{
    const std::size_t charset_begin = begin + 2;
    const std::string_view near = text_.substr(charset_begin, charset_bytes_max);
    const std::size_t charset_size = near.find('?');
    if (charset_size == std::string_view::npos || charset_size == 0) {
        return std::nullopt;
    }
    const std::size_t encoding_at = charset_begin + charset_size + 1;
    if (encoding_at + 2 > text_.size() || text_[encoding_at + 1] != '?') {
        return std::nullopt;
    }
    const char encoding = to_lower(text_[encoding_at]);
    const std::size_t content_begin = encoding_at + 2;
    const std::size_t end = end_of_word(content_begin);
    if (end == std::string_view::npos || (encoding != 'b' && encoding != 'q')) {
        return std::nullopt;
    }
    EncodedWord word;
    word.charset = near.substr(0, std::min(charset_size, near.find('*'))); // RFC 2231 §5: language
    word.end = end + 2;
    const std::string content = without_folds(text_.substr(content_begin, end - content_begin));
    if (encoding == 'q') {
        word.octets = decode_q(content);
    } else {
        const auto decoded = decode_base64(content);
        word.octets = base::as_text(decoded.bytes);
        word.had_invalid = decoded.had_junk;
    }
    return word;
}

void TextDecoder::flush()
{
    if (pending_.empty()) {
        return;
    }
    auto converted = to_utf8(pending_, pending_charset_);
    result_.text += converted.text;
    result_.had_invalid =
        result_.had_invalid || converted.had_invalid_bytes || !converted.is_known_charset;
    pending_.clear();
}

void TextDecoder::take_word(const EncodedWord& word)
{
    if (!equals_ignoring_case(word.charset, pending_charset_)) {
        flush();
    }
    pending_charset_ = word.charset;
    pending_ += word.octets;
    is_after_word_ = true;
    result_.had_encoded_word = true;
    result_.had_invalid = result_.had_invalid || word.had_invalid;
}

void TextDecoder::take_plain(std::string_view plain)
{
    if (!plain.empty()) {
        flush();
        result_.text += guess_to_utf8(unfold(plain));
        is_after_word_ = false;
    }
}

DecodedText TextDecoder::decode()
{
    std::size_t plain_begin = 0;
    std::size_t at = text_.find("=?");
    while (at != std::string_view::npos) {
        const auto word = word_at(at);
        if (!word) {
            at = text_.find("=?", at + 1);
            continue;
        }
        const std::string_view plain = text_.substr(plain_begin, at - plain_begin);
        // RFC 2047 §6.2: white space between two encoded-words is not shown.
        if (!(is_after_word_ && trim(plain).empty())) {
            take_plain(plain);
        }
        plain_begin = word->end;
        at = text_.find("=?", word->end);
        take_word(*word);
    }
    take_plain(text_.substr(plain_begin));
    flush();
    return std::move(result_);
}

} // namespace

std::string unfold(std::string_view raw)
{
    std::string text;
    text.reserve(raw.size());
    for (const char c : raw) {
        if (c != '\r' && c != '\n') {
            text += c;
        }
    }
    return text;
}

DecodedText decode_text(std::string_view raw)
{
    const std::string_view text = trim(raw);
    if (text.find("=?") != std::string_view::npos) {
        return TextDecoder{text}.decode();
    }
    DecodedText plain;
    const bool is_folded = text.find_first_of("\r\n") != std::string_view::npos;
    plain.text = is_folded ? guess_to_utf8(unfold(text)) : guess_to_utf8(text);
    return plain;
}

} // namespace watchpost::message
