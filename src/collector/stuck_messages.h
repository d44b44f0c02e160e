// Messages that a server cannot give out: none of them keeps what stands behind it from being
// collected. Each is fetched last, tried again after growing pauses, and after attempts_max set
// aside: not asked for any more until a person says so. Nothing of this deletes anything.
//
// A link that broke blames nobody by itself: the message under way is a suspect, and an attempt is
// counted only once the server has shown that it works without it. A message without a UID of its
// own is only fetched last: what cannot be told from others must not hide them.
// Kept in the spool's StateStore, by marks. Thread rule: that of the store; one writer a mailbox.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "pop3/listing.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// The server or the way to it was at fault, not we.
[[nodiscard]] bool is_of_the_link(const base::Error& error) noexcept;

/// While a message was fetched: what came in its place may be this message's own fault.
[[nodiscard]] bool may_be_of_the_message(const base::Error& error) noexcept;

struct StuckMessage {
    std::string mark; // names it, for "try again"
    std::string uid;  // quoted
    std::uint64_t octets = 0;
    unsigned attempts = 0; // that failed by its own fault
    base::Instant last_at{};
    std::string reason; // of the last one, quoted
    bool is_suspect = false;

    [[nodiscard]] bool is_set_aside() const noexcept;
    /// When it may be asked for again; nullopt: at once.
    [[nodiscard]] std::optional<base::Instant> next_at() const;

    friend bool operator==(const StuckMessage&, const StuckMessage&) = default;
};

class StuckMessages {
public:
    static constexpr std::size_t remembered_max = 64; // beyond, a new one is not remembered
    static constexpr unsigned attempts_max = 5;

    /// `store` outlives this.
    StuckMessages(spool::StateStore& store, std::string_view mailbox);

    /// Takes those that have to wait out of `wanted` and moves the other stuck ones to its end;
    /// forgets those that are not wanted any more. How many were taken out.
    std::size_t hold_back(std::vector<pop3::ListedMessage>& wanted, base::Instant now);

    enum class AskAgain : std::uint8_t {
        last,     // in this poll, too: the way of asking may have been at fault
        next_poll // no more in this poll
    };

    /// It failed in an earlier poll.
    [[nodiscard]] bool failed_before(const pop3::ListedMessage& message) const;

    /// The link broke at this message, or lost step.
    void suspect(const pop3::ListedMessage& message, std::string_view reason, AskAgain again,
                 base::Instant now);
    /// This message failed by its own fault.
    void blame(const pop3::ListedMessage& message, std::string_view reason, base::Instant now);
    /// The server works: what was a suspect has failed by its own fault.
    void confirm();
    /// It was given out.
    void forget(const pop3::ListedMessage& message);

    /// Durable on return.
    [[nodiscard]] base::Result<void> save();

    /// Those that were blamed, longest first.
    [[nodiscard]] std::vector<StuckMessage> blamed() const;
    [[nodiscard]] std::size_t set_aside_count() const;
    /// Set aside since this was made.
    [[nodiscard]] const std::vector<StuckMessage>& newly_set_aside() const noexcept
    {
        return newly_set_aside_;
    }

    /// These, or all for an empty list, are as if they had never failed. Durable on return.
    [[nodiscard]] base::Result<void> start_anew(const std::vector<std::string>& marks);

private:
    [[nodiscard]] std::string name_of(const std::string& mark) const;
    [[nodiscard]] StuckMessage* find(const std::string& mark);
    [[nodiscard]] StuckMessage* find_or_add(const pop3::ListedMessage& message);
    void bring_back(base::Instant now);
    void count(StuckMessage& message);
    void drop_if(const std::function<bool(const StuckMessage&)>& is_over);

    spool::StateStore& store_;
    std::string mailbox_;
    std::string index_name_;
    std::vector<StuckMessage> messages_; // oldest first
    std::set<std::string> changed_;      // marks
    std::set<std::string> before_;       // marks, when this was made
    std::set<std::string> held_now_;     // failed in this poll: not asked for again in it
    std::vector<StuckMessage> newly_set_aside_;
};

/// {"items":[…]}: StuckMessageList of schema/openapi.yaml.
[[nodiscard]] std::string encode_stuck(const std::vector<StuckMessage>& messages);
[[nodiscard]] base::Result<std::vector<StuckMessage>> parse_stuck(const std::string& json);

} // namespace watchpost::collector
