#include "collector/stuck_messages.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "collector/console_text.h"
#include "collector/message_mark.h"
#include "diag/quote.h"

namespace watchpost::collector {

using base::Result;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view version = "1 ";
constexpr std::size_t reason_bytes_max = 500;

/// After so many failures, the pause until the next try: in all more than seven hours, so that a
/// bad night of a server sets nothing aside.
constexpr std::array<std::chrono::minutes, StuckMessages::attempts_max> pauses{
    std::chrono::minutes{0}, std::chrono::minutes{0}, std::chrono::minutes{10},
    std::chrono::minutes{60}, std::chrono::minutes{360}};

Json to_json(const StuckMessage& message)
{
    Json json{{"mark", message.mark},
              {"uid", message.uid},
              {"octets", message.octets},
              {"attempts", message.attempts},
              {"last_at", base::to_rfc3339(message.last_at)},
              {"reason", message.reason},
              {"set_aside", message.is_set_aside()}};
    if (const auto next = message.next_at(); next && !message.is_set_aside()) {
        json["next_at"] = base::to_rfc3339(*next);
    }
    if (message.is_suspect) {
        json["suspect"] = true;
    }
    return json;
}

std::optional<StuckMessage> read(const Json& json)
{
    StuckMessage message;
    message.mark = json.at("mark").get<std::string>();
    message.uid = json.at("uid").get<std::string>();
    message.octets = json.at("octets").get<std::uint64_t>();
    message.attempts = std::min(json.at("attempts").get<unsigned>(), StuckMessages::attempts_max);
    message.reason = json.at("reason").get<std::string>();
    message.is_suspect = json.value("suspect", false);
    const auto last_at = base::parse_rfc3339(json.at("last_at").get<std::string>());
    message.last_at = last_at.value_or(base::Instant{});
    return last_at && message.mark.size() == mark_digits ? std::optional{message} : std::nullopt;
}

/// Nothing where a value is missing or of another type.
std::optional<StuckMessage> try_to_read(const Json& json)
{
    try {
        return read(json);
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

/// What cannot be read is a message that never failed: it is asked for last, and counts anew.
StuckMessage read_stored(const std::string& mark, const std::optional<std::string>& stored)
{
    if (stored && stored->starts_with(version)) {
        const auto json = Json::parse(stored->substr(version.size()), nullptr, false);
        if (auto message = try_to_read(json); message && message->mark == mark) {
            return *message;
        }
    }
    StuckMessage anew;
    anew.mark = mark;
    return anew;
}

} // namespace

namespace {

/// What has no UID of its own is asked for last, and never counted or held back.
bool has_name(const pop3::ListedMessage& message)
{
    return !message.uid.empty() && message.uid_is_unique;
}

} // namespace

bool is_of_the_link(const base::Error& error) noexcept
{
    using base::ErrorCode;
    return error.code() == ErrorCode::connection_lost || error.code() == ErrorCode::timed_out ||
           error.code() == ErrorCode::protocol_violation;
}

bool may_be_of_the_message(const base::Error& error) noexcept
{
    using base::ErrorCode;
    return is_of_the_link(error) || error.code() == ErrorCode::tls_failed || // a record of it
           error.code() == ErrorCode::limit_exceeded;                        // a line without end
}

bool StuckMessage::is_set_aside() const noexcept
{
    return attempts >= StuckMessages::attempts_max;
}

std::optional<base::Instant> StuckMessage::next_at() const
{
    if (attempts == 0 || is_set_aside() || pauses.at(attempts) == pauses.front()) {
        return std::nullopt;
    }
    return last_at + pauses.at(attempts);
}

StuckMessages::StuckMessages(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , mailbox_{mailbox}
    , index_name_{"stuck-messages/" + mailbox_}
{
    const std::string stored = store_.get(index_name_).value_or("");
    for (std::size_t at = 0; at + mark_digits <= stored.size() && messages_.size() < remembered_max;
         at += mark_digits) {
        const auto mark = stored.substr(at, mark_digits);
        messages_.push_back(read_stored(mark, store_.get(name_of(mark))));
        before_.insert(mark);
    }
}

std::string StuckMessages::name_of(const std::string& mark) const
{
    return "stuck-message/" + mailbox_ + "/" + mark;
}

StuckMessage* StuckMessages::find(const std::string& mark)
{
    const auto found = std::ranges::find(messages_, mark, &StuckMessage::mark);
    return found == messages_.end() ? nullptr : &*found;
}

/// Null where there is no room: those that are remembered must not be pushed out.
StuckMessage* StuckMessages::find_or_add(const pop3::ListedMessage& message)
{
    const auto mark = mark_of(message);
    if (auto* const known = find(mark)) {
        return known;
    }
    if (messages_.size() == remembered_max) {
        return nullptr;
    }
    StuckMessage added;
    added.mark = mark;
    added.uid = diag::quote(message.uid, 100);
    added.octets = message.octets;
    messages_.push_back(std::move(added));
    return &messages_.back();
}

void StuckMessages::drop_if(const std::function<bool(const StuckMessage&)>& is_over)
{
    std::erase_if(messages_, [&](const StuckMessage& message) {
        if (is_over(message)) {
            changed_.insert(message.mark);
            return true;
        }
        return false;
    });
}

/// The clock was set back: a pause begins now, and ends.
void StuckMessages::bring_back(base::Instant now)
{
    for (auto& message : messages_) {
        if (message.last_at > now) {
            message.last_at = now;
            changed_.insert(message.mark);
        }
    }
}

std::size_t StuckMessages::hold_back(std::vector<pop3::ListedMessage>& wanted, base::Instant now)
{
    if (messages_.empty()) {
        return 0;
    }
    bring_back(now);
    std::set<std::string> still_wanted;
    std::vector<pop3::ListedMessage> first;
    std::vector<pop3::ListedMessage> last;
    first.reserve(wanted.size());
    for (auto& message : wanted) {
        const auto mark = mark_of(message);
        const auto* const stuck = find(mark);
        if (stuck == nullptr) {
            first.push_back(std::move(message));
            continue;
        }
        still_wanted.insert(mark);
        const auto next = stuck->next_at();
        const bool waits =
            held_now_.contains(mark) || stuck->is_set_aside() || (next && now < *next);
        if (!waits || !has_name(message)) {
            last.push_back(std::move(message));
        }
    }
    const auto held = wanted.size() - first.size() - last.size();
    std::ranges::move(last, std::back_inserter(first));
    wanted = std::move(first);
    drop_if([&](const auto& message) { return !still_wanted.contains(message.mark); });
    return held;
}

bool StuckMessages::failed_before(const pop3::ListedMessage& message) const
{
    return before_.contains(mark_of(message));
}

void StuckMessages::suspect(const pop3::ListedMessage& message, std::string_view reason,
                            AskAgain again, base::Instant now)
{
    if (auto* const stuck = find_or_add(message)) {
        stuck->is_suspect = again == AskAgain::next_poll && has_name(message);
        stuck->reason = cut(reason, reason_bytes_max);
        stuck->last_at = now;
        changed_.insert(stuck->mark);
        if (again == AskAgain::next_poll) {
            held_now_.insert(stuck->mark);
        }
    }
}

void StuckMessages::count(StuckMessage& message)
{
    message.is_suspect = false;
    message.attempts = std::min(message.attempts + 1, attempts_max);
    changed_.insert(message.mark);
    if (message.is_set_aside()) {
        newly_set_aside_.push_back(message);
    }
}

void StuckMessages::blame(const pop3::ListedMessage& message, std::string_view reason,
                          base::Instant now)
{
    suspect(message, reason, AskAgain::next_poll, now);
    if (auto* const stuck = find(mark_of(message)); stuck != nullptr && has_name(message)) {
        count(*stuck);
    }
}

void StuckMessages::confirm()
{
    for (auto& message : messages_) {
        if (message.is_suspect) {
            count(message);
        }
    }
}

void StuckMessages::forget(const pop3::ListedMessage& message)
{
    if (!messages_.empty()) {
        drop_if([mark = mark_of(message)](const auto& each) { return each.mark == mark; });
    }
}

/// Each message before the index: a name that the index does not have is of no account.
Result<void> StuckMessages::save()
{
    if (changed_.empty()) {
        return {};
    }
    for (const auto& mark : changed_) {
        const auto* const message = find(mark);
        const auto value =
            message == nullptr ? std::string{} : std::string{version} + to_json(*message).dump();
        if (auto stored = store_.put(name_of(mark), value); !stored) {
            return stored;
        }
    }
    std::string index;
    for (const auto& message : messages_) {
        index += message.mark;
    }
    if (auto stored = store_.put(index_name_, index); !stored) {
        return stored;
    }
    changed_.clear();
    return {};
}

std::vector<StuckMessage> StuckMessages::blamed() const
{
    std::vector<StuckMessage> all;
    std::ranges::copy_if(messages_, std::back_inserter(all),
                         [](const auto& message) { return message.attempts > 0; });
    return all;
}

std::size_t StuckMessages::set_aside_count() const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        messages_, [](const auto& message) { return message.is_set_aside(); }));
}

Result<void> StuckMessages::start_anew(const std::vector<std::string>& marks)
{
    drop_if([&](const auto& message) {
        return marks.empty() || std::ranges::find(marks, message.mark) != marks.end();
    });
    return save();
}

std::string encode_stuck(const std::vector<StuckMessage>& messages)
{
    Json items = Json::array();
    for (const auto& message : messages) {
        items.push_back(to_json(message));
    }
    return Json{{"items", std::move(items)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<StuckMessage>> parse_stuck(const std::string& text)
{
    std::vector<StuckMessage> messages;
    try {
        const auto document = Json::parse(text);
        for (const auto& item : document.at("items")) {
            if (auto message = read(item)) {
                messages.push_back(*std::move(message));
            }
        }
    } catch (const Json::exception&) {
        return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                          "the list of messages that fail cannot be read");
    }
    return messages;
}

} // namespace watchpost::collector
