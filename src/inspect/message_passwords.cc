#include "inspect/message_passwords.h"

#include <algorithm>
#include <ranges>
#include <unordered_set>

#include "base/ascii.h"
#include "inspect/html_leaf.h"
#include "message/address.h"
#include "message/body_text.h"
#include "message/charset.h"
#include "message/date.h"
#include "message/encoded_word.h"
#include "message/html.h"

namespace watchpost::inspect {
namespace {

using std::string_view;
using unpack::Password;

constexpr std::size_t texts_bytes_max = std::size_t{1} << 20U; // of one message, all parts together
constexpr std::size_t addresses_max = 20;

bool has_text_extension(string_view name)
{
    const auto ending = base::lower_case(name.substr(std::min(name.rfind('.'), name.size())));
    return ending == ".txt" || ending == ".htm" || ending == ".html" || ending == ".nfo" ||
           ending == ".md" || ending == ".csv";
}

/// Addresses of the sender and of those that the message is to.
std::vector<std::string> addresses_of(const message::Part& root)
{
    std::vector<std::string> addresses;
    for (const string_view name : {"To", "From", "Cc", "Reply-To"}) {
        const auto list = message::parse_addresses(root.field(name).value_or(""), addresses_max);
        for (const auto& address : list.addresses) {
            if (!address.domain.empty()) {
                addresses.push_back(address.local_part + '@' + address.domain);
            }
        }
    }
    return addresses;
}

PasswordFacts facts_of(const message::Message& message)
{
    PasswordFacts facts;
    facts.sent_at = message::parse_date(message.root().field("Date").value_or(""));
    facts.addresses = addresses_of(message.root());
    for (const message::Part* part : message::leaves(message)) {
        if (!part->filename.empty()) {
            facts.file_names.push_back(part->filename);
        }
    }
    return facts;
}

/// As a reader sees it; empty where the part is none.
std::string text_of(const message::Part& part, std::size_t bytes_max)
{
    const auto type = part.content_type.media_type();
    if (part.kind != message::PartKind::leaf ||
        (part.content_type.type != "text" && !has_text_extension(part.filename))) {
        return {};
    }
    message::DefectList defects{0}; // they are told where the leaf itself is read
    message::DefectLog log{defects, part.path};
    bool was_cut = false;
    auto text = message::read_body_text(part, bytes_max, log, was_cut);
    return is_html(type, part.filename, "") ? message::read_html(text).text : text;
}

} // namespace

MessagePasswords::MessagePasswords(const std::vector<std::string>& listed)
{
    for (const auto& text : listed) {
        listed_.push_back({text});
    }
}

MessagePasswords::Within::Within(MessagePasswords& passwords, const message::Message& message)
    : passwords_{passwords}
{
    passwords_.levels_.push_back({&message, std::nullopt});
    passwords_.is_current_ = false;
}

MessagePasswords::Within::~Within()
{
    passwords_.levels_.pop_back();
    passwords_.is_current_ = false;
}

void MessagePasswords::note_file(string_view name, string_view real_type, base::ByteView bytes)
{
    if (noted_.size() == noted_texts_max) {
        return;
    }
    const bool is_text = real_type.starts_with("text/") && bytes.size() <= noted_text_bytes_max;
    noted_.push_back({std::string{name}, std::string{real_type},
                      std::string{is_text ? base::as_text(bytes) : ""}});
    is_current_ = false;
}

const std::vector<Password>& MessagePasswords::of_level(Level& level)
{
    if (level.found) {
        return *level.found;
    }
    const auto facts = facts_of(*level.message);
    PasswordCandidates candidates;
    candidates.read_text(
        message::decode_text(level.message->root().field("Subject").value_or("")).text,
        "the message's subject", facts);
    std::size_t bytes_left = texts_bytes_max;
    for (const message::Part* part : message::leaves(*level.message)) {
        const auto text = bytes_left == 0 ? std::string{} : text_of(*part, bytes_left);
        const bool is_body = part->filename.empty() && part->disposition != "attachment";
        candidates.read_text(text, is_body ? "the message's text" : "a text file of the message",
                             facts);
        bytes_left -= std::min(bytes_left, text.size());
    }
    for (const auto& name : facts.file_names) {
        candidates.read_file_name(name);
    }
    level.found = candidates.in_order();
    return *level.found;
}

/// Each once, for what they give stays known.
void MessagePasswords::read_noted()
{
    const auto facts = levels_.empty() ? PasswordFacts{} : facts_of(*levels_.back().message);
    for (; noted_read_ < noted_.size(); ++noted_read_) {
        Noted& file = noted_[noted_read_];
        const auto text = message::guess_to_utf8(file.text);
        of_noted_.read_text(is_html("", file.name, file.real_type) ? message::read_html(text).text
                                                                   : text,
                            "a text file of the message", facts);
        of_noted_.read_file_name(file.name);
        file = {};
    }
}

const std::vector<Password>& MessagePasswords::known()
{
    if (is_current_) {
        return all_;
    }
    all_.clear();
    std::unordered_set<std::string> seen;
    const auto add = [&](const std::vector<Password>& passwords) {
        for (const Password& password : passwords) {
            if (seen.insert(password.text).second) {
                all_.push_back(password);
            }
        }
    };
    add(listed_);
    for (Level& level : levels_ | std::views::reverse) {
        add(of_level(level));
    }
    if (noted_read_ < noted_.size()) {
        read_noted();
    }
    add(of_noted_.in_order());
    is_current_ = true;
    return all_;
}

} // namespace watchpost::inspect
