// One poll of one mailbox: log in, see what is new, fetch it, make it ours, delete what the policy
// says.
//
// Steps 2 to 5 of the life of a message (ARCHITECTURE.md). A poll has one link as a rule; where a
// link lost step (docs/adr/0003) or broke with requests ahead it makes another, without pipelining;
// where much is to be deleted it has several, so that deletions count. Blocking, one thread a poll
// (and the batch writer's); ends early by net::Cancellation, and what was committed stays.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>

#include "base/error.h"
#include "base/time.h"
#include "collector/attempts.h"
#include "collector/doubt_memory.h"
#include "collector/fetch_again.h"
#include "collector/first_poll.h"
#include "collector/folder_data.h"
#include "collector/ledger.h"
#include "collector/left_out.h"
#include "collector/limits.h"
#include "collector/link_opener.h"
#include "collector/login_limiter.h"
#include "collector/login_memory.h"
#include "collector/mailbox_settings.h"
#include "collector/plan.h"
#include "collector/poll_report.h"
#include "collector/retrieval.h"
#include "collector/server_memory.h"
#include "collector/source_memory.h"
#include "collector/stuck_messages.h"
#include "collector/survey.h"
#include "collector/token_login.h"
#include "collector/transport.h"
#include "collector/uid_memory.h"
#include "spool/intake.h"
#include "spool/state_store.h"

namespace watchpost::collector {

/// Where the operator reads what a poll has to say: remedies are named as they are called there.
enum class Audience : std::uint8_t { command_line, console };

/// All that a poll works with; everything outlives it. The settings have been validated.
struct PollSurroundings {
    const MailboxSettings& settings;
    const pop3::Credentials& credentials;
    const spool::MailboxKey& key;
    std::uint64_t epoch = 0; // of the lease
    Transport& transport;
    spool::Intake& intake;
    spool::StateStore& store;
    Ledger& ledger;
    const SessionLimits& limits;
    std::function<base::Instant()> clock = base::now;
    std::function<void(const PollReport&)> on_progress = {};
    std::function<bool(const PollReport&)> is_turn_over = {}; // others wait for this place
    BatchBudget* budget = nullptr; // shared with other polls; null: this one has its own
    FirstPoll first_poll = FirstPoll::all;
    Audience audience = Audience::command_line;
    TokenLogin* tokens = nullptr; // where the log-in takes tokens that are fetched; `credentials`
                                  // are what refused log-ins are remembered by then
};

enum class RefusedLogins : std::uint8_t { remember, start_anew };

class Poll {
public:
    Poll(const PollSurroundings& surroundings, RefusedLogins refused_logins);

    [[nodiscard]] PollReport run();

private:
    enum class Next : std::uint8_t {
        over,
        serial_link, // the link was of no further use: again, without pipelining
        next_session // the server has deleted what it was told to; there is more to fetch
    };

    [[nodiscard]] base::Result<Next> run_link();
    [[nodiscard]] base::Result<std::unique_ptr<Link>> open_link();
    [[nodiscard]] base::Result<std::unique_ptr<Link>>
    open_link(const pop3::Credentials& credentials, unsigned refusals_max);
    [[nodiscard]] base::Result<pop3::Credentials> fetch_token();
    [[nodiscard]] base::Result<std::unique_ptr<Link>> open_link_by_token(unsigned refusals_max);
    [[nodiscard]] base::Result<void> note_login(const base::Result<std::unique_ptr<Link>>& link);
    [[nodiscard]] base::Error login_pause() const;
    void note_source();
    [[nodiscard]] std::string describe_server_change(const std::string& before) const;
    [[nodiscard]] base::Result<void> require_uids(const Survey& survey);
    [[nodiscard]] base::Result<void> note_first_poll(const Survey& survey);
    [[nodiscard]] base::Result<Next> collect(Link& link, Survey survey);
    [[nodiscard]] Plan plan(std::vector<pop3::ListedMessage> listed);
    void note_first_try();
    void note_late_first_poll(const FirstPollRecord& record);
    void add_short_ones(Plan& plan);
    [[nodiscard]] std::size_t leave_out_without_room(Plan& plan);
    void leave_out_asked_deletions(Plan& plan);
    [[nodiscard]] bool limit_session(Plan& plan);
    [[nodiscard]] std::size_t put_asked_last(std::vector<pop3::ListedMessage>& wanted) const;
    void note_asked(const Plan& plan, const Retrieval& retrieval);
    void ignore_uids(Survey& survey);
    void note_survey(const Survey& survey);
    void note_uids();
    void note_listed_again(const Retrieval& retrieval);
    void note_gone(const Survey& survey, ContentMatcher& matcher);
    void note_left_out(const Plan& plan);
    void spare_unread(Plan& plan);
    void spare(const Retrieval& retrieval, const Plan& plan, std::vector<Removal>& removals);
    [[nodiscard]] base::Result<Next> end_link(Link& link, Retrieval::Outcome outcome,
                                              const std::vector<Removal>& removals);
    [[nodiscard]] base::Result<void> remove(Link& link, const std::vector<Removal>& removals);
    [[nodiscard]] base::Result<Next> after_break(const Retrieval& retrieval, base::Error error);
    [[nodiscard]] base::Result<Next> after_failure(base::Error error, bool was_asking_ahead);
    [[nodiscard]] bool may_isolate(const Retrieval& retrieval, const base::Error& error);
    void note_learned();
    void take_over_fetch_again(const std::vector<pop3::ListedMessage>& listed);
    void note_fetched_again(Plan& plan, const Retrieval& retrieval);
    void note_short(const spool::Receipt& receipt);
    void take_over(std::deque<Committed> committed, std::vector<Removal>& removals);
    [[nodiscard]] base::Result<void>
    require_messages(const Retrieval& retrieval, const base::Result<Retrieval::Outcome>& outcome,
                     std::uint64_t fetched);
    void take_over_doubts(const std::vector<pop3::ListedMessage>& listed);
    void forget_doubts();
    void note_doubts(const Plan& plan, const Retrieval& retrieval,
                     const base::Result<Retrieval::Outcome>& outcome);
    void note_stuck(const Plan& plan, const Retrieval& retrieval,
                    const base::Result<Retrieval::Outcome>& outcome, std::uint64_t fetched);
    [[nodiscard]] Pipelining pipelining() const noexcept;
    [[nodiscard]] bool is_turn_over() const;

    PollSurroundings around_;
    BatchBudget own_budget_;
    Policy policy_;
    LoginMemory login_memory_;
    LoginLimiter login_limiter_;
    SourceMemory source_;
    StuckMessages stuck_;
    ServerMemory server_;
    ServerFacts facts_;
    Attempts short_attempts_;
    FolderDataMemory folder_data_;
    FetchAgain fetch_again_;
    LeftOutMessages left_out_;
    UidMemory uids_;
    DoubtMemory doubt_;
    bool ignores_uids_ = false; // they do not last
    PollReport report_;
    base::Deadline stop_at_;
    unsigned broken_links_ = 0;
    bool may_pipeline_ = true;
    bool broke_ahead_ = false; // a link broke with requests outstanding behind the first
    bool has_more_ = false;    // there is more than this session asks for
    // Mark numbers of messages that this poll had an answer for: as many as a maildrop holds.
    std::unordered_set<std::uint64_t> asked_;
    std::unordered_set<std::uint64_t> doubtful_; // likewise: what they hold may be of another one
    std::optional<unsigned> token_refusals_;     // where the last log-in got no token
    std::set<std::string> short_;                // marks of those that are fetched once more
    std::set<spool::SpoolId> deletions_asked_;
    std::uint64_t refused_deletions_ = 0; // in sessions before
    bool has_fetched_ahead_ = false;
    std::optional<base::Error> isolation_error_; // of the last of these
    std::optional<base::Error> no_room_;         // a message was left out for want of it
    unsigned isolations_ = 0; // links that were made anew without the message that broke the last
};

} // namespace watchpost::collector
