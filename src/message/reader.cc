#include "message/reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "message/ascii.h"
#include "message/decoder.h"
#include "message/header_block.h"
#include "message/part_fields.h"

namespace watchpost::message {

namespace {

constexpr std::size_t boundary_characters_max = 70; // RFC 2046 §5.1.1
constexpr std::size_t recursion_max = 1'000;        // whatever the settings say: our own stack

/// Where a part stands decides its default type and its section number.
enum class Place : std::uint8_t {
    root,        // of the message or of an embedded one
    part,        // in a multipart
    digest_part, // in a multipart/digest: message/rfc822 by default, RFC 2046 §5.1.5
};

class Reader {
public:
    Reader(std::string_view buffer, ReadState& state)
        : buffer_{buffer}
        , state_{state}
        , boundaries_{state.departures}
    {
    }

    using End = std::optional<Delimiter>; // the delimiter that ended the part; none: end of buffer

    End read_part(Part& part, std::size_t begin, Place place, std::size_t depth);

private:
    void choose_kind(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    [[nodiscard]] bool is_multipart(const Part& part, DefectLog& defects) const;
    [[nodiscard]] bool find_boundary(Part& part, std::size_t begin, DefectLog& defects) const;
    [[nodiscard]] bool departs(Departure departure) const
    {
        return state_.departures.has(departure);
    }
    End read_content(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    End read_multipart(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    End read_preamble(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    End read_children(Part& part, End delimiter, std::size_t depth, DefectLog& defects);
    End read_epilogue(Part& part, const Delimiter& closing, std::size_t depth, DefectLog& defects);
    End read_embedded(Part& part, std::size_t begin, std::size_t depth);
    End read_encoded_multipart(Part& part, std::size_t begin, std::size_t depth,
                               DefectLog& defects);
    void read_encoded_message(Part& part, std::size_t depth, DefectLog& defects);
    const base::Bytes* decode_children(const Part& part, std::string_view raw, DefectLog& defects);
    End find(std::size_t from, DefectLog& defects);
    Part& add_child(Part& parent, std::string path);
    [[nodiscard]] bool is_full() const { return state_.part_count >= state_.limits.parts_max; }

    [[nodiscard]] base::ByteView bytes(std::size_t begin, std::size_t end) const
    {
        return base::as_bytes(buffer_.substr(begin, end - begin));
    }

    std::string_view buffer_;
    ReadState& state_;
    BoundaryStack boundaries_;
};

std::string child_path(const Part& parent, std::size_t number)
{
    const std::string text = std::to_string(number);
    return parent.path.empty() ? text : parent.path + '.' + text;
}

/// Also what holds the header of a message and, of it, no content or a piece: RFC 2046 §5.2.2-3.
bool is_message(const ContentType& type)
{
    constexpr std::array<std::string_view, 5> subtypes{"rfc822", "global", "news", "external-body",
                                                       "partial"};
    return type.type == "message" && std::ranges::find(subtypes, type.subtype) != subtypes.end();
}

bool Reader::is_multipart(const Part& part, DefectLog& defects) const
{
    if (part.content_type.type == "multipart") {
        return true;
    }
    const auto boundary = part.content_type.parameter("boundary");
    if (boundary.empty()) {
        return false;
    }
    defects.note(DefectId::boundary_without_multipart, 0, boundary);
    return departs(Departure::boundary_makes_multipart);
}

/// The rest of the first line of the content that starts with two dashes; empty where there is
/// none.
std::string_view guess_boundary(std::string_view content)
{
    constexpr std::size_t boundary_bytes_max = 200;
    for (std::size_t line = 0; line < content.size();) {
        const std::size_t line_end = std::min(content.find('\n', line), content.size());
        const auto text = trim(content.substr(line, line_end - line));
        if (text.starts_with("--") && text.size() > 2 && text.size() <= boundary_bytes_max) {
            return text.substr(2);
        }
        line = line_end + 1;
    }
    return {};
}

/// False where the multipart has no boundary by which its parts could be told.
bool Reader::find_boundary(Part& part, std::size_t begin, DefectLog& defects) const
{
    auto boundary = part.content_type.parameter("boundary");
    if (boundary.empty()) {
        defects.note(DefectId::missing_boundary_parameter, 0);
        if (departs(Departure::guessed_boundary)) {
            boundary = guess_boundary(buffer_.substr(begin));
            std::erase_if(part.content_type.parameters,
                          [](const auto& parameter) { return parameter.first == "boundary"; });
            part.content_type.parameters.emplace_back("boundary", boundary);
        }
        return !boundary.empty();
    }
    if (boundary.size() > boundary_characters_max) {
        defects.note(DefectId::boundary_too_long, 0, boundary);
    }
    if (boundaries_.overlaps(boundary)) {
        defects.note(DefectId::boundaries_overlap, 0, boundary);
    }
    return true;
}

void Reader::choose_kind(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects)
{
    const bool has_parts = is_multipart(part, defects);
    if (!has_parts && !is_message(part.content_type)) {
        return;
    }
    if (depth >= std::min(state_.limits.depth_max, recursion_max)) {
        defects.note(DefectId::limit_depth, 0);
    } else if (!has_parts) {
        part.kind = PartKind::message;
        if (part.content_type.subtype == "partial") {
            defects.note(DefectId::partial_message, 0, part.content_type.parameter("id"));
        } else if (part.content_type.subtype == "external-body") {
            defects.note(DefectId::external_body, 0, part.content_type.parameter("access-type"));
        }
    } else if (find_boundary(part, begin, defects)) {
        part.kind = PartKind::multipart;
        if (part.encoding != TransferEncoding::identity) {
            // RFC 2045 §6.4: only identity encodings. Some readers decode it all the same.
            defects.note(DefectId::encoded_multipart, 0);
        }
    }
}

/// A text that a program could show as a part or take a file from: a field of MIME at a line's
/// start, the first line of a file in uuencode, yEnc or BinHex, a line of base64.
bool is_part_like(std::string_view line)
{
    constexpr std::size_t base64_characters_min = 60;
    constexpr std::array<std::string_view, 4> starts{"content-", "begin ", "=ybegin ",
                                                     "(this file must be converted with binhex"};
    const auto begins_with = [&](std::string_view start) {
        return starts_ignoring_case(line, start);
    };
    return std::ranges::any_of(starts, begins_with) ||
           (line.size() >= base64_characters_min && std::ranges::all_of(line, [](char c) {
                return is_alnum(c) || c == '+' || c == '/' || c == '=';
            }));
}

bool looks_like_part(std::string_view text)
{
    for (std::size_t line = 0; line < text.size();) {
        const std::size_t line_end = std::min(text.find('\n', line), text.size());
        if (is_part_like(trim(text.substr(line, line_end - line)))) {
            return true;
        }
        line = line_end + 1;
    }
    return false;
}

Reader::End Reader::find(std::size_t from, DefectLog& defects)
{
    const auto search = find_delimiter(buffer_, from, boundaries_);
    if (search.near_miss) {
        defects.note(DefectId::boundary_prefix, *search.near_miss - from);
    }
    return search.delimiter;
}

Part& Reader::add_child(Part& parent, std::string path)
{
    ++state_.part_count;
    parent.children.push_back(std::make_unique<Part>());
    parent.children.back()->path = std::move(path);
    return *parent.children.back();
}

Reader::End Reader::read_part(Part& part, std::size_t begin, Place place, std::size_t depth)
{
    DefectLog defects{state_.defects, part.path};
    auto header =
        read_header(buffer_, begin, boundaries_, state_.limits, defects, state_.departures);
    part.header = std::move(header.fields);
    part.raw_header = bytes(begin, header.end);
    read_part_fields(part,
                     place == Place::digest_part ? ContentType{"message", "rfc822", {}}
                                                 : ContentType{"text", "plain", {}},
                     state_, defects);
    choose_kind(part, header.content_begin, depth, defects);
    const std::string path_before = part.path;
    if (place == Place::root && part.kind != PartKind::multipart) {
        part.path = child_path(part, 1); // RFC 9051 §6.4.5: the body of a single part is number 1
    }
    const End end = read_content(part, header.content_begin, depth, defects);
    if (place == Place::root && part.kind == PartKind::leaf && part.path == path_before) {
        part.path = child_path(part, 1); // a multipart that turned out to have no part
    }
    const std::size_t content_end = end ? end->content_end : buffer_.size();
    part.raw_content = bytes(header.content_begin, std::max(content_end, header.content_begin));
    if (part.kind == PartKind::message && part.encoding != TransferEncoding::identity) {
        read_encoded_message(part, depth, defects);
    }
    return end;
}

Reader::End Reader::read_content(Part& part, std::size_t begin, std::size_t depth,
                                 DefectLog& defects)
{
    switch (part.kind) {
    case PartKind::multipart:
        if (part.encoding != TransferEncoding::identity &&
            departs(Departure::multipart_is_decoded)) {
            return read_encoded_multipart(part, begin, depth, defects);
        }
        return read_multipart(part, begin, depth, defects);
    case PartKind::message:
        if (part.encoding == TransferEncoding::identity ||
            departs(Departure::message_is_not_decoded)) {
            return read_embedded(part, begin, depth);
        }
        break;
    case PartKind::leaf:
        break;
    }
    return find(begin, defects);
}

Reader::End Reader::read_multipart(Part& part, std::size_t begin, std::size_t depth,
                                   DefectLog& defects)
{
    const std::size_t level = boundaries_.push(part.content_type.parameter("boundary"));
    End delimiter = read_children(part, read_preamble(part, begin, depth, defects), depth, defects);
    if (delimiter && delimiter->level == level) {
        if (delimiter->has_trailing_text) {
            defects.note(DefectId::text_after_final_boundary, delimiter->line_begin - begin);
        }
        boundaries_.close_innermost();
        delimiter = read_epilogue(part, *delimiter, depth, defects);
    } else if (!is_full()) {
        defects.note(DefectId::missing_final_boundary, 0);
        if (delimiter) {
            defects.note(DefectId::ended_by_outer_boundary, delimiter->line_begin - begin);
        }
    }
    boundaries_.pop();
    if (part.children.empty()) {
        // Deviates from RFC 2046 §5.1.1: the whole body is then the content of this part, as some
        // programs show it. Taken for a preamble it would be seen by nobody here.
        defects.note(DefectId::missing_first_boundary, 0);
        part.kind = PartKind::leaf;
    } else {
        part.encoding = TransferEncoding::identity;
    }
    return delimiter;
}

/// Finds the first delimiter. What stands before it is to be ignored (RFC 2046 §5.1.1).
Reader::End Reader::read_preamble(Part& part, std::size_t begin, std::size_t depth,
                                  DefectLog& defects)
{
    const End delimiter = find(begin, defects);
    const std::size_t end = delimiter ? delimiter->content_end : buffer_.size();
    if (!delimiter || end <= begin || !looks_like_part(buffer_.substr(begin, end - begin))) {
        return delimiter;
    }
    defects.note(DefectId::part_in_preamble, 0);
    if (!departs(Departure::preamble_is_part) || is_full()) {
        return delimiter;
    }
    return read_part(add_child(part, child_path(part, 0)), begin, Place::part, depth + 1);
}

/// The number of the next child: that of a preamble is 0.
std::size_t next_number(const Part& parent)
{
    const bool has_preamble =
        !parent.children.empty() && parent.children.front()->path == child_path(parent, 0);
    return parent.children.size() + (has_preamble ? 0 : 1);
}

/// Returns the closing delimiter, or that of an outer multipart, which ends this one, too.
Reader::End Reader::read_children(Part& part, End delimiter, std::size_t depth, DefectLog& defects)
{
    const std::size_t level = boundaries_.level();
    const Place place = part.content_type.subtype == "digest" ? Place::digest_part : Place::part;
    while (delimiter && delimiter->level == level && !delimiter->is_closing) {
        if (is_full()) {
            defects.note(DefectId::limit_parts, 0);
            return std::nullopt;
        }
        Part& child = add_child(part, child_path(part, next_number(part)));
        delimiter = read_part(child, delimiter->next, place, depth + 1);
    }
    return delimiter;
}

// Deviates from RFC 2046 §5.1.1: what follows the closing delimiter is to be ignored. An attacker
// puts there what other readers show, so a part behind it is read as one more part.
Reader::End Reader::read_epilogue(Part& part, const Delimiter& closing, std::size_t depth,
                                  DefectLog& defects)
{
    End delimiter = find(closing.next, defects);
    const std::size_t end = delimiter ? delimiter->content_end : buffer_.size();
    if (end > closing.next && looks_like_part(buffer_.substr(closing.next, end - closing.next))) {
        defects.note(DefectId::part_in_epilogue, closing.next);
        if (departs(Departure::epilogue_is_part) && !is_full()) {
            delimiter = read_part(add_child(part, child_path(part, next_number(part))),
                                  closing.next, Place::part, depth + 1);
        }
    }
    while (delimiter && delimiter->level == closing.level) {
        if (delimiter->is_closing) {
            delimiter = find(delimiter->next, defects);
        } else {
            defects.note(DefectId::part_after_final_boundary, delimiter->line_begin);
            delimiter = read_children(part, delimiter, depth, defects);
        }
    }
    return delimiter;
}

Reader::End Reader::read_embedded(Part& part, std::size_t begin, std::size_t depth)
{
    Part& child = add_child(part, part.path);
    return read_part(child, begin, Place::root, depth + 1);
}

/// Into a buffer that the Message owns; nullptr where a limit forbids it, which is noted.
const base::Bytes* Reader::decode_children(const Part& part, std::string_view raw,
                                           DefectLog& defects)
{
    const std::size_t left =
        state_.limits.decoded_children_bytes_max -
        std::min(state_.decoded_bytes, state_.limits.decoded_children_bytes_max);
    if (raw.size() > left) { // decoding never makes more of it
        defects.note(DefectId::limit_decoded_children_bytes, 0);
        return nullptr;
    }
    auto decoded = decode_transfer(raw, part.encoding, defects, state_.departures);
    state_.decoded_bytes += decoded.size();
    return &state_.buffers.emplace_back(std::move(decoded));
}

/// An encoded message has boundaries of its own.
void Reader::read_encoded_message(Part& part, std::size_t depth, DefectLog& defects)
{
    defects.note(DefectId::encoded_message, 0);
    if (departs(Departure::message_is_not_decoded)) {
        return;
    }
    if (const auto* const buffer =
            decode_children(part, base::as_text(part.raw_content), defects)) {
        Part& child = add_child(part, part.path);
        Reader{base::as_text(*buffer), state_}.read_part(child, 0, Place::root, depth + 1);
    }
}

/// Its delimiters stand in what was encoded, those of the multiparts around it in the buffer.
Reader::End Reader::read_encoded_multipart(Part& part, std::size_t begin, std::size_t depth,
                                           DefectLog& defects)
{
    const End delimiter = find(begin, defects);
    const std::size_t end = delimiter ? delimiter->content_end : buffer_.size();
    const auto raw = buffer_.substr(begin, std::max(end, begin) - begin);
    const auto* const buffer = decode_children(part, raw, defects);
    if (buffer == nullptr) {
        part.kind = PartKind::leaf;
        return delimiter;
    }
    Reader{base::as_text(*buffer), state_}.read_multipart(part, 0, depth, defects);
    return delimiter;
}

} // namespace

void read_message(std::string_view buffer, Part& root, std::size_t depth, ReadState& state)
{
    ++state.part_count;
    Reader{buffer, state}.read_part(root, 0, Place::root, depth);
}

} // namespace watchpost::message
