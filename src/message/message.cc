#include "message/message.h"

#include <utility>

#include "message/ascii.h"
#include "message/decoder.h"
#include "message/reader.h"

namespace watchpost::message {

std::string_view ContentType::parameter(std::string_view name) const noexcept
{
    for (const auto& [key, value] : parameters) {
        if (key == name) {
            return value;
        }
    }
    return {};
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
    explicit State(const Limits& limits) : read{limits} {}

    Part root;
    ReadState read;
};

Message::Message(std::unique_ptr<State> state) : state_{std::move(state)} {}
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;
Message::~Message() = default;

namespace {

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
    }
    return text;
}

} // namespace

Message Message::parse(base::ByteView raw, const Limits& limits)
{
    auto state = std::make_unique<State>(limits);
    DefectLog defects{state->read.defects, state->root.path};
    const auto text = skip_envelope(base::as_text(raw), defects);
    read_message(text, state->root, 0, state->read);
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

DecodedContent DecodedContent::decode(const Part& part, std::vector<Defect>& defects)
{
    DecodedContent content;
    if (part.encoding == TransferEncoding::identity) {
        content.view_ = part.raw_content;
        return content;
    }
    constexpr std::size_t defects_of_an_encoding_max = 16;
    DefectList list{defects_of_an_encoding_max};
    DefectLog log{list, part.path};
    content.owned_ = decode_transfer(base::as_text(part.raw_content), part.encoding, log);
    content.view_ = content.owned_;
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
