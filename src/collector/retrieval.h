// Fetches the wanted messages of one link into the intake, as far ahead as the server lets us ask.
//
// Content passes from the link to the intake unread. A message that ends before its announced
// octets while others are on their way costs the link (docs/adr/0003); it is then the caller's turn
// to make a new one, without pipelining. Not thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "collector/batch_budget.h"
#include "collector/batch_writer.h"
#include "collector/content_matcher.h"
#include "collector/fetch_again.h"
#include "collector/folder_data.h"
#include "collector/ledger.h"
#include "collector/limits.h"
#include "collector/link.h"
#include "collector/plan.h"
#include "collector/poll_report.h"
#include "collector/size_record.h"
#include "collector/stuck_messages.h"
#include "collector/survey.h"
#include "collector/too_large_records.h"
#include "pop3/listing.h"
#include "pop3/reply.h"
#include "spool/intake.h"

namespace watchpost::collector {

/// When the server has to show that its replies are in step with what was asked.
enum class Proof : std::uint8_t {
    at_end, // of the session, before anything is deleted
    of_each // message, before it is kept; one by one
};

class Retrieval {
public:
    /// Everything here outlives the retrieval.
    struct Surroundings {
        Link& link;
        spool::Intake& intake;
        BatchWriter& writer;
        BatchBudget& budget;
        ContentMatcher& matcher;
        TooLargeRecords& too_large;
        SizeRecord& sizes; // learns
        const Policy& policy;
        const FetchAgainRequest& again;
        const SessionLimits& limits;
        std::string_view stat; // the server's words, by which it shows that it is in step
        Proof proof;
        PollReport& report;
        const std::function<void(const PollReport&)>&
            on_progress; // after each message; may be empty
        const std::function<bool(const PollReport&)>&
            is_turn_over; // asked before more is asked for; may be empty
        /// Remembers the mailbox's own data, durably, before it is handed to the writer: once it is
        /// known, nothing else keeps it from being deleted.
        std::function<base::Result<void>(const pop3::ListedMessage&)> on_folder_data;
    };

    enum class Outcome : std::uint8_t {
        done,        // everything wanted was asked for and answered
        turn_over,   // others wait for this place; the link is in step
        out_of_time, // `stop_at` came first; the link is in step
        refused,     // so many were refused in a row that the others were not asked for; likewise
        lost_step,   // the link is of no further use; what came before is right
        write_failed // BatchWriter::finish tells why
    };

    Retrieval(const Surroundings& surroundings, Pipelining pipelining, std::uint64_t epoch)
        : around_{surroundings}
        , pipelining_{pipelining}
        , epoch_{epoch}
        , window_octets_{std::min(surroundings.limits.window_bytes_begin,
                                  surroundings.limits.window_bytes_max)}
    {
    }

    /// Records messages that are too large to be fetched.
    void record_too_large(const std::vector<pop3::ListedMessage>& messages);

    /// An error means that the link or the intake failed. What was read to its end by then has been
    /// handed to the writer, in every case.
    [[nodiscard]] base::Result<Outcome> run(const std::vector<pop3::ListedMessage>& wanted,
                                            base::Deadline stop_at);

    /// So many of the wanted, from the first on, were asked for and have been answered to the end.
    [[nodiscard]] std::size_t answered() const noexcept { return asked_ - under_way_.size(); }

    /// The message that was under way when run() failed or lost step; null where none was.
    [[nodiscard]] const pop3::ListedMessage* interrupted() const noexcept
    {
        return under_way_.empty() ? nullptr : under_way_.front();
    }

    /// The server gave a reply too many, or one that was not to what was asked: what it gave out in
    /// this session may be that of another message each.
    [[nodiscard]] bool is_out_of_step() const noexcept { return is_out_of_step_; }

    [[nodiscard]] bool proves_each() const noexcept { return around_.proof == Proof::of_each; }

    /// A message was under way, and others were asked for behind it.
    [[nodiscard]] bool was_asking_ahead() const noexcept { return under_way_.size() > 1; }

    /// A reply did not come in time, and since the link was last idle several were due: one may
    /// have been swallowed before.
    [[nodiscard]] bool may_miss_a_reply(const base::Error& error) const noexcept
    {
        return error.code() == base::ErrorCode::timed_out && !under_way_.empty() &&
               has_asked_ahead_;
    }

    /// The server would not give these out, and said why (quoted).
    struct Refused {
        const pop3::ListedMessage* message = nullptr; // of the wanted
        std::string reason;                           // of the first reasons_max, else empty
    };
    static constexpr std::size_t reasons_max = StuckMessages::remembered_max;
    [[nodiscard]] const std::vector<Refused>& refused() const noexcept { return refused_; }
    /// `message` is one of the wanted.
    [[nodiscard]] bool was_refused(const pop3::ListedMessage& message) const;

    /// What the last refusal spoke of.
    [[nodiscard]] pop3::Trouble trouble() const noexcept { return trouble_; }

    /// The first message of the listing turned out to be the mailbox's own data.
    [[nodiscard]] const pop3::ListedMessage* folder_data() const noexcept { return folder_data_; }

    /// Known by content and stored whole: the policy's removals that only RETR could find.
    [[nodiscard]] const std::vector<Removal>& removals() const noexcept { return removals_; }

    /// Known by UID and content, and listed although the server confirmed that they were deleted.
    [[nodiscard]] const std::vector<spool::SpoolId>& listed_again() const noexcept
    {
        return listed_again_;
    }

private:
    struct Current {
        std::unique_ptr<spool::Incoming> content; // null once the message is too large
        std::uint64_t octets = 0;
        std::string begin = {}; // the first octets: a status line where there should be a message?
        std::string held = {};  // octets that may be a glued terminator: not yet in the content
        FolderDataDetector folder_data = {};
        bool was_short = false; // at an earlier poll
    };

    [[nodiscard]] base::Result<Outcome> fetch_all(const std::vector<pop3::ListedMessage>& wanted,
                                                  base::Deadline stop_at);
    void fit_window();
    void ask_ahead(const std::vector<pop3::ListedMessage>& wanted);
    [[nodiscard]] std::uint64_t octets_to_come() const noexcept;
    [[nodiscard]] base::Result<void> on_event(const pop3::Event& event);
    [[nodiscard]] base::Result<void> on_reply(const pop3::StatusLine& status);
    void on_refusal(const pop3::StatusLine& status);
    [[nodiscard]] base::Result<void> on_body(base::ByteView octets);
    [[nodiscard]] base::Result<void> append(base::ByteView octets);
    [[nodiscard]] base::Result<void> on_end(const pop3::Event& event);
    [[nodiscard]] base::Result<void> take_content(const pop3::Event& event);
    void lose_step(const pop3::Event& event);
    void note_oddities(const pop3::Event& event);
    [[nodiscard]] base::Result<void> probe_step();
    void fall_out_of_step();
    [[nodiscard]] spool::Receipt receipt(spool::Completeness completeness) const;
    [[nodiscard]] bool is_wanted_again(const ContentMatch& match) const;
    [[nodiscard]] base::Result<void> look_for_folder_data(const pop3::Event& event);
    void keep_or_match(const pop3::Event& event, const crypto::Sha256& sha256);
    void keep_too_large();
    void keep(spool::Receipt receipt);
    void leave_front();
    void add(Fetched fetched, std::uint64_t buffered_octets);
    [[nodiscard]] BatchBudget::Share take_share(std::uint64_t octets);
    [[nodiscard]] base::Deadline batch_due() const noexcept;
    void submit_when_due(std::chrono::steady_clock::time_point now);
    void submit_batch();

    Surroundings around_;
    Pipelining pipelining_;
    std::uint64_t epoch_;

    std::size_t asked_ = 0;                            // of the wanted
    std::deque<const pop3::ListedMessage*> under_way_; // asked for, not yet at their end
    std::uint64_t under_way_octets_ = 0;
    std::uint64_t window_octets_; // that are asked for ahead
    std::chrono::steady_clock::time_point asked_at_{};
    Current current_; // the front of under_way_
    const pop3::ListedMessage* folder_data_ = nullptr;
    bool has_asked_ahead_ = false; // since nothing was under way
    bool has_lost_step_ = false;
    bool is_out_of_step_ = false;
    bool has_write_failed_ = false;

    std::vector<Fetched> batch_;
    std::uint64_t batch_octets_ = 0;
    std::chrono::steady_clock::time_point batch_began_{};
    std::vector<Removal> removals_;
    std::vector<spool::SpoolId> listed_again_;
    std::vector<Refused> refused_; // in the order of the wanted
    std::size_t refused_in_row_ = 0;
    pop3::Trouble trouble_ = pop3::Trouble::none;
};

} // namespace watchpost::collector
