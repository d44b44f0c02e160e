#include "message/reader.h"

#include <array>
#include <optional>
#include <utility>

#include "message/ascii.h"
#include "message/content_fields.h"
#include "message/decoder.h"
#include "message/header_block.h"

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
    Reader(std::string_view buffer, ReadState& state) : buffer_{buffer}, state_{state} {}

    using End = std::optional<Delimiter>; // the delimiter that ended the part; none: end of buffer

    End read_part(Part& part, std::size_t begin, Place place, std::size_t depth);

private:
    void choose_kind(Part& part, std::size_t depth, DefectLog& defects);
    [[nodiscard]] bool may_be_multipart(const Part& part, DefectLog& defects) const;
    End read_content(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    End read_multipart(Part& part, std::size_t begin, std::size_t depth, DefectLog& defects);
    End read_children(Part& part, End delimiter, std::size_t depth, DefectLog& defects);
    End read_epilogue(Part& part, const Delimiter& closing, std::size_t depth, DefectLog& defects);
    End read_embedded(Part& part, std::size_t begin, std::size_t depth);
    void read_encoded(Part& part, std::size_t depth, DefectLog& defects);
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

std::string_view find_parameter(const Parameters& parameters, std::string_view name)
{
    for (const auto& [key, value] : parameters) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

struct Filenames {
    std::string shown;
    std::string
        other; // what a program that prefers the other field shows; empty where there is none
};

Filenames choose_filename(const Parameters& type, const Parameters& disposition, DefectLog& defects)
{
    const std::string_view filename = find_parameter(disposition, "filename");
    const std::string_view name = find_parameter(type, "name");
    if (!filename.empty() && !name.empty() && filename != name) {
        defects.note(DefectId::filename_conflict, 0, name);
    }
    return {std::string{filename.empty() ? name : filename},
            std::string{filename.empty() || name == filename ? std::string_view{} : name}};
}

/// Fields of which a part or a message has one. RFC 5322 §3.6, RFC 2045 §4-6.
void check_duplicates(const Part& part, DefectLog& defects)
{
    constexpr std::array<std::string_view, 14> once{"content-type",
                                                    "content-transfer-encoding",
                                                    "content-disposition",
                                                    "content-id",
                                                    "mime-version",
                                                    "from",
                                                    "sender",
                                                    "reply-to",
                                                    "to",
                                                    "cc",
                                                    "date",
                                                    "message-id",
                                                    "subject",
                                                    "in-reply-to"};
    std::uint32_t seen = 0;
    for (const auto& field : part.header) {
        for (std::size_t i = 0; i < once.size(); ++i) {
            if (!equals_ignoring_case(field.name, once.at(i))) {
                continue;
            }
            if ((seen & (1U << i)) != 0) {
                defects.note(DefectId::duplicate_field, 0, field.name);
            }
            seen |= 1U << i;
        }
    }
}

/// The first of the fields of that name that says something: an empty one hides nothing.
std::optional<std::string_view> content_field(const Part& part, std::string_view name)
{
    for (const auto& field : part.header) {
        if (equals_ignoring_case(field.name, name) && !trim(field.value).empty()) {
            return field.value;
        }
    }
    return std::nullopt;
}

void read_content_fields(Part& part, Place place, const Limits& limits, DefectLog& defects)
{
    if (const auto value = content_field(part, "content-type")) {
        part.content_type = parse_content_type(*value, limits, defects);
        part.type_was_declared = true;
    } else if (place == Place::digest_part) {
        part.content_type = {"message", "rfc822", {}};
    } else {
        part.content_type = {"text", "plain", {}};
    }
    if (const auto value = content_field(part, "content-transfer-encoding")) {
        part.encoding = parse_transfer_encoding(*value, defects);
    }
    Parameters disposition;
    if (const auto value = content_field(part, "content-disposition")) {
        auto parsed = parse_disposition(*value, limits, defects);
        part.disposition = std::move(parsed.type);
        disposition = std::move(parsed.parameters);
    }
    auto names = choose_filename(part.content_type.parameters, disposition, defects);
    part.filename = std::move(names.shown);
    part.other_filename = std::move(names.other);
    check_duplicates(part, defects);
}

bool is_message(const ContentType& type)
{
    return type.type == "message" &&
           (type.subtype == "rfc822" || type.subtype == "global" || type.subtype == "news");
}

bool Reader::may_be_multipart(const Part& part, DefectLog& defects) const
{
    const auto boundary = part.content_type.parameter("boundary");
    if (boundary.empty()) {
        defects.note(DefectId::missing_boundary_parameter, 0);
        return false;
    }
    if (boundary.size() > boundary_characters_max) {
        defects.note(DefectId::boundary_too_long, 0, boundary);
    }
    return true;
}

void Reader::choose_kind(Part& part, std::size_t depth, DefectLog& defects)
{
    const bool is_multipart = part.content_type.type == "multipart";
    if (!is_multipart && !is_message(part.content_type)) {
        return;
    }
    if (depth >= std::min(state_.limits.depth_max, recursion_max)) {
        defects.note(DefectId::limit_depth, 0);
    } else if (!is_multipart) {
        part.kind = PartKind::message;
    } else if (may_be_multipart(part, defects)) {
        part.kind = PartKind::multipart;
        if (part.encoding != TransferEncoding::identity) {
            // RFC 2045 §6.4: only identity encodings. Some readers decode it all the same.
            defects.note(DefectId::encoded_multipart, 0);
        }
    }
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
    auto header = read_header(buffer_, begin, boundaries_, state_.limits, defects);
    part.header = std::move(header.fields);
    part.raw_header = bytes(begin, header.end);
    read_content_fields(part, place, state_.limits, defects);
    choose_kind(part, depth, defects);
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
        read_encoded(part, depth, defects);
    }
    return end;
}

Reader::End Reader::read_content(Part& part, std::size_t begin, std::size_t depth,
                                 DefectLog& defects)
{
    switch (part.kind) {
    case PartKind::multipart:
        return read_multipart(part, begin, depth, defects);
    case PartKind::message:
        if (part.encoding == TransferEncoding::identity) {
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
    End delimiter = read_children(part, find(begin, defects), depth, defects);
    if (delimiter && delimiter->level == level) {
        if (delimiter->has_trailing_text) {
            defects.note(DefectId::text_after_final_boundary, delimiter->line_begin - begin);
        }
        boundaries_.close_innermost();
        delimiter = read_epilogue(part, *delimiter, depth, defects);
    } else if (!is_full()) {
        defects.note(DefectId::missing_final_boundary, 0);
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
        Part& child = add_child(part, child_path(part, part.children.size() + 1));
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

/// An encoded message has boundaries of its own: it is read from a buffer that the Message owns.
void Reader::read_encoded(Part& part, std::size_t depth, DefectLog& defects)
{
    defects.note(DefectId::encoded_message, 0);
    const std::size_t left =
        state_.limits.decoded_children_bytes_max -
        std::min(state_.decoded_bytes, state_.limits.decoded_children_bytes_max);
    if (part.raw_content.size() > left) { // decoding never makes more of it
        defects.note(DefectId::limit_decoded_children_bytes, 0);
        return;
    }
    auto decoded = decode_transfer(base::as_text(part.raw_content), part.encoding, defects);
    state_.decoded_bytes += decoded.size();
    const auto& buffer = state_.buffers.emplace_back(std::move(decoded));
    Part& child = add_child(part, part.path);
    Reader{base::as_text(buffer), state_}.read_part(child, 0, Place::root, depth + 1);
}

} // namespace

void read_message(std::string_view buffer, Part& root, std::size_t depth, ReadState& state)
{
    ++state.part_count;
    Reader{buffer, state}.read_part(root, 0, Place::root, depth);
}

} // namespace watchpost::message
