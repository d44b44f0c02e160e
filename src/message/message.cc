#include "message/message.h"

#include <optional>
#include <utility>

#include "message/ascii.h"
#include "message/decoder.h"
#include "message/parameters.h"
#include "message/reader.h"

namespace watchpost::message {

std::string_view ContentType::parameter(std::string_view name) const noexcept
{
    return find_parameter(parameters, name);
}

std::optional<std::string_view> Part::field(std::string_view name) const noexcept
{
    for (const auto& candidate : header) {
        if (equals_ignoring_case(candidate.name, name)) {
            return candidate.value;
        }
    }
    return std::nullopt;
}

struct Message::State {
    State(const Limits& limits, Departures departures) : read{limits, departures} {}

    Part root;
    ReadState read;
};

Message::Message(std::unique_ptr<State> state) : state_{std::move(state)} {}
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;
Message::~Message() = default;

namespace {

/// Where an mbox goes on with a further message: an empty line and "From ", ending with a year (RFC
/// 4155).
std::optional<std::size_t> find_separator(std::string_view text)
{
    constexpr std::string_view separator = "\nFrom ";
    for (auto at = text.find(separator); at != std::string_view::npos;
         at = text.find(separator, at + 1)) {
        const std::string_view before = text.substr(0, at);
        const bool is_after_empty_line = before.ends_with('\n') || before.ends_with("\n\r");
        const std::size_t line = at + 1;
        const auto words = trim(text.substr(line, text.find('\n', line) - line));
        const auto year = words.substr(words.size() - std::min<std::size_t>(words.size(), 5));
        if (is_after_empty_line && year.starts_with(' ') && base::parse_decimal(year.substr(1))) {
            return line;
        }
    }
    return std::nullopt;
}

/// What stored messages have before their header: the separator line of an mbox, a byte order mark.
std::string_view skip_envelope(std::string_view text, DefectLog& defects)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) {
        defects.note(DefectId::byte_order_mark, 0);
        text.remove_prefix(byte_order_mark.size());
    }
    if (text.starts_with("From ")) {
        const std::size_t line_end = std::min(text.find('\n'), text.size() - 1);
        text.remove_prefix(line_end + 1);
        if (const auto next = find_separator(text)) {
            defects.note(DefectId::several_messages, *next, "");
        }
    }
    return text;
}

/// Old programs end lines with CR alone. Such a message is read from a copy with LF in its place,
/// octet for octet; where one LF stands, a CR is no line end.
bool has_cr_line_ends(std::string_view text)
{
    return text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos;
}

/// Octet for octet; the CR of a CR LF stays.
base::Bytes with_lf_for_cr(base::ByteView raw)
{
    base::Bytes copy{raw.begin(), raw.end()};
    for (std::size_t at = 0; at < copy.size(); ++at) {
        if (copy[at] == std::byte{'\r'} &&
            (at + 1 == copy.size() || copy[at + 1] != std::byte{'\n'})) {
            copy[at] = std::byte{'\n'};
        }
    }
    return copy;
}

/// Two dashes behind a CR, where the message has a multipart that they could belong to. Dashes are
/// looked for, since base64 has none and a CR at each line.
std::optional<std::size_t> find_delimiter_after_cr(std::string_view text, const Part& root)
{
    if (root.children.empty() && root.content_type.parameter("boundary").empty()) {
        return std::nullopt;
    }
    // What follows a dash cannot be the first of two behind a CR.
    for (auto dash = text.find('-', 1); dash != std::string_view::npos;
         dash = text.find('-', dash + 2)) {
        if (text[dash - 1] == '\r' && text.substr(dash, 2) == "--") {
            return dash - 1;
        }
    }
    return std::nullopt;
}

} // namespace

Message Message::parse(base::ByteView raw, const Limits& limits, Departures departures)
{
    auto state = std::make_unique<State>(limits, departures);
    DefectLog defects{state->read.defects, state->root.path};
    auto text = base::as_text(raw);
    const bool has_only_cr = has_cr_line_ends(text);
    if (has_only_cr) {
        defects.note(DefectId::bare_cr, text.find('\r'));
    }
    if (has_only_cr || departures.has(Departure::cr_ends_line)) {
        text = base::as_text(state->read.buffers.emplace_back(with_lf_for_cr(raw)));
    }
    text = skip_envelope(text, defects);
    read_message(text, state->root, 0, state->read);
    if (const auto at = find_delimiter_after_cr(text, state->root)) {
        defects.note(DefectId::boundary_after_cr, *at);
    }
    return Message{std::move(state)};
}

const Part& Message::root() const noexcept
{
    return state_->root;
}

const std::vector<Defect>& Message::defects() const noexcept
{
    return state_->read.defects.all();
}

Departures Message::departures() const noexcept
{
    return state_->read.departures;
}

Departures Message::suggested() const noexcept
{
    return state_->read.defects.suggested();
}

DecodedContent DecodedContent::decode(const Part& part, std::vector<Defect>& defects,
                                      Departures departures)
{
    DecodedContent content;
    if (part.encoding == TransferEncoding::identity) {
        content.view_ = part.raw_content;
        return content;
    }
    constexpr std::size_t defects_of_an_encoding_max = 16;
    DefectList list{defects_of_an_encoding_max};
    DefectLog log{list, part.path};
    content.owned_ =
        decode_transfer(base::as_text(part.raw_content), part.encoding, log, departures);
    content.view_ = content.owned_;
    content.suggested_ = list.suggested();
    defects.insert(defects.end(), list.all().begin(), list.all().end());
    return content;
}

std::vector<const Part*> leaves(const Message& message)
{
    std::vector<const Part*> found;
    std::vector<const Part*> waiting{&message.root()};
    while (!waiting.empty()) {
        const Part* const part = waiting.back();
        waiting.pop_back();
        if (part->kind != PartKind::multipart) {
            found.push_back(part);
        }
        for (std::size_t i = part->children.size(); i-- > 0;) {
            waiting.push_back(part->children[i].get());
        }
    }
    return found;
}

} // namespace watchpost::message
