#include "message/header_block.h"

#include <optional>
#include <string>
#include <utility>

#include "diag/quote.h"
#include "message/ascii.h"
#include "message/content_fields.h"

namespace watchpost::message {

namespace {

struct Line {
    std::size_t begin = 0;
    std::size_t end = 0; // without the line end
    std::size_t next = 0;
    bool ends_with_crlf = false;
};

/// RFC 5322 §2.2: a field name is printable US-ASCII without colon. Empty where the line is none.
std::string_view field_name(std::string_view line, Departures departures)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return {};
    }
    std::size_t end = colon;
    while (end > 0 && is_blank(line[end - 1])) {
        --end;
    }
    if (end < colon && departures.has(Departure::blank_before_colon_is_no_field)) {
        return {};
    }
    for (const char c : line.substr(0, end)) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet <= ' ' || octet >= 0x7fU) {
            return {};
        }
    }
    return line.substr(0, end);
}

class HeaderReader {
public:
    HeaderReader(std::string_view buffer, std::size_t begin, const BoundaryStack& boundaries,
                 const Limits& limits, DefectLog& defects, Departures departures)
        : buffer_{buffer}
        , begin_{begin}
        , boundaries_{boundaries}
        , limits_{limits}
        , defects_{defects}
        , departures_{departures}
    {
    }

    HeaderBlock read();

private:
    [[nodiscard]] Line line_at(std::size_t begin);
    [[nodiscard]] std::string_view text(const Line& line) const
    {
        return buffer_.substr(line.begin, line.end - line.begin);
    }
    [[nodiscard]] bool is_delimiter(const Line& line);
    [[nodiscard]] bool ends_without_colon() const
    {
        return departures_.has(Departure::header_ends_without_colon) && !block_.fields.empty();
    }
    void read_own_boundary();
    void take(const Line& line);
    void take_continuation(const Line& line);
    void take_stray(const Line& line);
    void check_octets();
    HeaderBlock finish(std::size_t end, std::optional<std::size_t> content_begin);
    void note(DefectId id, std::size_t where, std::string_view detail = {})
    {
        defects_.note(id, where - begin_, detail);
    }

    std::string_view buffer_;
    std::size_t begin_;
    const BoundaryStack& boundaries_;
    const Limits& limits_;
    DefectLog& defects_;
    Departures departures_;
    HeaderBlock block_;
    bool field_is_open_ = false;                 // a continuation line may follow
    std::optional<std::size_t> stray_begin_;     // first line without colon since the last field
    std::size_t value_begin_ = 0;                // of the field that is open
    std::optional<std::size_t> content_type_at_; // first such field, while its boundary is unread
    bool has_content_type_ = false;
    std::string own_boundary_;
    BoundaryStack own_; // holds own_boundary_
    bool has_crlf_ = false;
    bool has_lf_ = false;
};

Line HeaderReader::line_at(std::size_t begin)
{
    Line line;
    line.begin = begin;
    const std::size_t line_end = buffer_.find('\n', begin);
    line.end = line_end == std::string_view::npos ? buffer_.size() : line_end;
    line.next = line_end == std::string_view::npos ? buffer_.size() : line_end + 1;
    std::size_t returns = 0;
    while (line.end > begin && buffer_[line.end - 1] == '\r') {
        --line.end;
        ++returns;
    }
    if (returns > 1) {
        note(DefectId::crcrlf, line.end);
    }
    line.ends_with_crlf = returns > 0;
    if (line_end != std::string_view::npos) {
        (returns > 0 ? has_crlf_ : has_lf_) = true;
    }
    return line;
}

/// The boundary that this very header declares: where the empty line is missing, its delimiter is
/// what ends the header.
void HeaderReader::read_own_boundary()
{
    const std::string path;
    DefectList list{1}; // noted when the field is read for the part
    DefectLog unused{list, path};
    own_boundary_ = parse_content_type(block_.fields[*content_type_at_].value, limits_, unused)
                        .parameter("boundary");
    content_type_at_.reset();
    if (!own_boundary_.empty()) {
        own_.push(own_boundary_);
    }
}

bool HeaderReader::is_delimiter(const Line& line)
{
    if (buffer_.compare(line.begin, 2, "--") != 0) {
        return false;
    }
    if (content_type_at_) {
        read_own_boundary();
    }
    const auto rest = buffer_.substr(line.begin + 2);
    return boundaries_.match(rest).has_value() || own_.match(rest).has_value();
}

HeaderBlock HeaderReader::read()
{
    std::size_t at = begin_;
    while (at < buffer_.size()) {
        const Line line = line_at(at);
        if (line.begin == line.end) {
            return finish(line.begin, line.next);
        }
        const bool only_blanks = trim(text(line)).empty();
        if (only_blanks && block_.fields.empty() && !stray_begin_) {
            note(DefectId::continuation_at_start, line.begin);
            return finish(line.begin, line.next);
        }
        if (only_blanks) {
            note(DefectId::blank_line_with_blanks, line.begin);
            if (departures_.has(Departure::blanks_end_header)) {
                return finish(line.begin, line.next);
            }
        }
        if (is_delimiter(line) || (stray_begin_ && ends_without_colon())) {
            return finish(line.begin, std::nullopt);
        }
        take(line);
        at = line.next;
    }
    return finish(buffer_.size(), std::nullopt);
}

void HeaderReader::take(const Line& line)
{
    if (is_blank(buffer_[line.begin])) {
        take_continuation(line);
        return;
    }
    const std::string_view name = field_name(text(line), departures_);
    if (name.empty()) {
        take_stray(line);
        return;
    }
    if (stray_begin_) {
        // A field follows: the lines between are skipped, not the start of the content.
        note(DefectId::header_without_colon, *stray_begin_, text(line_at(*stray_begin_)));
        stray_begin_.reset();
    }
    field_is_open_ = false;
    if (block_.fields.size() >= limits_.header_fields_max) {
        note(DefectId::limit_header_fields, line.begin);
        return;
    }
    if (line.begin - begin_ >= limits_.header_bytes_max) {
        note(DefectId::limit_header_bytes, line.begin);
        return;
    }
    const std::size_t colon = buffer_.find(':', line.begin);
    if (colon != line.begin + name.size()) {
        note(DefectId::space_before_colon, line.begin, name);
    }
    value_begin_ = colon + 1;
    block_.fields.push_back({name, buffer_.substr(value_begin_, line.end - value_begin_)});
    field_is_open_ = true;
    if (!has_content_type_ && equals_ignoring_case(name, "content-type")) {
        has_content_type_ = true;
        content_type_at_ = block_.fields.size() - 1;
    }
}

void HeaderReader::take_continuation(const Line& line)
{
    if (stray_begin_ || (block_.fields.empty() && !field_is_open_)) {
        take_stray(line);
        return;
    }
    if (line.end - begin_ > limits_.header_bytes_max) {
        note(DefectId::limit_header_bytes, line.begin);
        return;
    }
    if (field_is_open_) {
        block_.fields.back().value = buffer_.substr(value_begin_, line.end - value_begin_);
    }
}

void HeaderReader::take_stray(const Line& line)
{
    if (is_blank(buffer_[line.begin]) && block_.fields.empty()) {
        note(DefectId::continuation_at_start, line.begin);
    }
    if (!stray_begin_) {
        stray_begin_ = line.begin;
    }
    field_is_open_ = false;
}

void HeaderReader::check_octets()
{
    const std::string_view raw = buffer_.substr(begin_, block_.end - begin_);
    if (const auto nul = raw.find('\0'); nul != std::string_view::npos) {
        note(DefectId::nul_octet, begin_ + nul);
    }
    for (auto at = raw.find('\r'); at != std::string_view::npos; at = raw.find('\r', at + 1)) {
        const auto after = raw.find_first_not_of('\r', at);
        if (after != std::string_view::npos && raw[after] != '\n') {
            note(DefectId::bare_cr, begin_ + at);
            break;
        }
        at = after == std::string_view::npos ? raw.size() : after;
    }
    if (has_crlf_ && has_lf_) {
        note(DefectId::mixed_line_ends, begin_);
    }
    if (has_eight_bit(raw) && diag::to_valid_utf8(raw) != raw) {
        note(DefectId::eight_bit_header, begin_);
    }
}

/// Lines without colon at the end of the header are content whose empty line is missing: nobody
/// shall hide a text by leaving that line out.
HeaderBlock HeaderReader::finish(std::size_t end, std::optional<std::size_t> content_begin)
{
    block_.end = stray_begin_.value_or(end);
    block_.content_begin = stray_begin_ ? *stray_begin_ : content_begin.value_or(end);
    const bool ends_early = !content_begin && end < buffer_.size(); // at a delimiter
    if (stray_begin_ || ends_early) {
        note(DefectId::missing_blank_line, block_.end);
    }
    check_octets();
    return std::move(block_);
}

} // namespace

HeaderBlock read_header(std::string_view buffer, std::size_t begin, const BoundaryStack& boundaries,
                        const Limits& limits, DefectLog& defects, Departures departures)
{
    return HeaderReader{buffer, begin, boundaries, limits, defects, departures}.read();
}

} // namespace watchpost::message
