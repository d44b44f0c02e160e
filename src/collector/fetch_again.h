// "Fetch again": what somebody asked to have fetched once more of a mailbox.
//
// A change of the ledger's answer "known", not of the ledger: what came before the request counts
// as unknown until it has come under it. Each receipt names its request, so that a crash neither
// forgets nor repeats anything. docs/adr/0015. Kept in the spool's StateStore; thread rule: that of
// the store for the functions, one poll at a time for FetchAgain.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "collector/ledger.h"
#include "pop3/listing.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// What is asked for.
struct FetchAgainWish {
    enum class Which : std::uint8_t { all, last, none }; // none: ends what was asked before

    static constexpr std::uint32_t last_max = 10'000;

    Which which = Which::all;
    std::uint32_t last = 0; // of `last`: so many, those with the highest numbers of the listing
};

/// What is shown of it.
struct FetchAgainStatus {
    base::Instant asked_at{};
    std::uint32_t last = 0;            // 0: all
    std::optional<std::uint64_t> left; // not known before the first listing

    friend bool operator==(const FetchAgainStatus&, const FetchAgainStatus&) = default;
};

/// Waits for the next poll; durable on return. A request before it is given up.
[[nodiscard]] base::Result<void> ask_to_fetch_again(spool::StateStore& store,
                                                    std::string_view mailbox,
                                                    const FetchAgainWish& wish, base::Instant now);

/// nullopt where nothing is asked for and nothing under way.
[[nodiscard]] std::optional<FetchAgainStatus> fetch_again_status(const spool::StateStore& store,
                                                                 std::string_view mailbox);

/// A request as the plan of a session sees it; the default asks for nothing.
struct FetchAgainRequest {
    std::uint32_t number = 0; // of the mailbox's requests, from 1; 0: none is under way
    bool is_of_marks = false;
    std::set<std::string> marks; // of the messages that are meant, where not all are

    [[nodiscard]] bool covers(const pop3::ListedMessage& message) const;
    /// It is meant, and `known`, the newest that is known of it, came before. What was never
    /// fetched is not fetched again.
    [[nodiscard]] bool is_due(const pop3::ListedMessage& message, const KnownMessage& known) const;
};

class FetchAgain {
public:
    /// `store` outlives this. A request of another generation of the maildrop is over.
    FetchAgain(spool::StateStore& store, const spool::MailboxKey& key);

    /// Takes over what was asked for meanwhile: which messages are meant is settled by `listed`.
    /// True where there was something. Durable on return.
    [[nodiscard]] base::Result<bool> take_over(const std::vector<pop3::ListedMessage>& listed);

    [[nodiscard]] const FetchAgainRequest& request() const noexcept { return request_; }
    [[nodiscard]] bool is_under_way() const noexcept { return request_.number != 0; }

    /// So many are still to come; none: the request is over.
    [[nodiscard]] base::Result<void> note_left(std::uint64_t left);

private:
    [[nodiscard]] base::Result<void> put_marks(const std::vector<pop3::ListedMessage>& listed,
                                               std::uint32_t last);
    [[nodiscard]] base::Result<void> put_state();
    [[nodiscard]] base::Result<void> end();

    spool::StateStore& store_;
    spool::MailboxKey key_;
    std::uint32_t requests_ = 0; // there were so many
    FetchAgainStatus status_;
    FetchAgainRequest request_;
};

} // namespace watchpost::collector
