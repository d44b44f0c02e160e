#include "message/partial.h"

#include <algorithm>
#include <array>

#include "message/ascii.h"

namespace watchpost::message {
namespace {

std::uint64_t number_of(const Part& root, std::string_view name)
{
    return base::parse_decimal(trim(root.content_type.parameter(name))).value_or(0);
}

/// What a piece holds; an encoding, which RFC 2046 §5.2.2 forbids, is taken away.
DecodedContent content_of(const Message& piece)
{
    std::vector<Defect> defects; // they are told where the piece itself is inspected
    return DecodedContent::decode(piece.root(), defects);
}

/// RFC 2046 §5.2.2.1: these are the enclosed message's own.
bool is_of_enclosed(std::string_view field)
{
    constexpr std::array<std::string_view, 4> names{"subject", "message-id", "encrypted",
                                                    "mime-version"};
    return starts_ignoring_case(field, "content-") ||
           std::ranges::any_of(
               names, [&](std::string_view name) { return equals_ignoring_case(field, name); });
}

void append(base::Bytes& bytes, std::string_view text)
{
    const auto more = base::as_bytes(text);
    bytes.insert(bytes.end(), more.begin(), more.end());
}

enum class Fields : std::uint8_t { outer, enclosed };

void append_fields(base::Bytes& joined, const Part& root, Fields which)
{
    for (const HeaderField& field : root.header) {
        if (is_of_enclosed(trim(field.name)) == (which == Fields::enclosed)) {
            append(joined, field.name);
            append(joined, ":");
            append(joined, field.value);
            append(joined, "\r\n");
        }
    }
}

} // namespace

std::optional<Piece> piece_of(const Message& message)
{
    const Part& root = message.root();
    if (root.content_type.type != "message" || root.content_type.subtype != "partial") {
        return std::nullopt;
    }
    Piece piece;
    piece.id = root.content_type.parameter("id");
    piece.number = number_of(root, "number");
    piece.total = number_of(root, "total");
    piece.content = crypto::sha256(content_of(message).bytes());
    return piece;
}

base::Bytes join_pieces(std::span<const base::ByteView> pieces, const Limits& limits)
{
    base::Bytes joined;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto piece = Message::parse(pieces[i], limits);
        const auto content = content_of(piece);
        if (i > 0) {
            append(joined, base::as_text(content.bytes()));
            continue;
        }
        const auto enclosed = Message::parse(content.bytes(), limits);
        append_fields(joined, piece.root(), Fields::outer);
        append_fields(joined, enclosed.root(), Fields::enclosed);
        append(joined, "\r\n");
        append(joined, base::as_text(enclosed.root().raw_content));
    }
    return joined;
}

} // namespace watchpost::message
