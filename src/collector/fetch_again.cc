#include "collector/fetch_again.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "collector/message_mark.h"

namespace watchpost::collector {

using base::Result;
using Which = FetchAgainWish::Which;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view version = "1 ";
constexpr std::size_t marks_per_value = spool::StateStore::value_bytes_max / mark_digits;

std::string asked_name(std::string_view mailbox)
{
    return "fetch-again-asked/" + std::string{mailbox};
}

std::string state_name(std::string_view mailbox)
{
    return "fetch-again/" + std::string{mailbox};
}

std::string marks_name(std::string_view mailbox, std::size_t number)
{
    return "fetch-again-marks/" + std::string{mailbox} + "/" + std::to_string(number);
}

/// Both of these are one text: what was asked has no number and nothing left yet.
struct Stored {
    Which which = Which::none;
    FetchAgainStatus status;
    std::uint32_t number = 0;
    std::uint32_t generation = 0;
};

std::string to_text(const Stored& stored)
{
    Json json{{"which", static_cast<unsigned>(stored.which)},
              {"last", stored.status.last},
              {"asked_at", base::to_rfc3339(stored.status.asked_at)},
              {"number", stored.number},
              {"generation", stored.generation}};
    if (stored.status.left) {
        json["left"] = *stored.status.left;
    }
    return std::string{version} + json.dump();
}

Stored read(const Json& json)
{
    Stored stored;
    const auto which = json.at("which").get<unsigned>();
    stored.which =
        which > static_cast<unsigned>(Which::none) ? Which::none : static_cast<Which>(which);
    stored.status.last = json.at("last").get<std::uint32_t>();
    stored.status.asked_at =
        base::parse_rfc3339(json.at("asked_at").get<std::string>()).value_or(base::Instant{});
    stored.number = json.at("number").get<std::uint32_t>();
    stored.generation = json.at("generation").get<std::uint32_t>();
    if (json.contains("left")) {
        stored.status.left = json.at("left").get<std::uint64_t>();
    }
    return stored;
}

/// nullopt for what to_text() does not write.
std::optional<Stored> parse(const std::optional<std::string>& text)
{
    if (!text || !text->starts_with(version)) {
        return std::nullopt;
    }
    try {
        return read(Json::parse(text->substr(version.size())));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

} // namespace

Result<void> ask_to_fetch_again(spool::StateStore& store, std::string_view mailbox,
                                const FetchAgainWish& wish, base::Instant now)
{
    if (wish.which == Which::last && (wish.last == 0 || wish.last > FetchAgainWish::last_max)) {
        return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                          "the last 1 to 10,000 messages can be fetched again, or all");
    }
    Stored asked;
    asked.which = wish.which;
    asked.status.asked_at = now;
    asked.status.last = wish.which == Which::last ? wish.last : 0;
    return store.put(asked_name(mailbox), to_text(asked));
}

std::optional<FetchAgainStatus> fetch_again_status(const spool::StateStore& store,
                                                   std::string_view mailbox)
{
    auto stored = parse(store.get(asked_name(mailbox)));
    if (!stored) {
        stored = parse(store.get(state_name(mailbox)));
    }
    return stored && stored->which != Which::none ? std::optional{stored->status} : std::nullopt;
}

bool FetchAgainRequest::covers(const pop3::ListedMessage& message) const
{
    return number != 0 && (!is_of_marks || marks.contains(mark_of(message)));
}

bool FetchAgainRequest::is_due(const pop3::ListedMessage& message, const KnownMessage& known) const
{
    return known.fetch_again != number && known.was_fetched() && covers(message);
}

FetchAgain::FetchAgain(spool::StateStore& store, const spool::MailboxKey& key)
    : store_{store}
    , key_{key}
{
    const auto stored = parse(store_.get(state_name(key_.mailbox)));
    if (!stored) {
        return;
    }
    requests_ = stored->number;
    if (stored->which == Which::none || stored->generation != key_.generation) {
        return;
    }
    status_ = stored->status;
    request_.number = stored->number;
    request_.is_of_marks = stored->which == Which::last;
    for (std::size_t i = 0; request_.is_of_marks && i * marks_per_value < status_.last; ++i) {
        const std::string marks = store_.get(marks_name(key_.mailbox, i)).value_or("");
        for (std::size_t at = 0; at + mark_digits <= marks.size(); at += mark_digits) {
            request_.marks.insert(marks.substr(at, mark_digits));
        }
    }
}

/// What was asked is forgotten last: a crash before that does all of it again.
Result<bool> FetchAgain::take_over(const std::vector<pop3::ListedMessage>& listed)
{
    const auto text = store_.get(asked_name(key_.mailbox));
    if (!text) {
        return false;
    }
    const auto asked = parse(text).value_or(Stored{});
    request_ = {};
    status_ = asked.status;
    Result<void> done;
    if (asked.which == Which::none) {
        done = end();
    } else {
        request_.number = ++requests_;
        request_.is_of_marks = asked.which == Which::last;
        done = request_.is_of_marks ? put_marks(listed, asked.status.last) : Result<void>{};
        done = done ? put_state() : done;
    }
    done = done ? store_.put(asked_name(key_.mailbox), "") : done;
    return done ? Result<bool>{true} : base::fail(std::move(done).error());
}

Result<void> FetchAgain::put_marks(const std::vector<pop3::ListedMessage>& listed,
                                   std::uint32_t last)
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(listed.size());
    std::ranges::transform(listed, std::back_inserter(numbers), &pop3::ListedMessage::number);
    std::ranges::sort(numbers, std::greater<>{});
    const auto first = numbers.size() > last ? numbers[last - 1] : 0;
    for (const auto& message : listed) {
        if (message.number >= first) {
            request_.marks.insert(mark_of(message));
        }
    }
    std::string value;
    std::size_t values = 0;
    for (auto mark = request_.marks.begin(); mark != request_.marks.end();) {
        value += *mark++;
        if (value.size() == marks_per_value * mark_digits || mark == request_.marks.end()) {
            if (auto stored = store_.put(marks_name(key_.mailbox, values++), value); !stored) {
                return stored;
            }
            value.clear();
        }
    }
    return {};
}

Result<void> FetchAgain::put_state()
{
    Stored stored;
    stored.which = !is_under_way() ? Which::none : request_.is_of_marks ? Which::last : Which::all;
    stored.status = status_;
    stored.number = requests_;
    stored.generation = key_.generation;
    return store_.put(state_name(key_.mailbox), to_text(stored));
}

Result<void> FetchAgain::note_left(std::uint64_t left)
{
    if (left == 0) {
        return end();
    }
    if (status_.left == left) {
        return {};
    }
    status_.left = left;
    return put_state();
}

/// The number stays: no two requests of a mailbox have the same. Marks go when they are not needed
/// any more.
Result<void> FetchAgain::end()
{
    request_ = {};
    status_ = {};
    if (auto stored = put_state(); !stored) {
        return stored;
    }
    for (std::size_t i = 0; store_.get(marks_name(key_.mailbox, i)); ++i) {
        if (auto stored = store_.put(marks_name(key_.mailbox, i), ""); !stored) {
            return stored;
        }
    }
    return {};
}

} // namespace watchpost::collector
