// A message taken apart: the tree of its parts, each with what the reader had to forgive.
//
// Our own reader (RFC 5322, 2045-2047, 2183, 2231). It always returns a usable tree; hostile input
// yields defects, never an error. It does no I/O, and reading costs no copy of the content: parts
// are ranges into the raw message or into a decoded child buffer that the Message owns. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "message/defect.h"
#include "message/departure.h"
#include "message/limits.h"

namespace watchpost::message {

enum class PartKind : std::uint8_t {
    leaf,      // content of its own
    multipart, // only children
    message // message/rfc822 (or global): content of its own and the embedded message as its child
};

enum class TransferEncoding : std::uint8_t { identity, base64, quoted_printable, uuencode };

/// One header field as it stands; views into the buffer of its part.
struct HeaderField {
    std::string_view name;  // as written, without the colon
    std::string_view value; // raw: folded, undecoded, without the last line end
};

/// `type/subtype` and parameters, names lower-case, values decoded (RFC 2231, 2047) to UTF-8.
struct ContentType {
    std::string type;
    std::string subtype;
    std::vector<std::pair<std::string, std::string>> parameters;

    [[nodiscard]] std::string media_type() const { return type + '/' + subtype; }
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
};

struct Part {
    PartKind kind = PartKind::leaf;
    std::string
        path; // IMAP section number (RFC 9051 §6.4.5): "1", "1.2.1"; empty for a root multipart
    std::vector<HeaderField> header;
    base::ByteView raw_header; // with line ends, without the empty line
    base::ByteView
        raw_content; // as transferred: transfer encoding in place, line end before a boundary off
    ContentType content_type; // as declared, or the default of RFC 2045 §5.2 / 2046 §5.1.5
    bool type_was_declared = false;
    TransferEncoding encoding = TransferEncoding::identity;
    std::string disposition;    // lower-case "attachment", "inline", or empty
    std::string filename;       // UTF-8, decoded from every notation; empty where none is given
    std::string other_filename; // where Content-Type names another file than Content-Disposition
    std::vector<std::unique_ptr<Part>> children;

    /// The raw value of the first field of that name (ASCII case ignored); nullopt where absent.
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
};

class Message {
public:
    /// Never fails. `raw` must outlive the Message; a leading "From " line is skipped. Without
    /// departures it is the strict reading.
    [[nodiscard]] static Message parse(base::ByteView raw, const Limits& limits = {},
                                       Departures departures = {});

    ~Message();
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
    Message(Message&&) noexcept;
    Message& operator=(Message&&) noexcept;

    [[nodiscard]] const Part& root() const noexcept;
    [[nodiscard]] const std::vector<Defect>& defects() const noexcept; // of all parts

    /// The departures by which this reading was made, and those that it leaves open; the contents
    /// of its leaves may add to these (DecodedContent).
    [[nodiscard]] Departures departures() const noexcept;
    [[nodiscard]] Departures suggested() const noexcept;

private:
    struct State;
    explicit Message(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The departures that DecodedContent::decode() asks for; the others change the tree alone.
inline constexpr Departures decoding_departures{Departure::base64_ends_at_padding,
                                                Departure::base64_ends_at_junk,
                                                Departure::broken_base64_is_text};

/// The content with its transfer encoding removed, charset and line ends untouched. For identity
/// parts no copy is made: the view is into the raw message. Defects of the encoding are added to
/// `defects`.
class DecodedContent {
public:
    [[nodiscard]] static DecodedContent decode(const Part& part, std::vector<Defect>& defects,
                                               Departures departures = {});
    [[nodiscard]] base::ByteView bytes() const noexcept { return view_; }

    /// The departures that would decode it otherwise.
    [[nodiscard]] Departures suggested() const noexcept { return suggested_; }

    ~DecodedContent() = default;
    DecodedContent(const DecodedContent&) = delete; // a copy's view would be the original's
    DecodedContent& operator=(const DecodedContent&) = delete;
    DecodedContent(DecodedContent&&) noexcept = default;
    DecodedContent& operator=(DecodedContent&&) noexcept = default;

private:
    DecodedContent() = default;
    base::Bytes owned_;
    base::ByteView view_;
    Departures suggested_;
};

/// All parts that have content of their own (leaf and message), in document order, containers
/// first.
[[nodiscard]] std::vector<const Part*> leaves(const Message& message);

} // namespace watchpost::message
