// The collector's many mailboxes: which are polled when, each in a thread of its own, with bounded
// connections, in turns where others wait (Places, Turn), and none while there is no room.
//
// Knows nothing of control: what it is told comes by its functions, what it has to tell goes out by
// callbacks, which must return soon and not call the service. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "collector/mailbox_poll.h"
#include "collector/mailbox_schedule.h"
#include "collector/places.h"
#include "collector/poll_history.h"
#include "collector/service_messages.h"
#include "collector/turn.h"
#include "diag/log.h"
#include "os/worker_pool.h"

namespace watchpost::collector {

class Service {
public:
    struct Surroundings {
        PollTools tools;
        std::function<Moment()> clock;
        std::function<double()> chance; // in [0, 1)
        std::function<void(const StatusOfMailbox&)> on_status;
        const diag::Log& log;
        PollLimits limits = {};
        /// Whether there is room for messages; disk_full: nothing is polled until there is.
        std::function<base::Result<void>()> room = {};
        /// Why all of it pauses; empty: it goes on.
        std::function<void(const std::string& reason)> on_pause = {};
        /// How a poll is started; empty: in a thread of the service's.
        std::function<void(std::function<void()>)> start = {};
    };

    explicit Service(Surroundings surroundings);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// All mailboxes that there are. A poll of one that changed or is gone goes to its end.
    void set_mailboxes(const std::vector<Assignment>& assignments);

    /// not_found, or invalid_argument where the mailbox is disabled or cannot be used.
    [[nodiscard]] base::Result<void> poll_now(const std::string& mailbox);

    /// Blocks as long as the test takes. The same credentials refused twice are not tried a third
    /// time within 30 minutes.
    [[nodiscard]] TestReport test_connection(const TestRequest& request);

    /// not_found where there is no such mailbox.
    [[nodiscard]] base::Result<PollList> polls(const std::string& mailbox) const;
    [[nodiscard]] base::Result<std::string> server(const std::string& mailbox) const;
    [[nodiscard]] base::Result<std::vector<StuckMessage>>
    stuck_messages(const std::string& mailbox) const;

    /// These are asked for again at the next poll, which is due at once; none named: all.
    [[nodiscard]] base::Result<void> try_again(const TryAgain& request);

    /// Durable on return; the poll that begins with it is due at once.
    [[nodiscard]] base::Result<void> fetch_again(const FetchAgainCall& request);

    [[nodiscard]] std::vector<StatusOfMailbox> statuses() const;

    /// Starts what is due, the longest due one first; when to come again, if nothing changes
    /// before.
    std::optional<SteadyTime> tick();

    /// tick() at the right times until stop(), then waits for the polls under way: whoever stops
    /// cancels them by their transports.
    void run();
    void stop();

private:
    using Mailboxes = std::map<std::string, MailboxSchedule, std::less<>>;

    /// A poll under way.
    struct Running {
        std::shared_ptr<Turn> turn;
        Places::Wish wish;
    };
    using Waiting = std::vector<std::pair<Places::Wish, Places::Answer>>;
    using DueOnes = std::vector<std::pair<SteadyTime, Mailboxes::iterator>>;

    [[nodiscard]] bool has(const std::string& mailbox) const;               // with lock_
    [[nodiscard]] base::Result<void> poll_soon(const std::string& mailbox); // with lock_
    void forget(const std::string& mailbox);             // what is kept of one that is gone
    void forget_states();                                // of all that are gone
    void take_over_requests(const std::string& mailbox); // with lock_, and while it is not polled
    std::optional<SteadyTime> start_due();               // with lock_, as what follows
    [[nodiscard]] DueOnes due_ones();
    [[nodiscard]] std::optional<SteadyTime> look_for_room(const DueOnes& due);
    void change_pause(const std::string& reason);
    [[nodiscard]] std::optional<SteadyTime> ask_turns_back(const Waiting& waiting, SteadyTime now);
    void start_poll(const std::string& mailbox, MailboxSchedule& schedule, Places::Wish wish);
    void finish_poll(const std::string& mailbox, const PollOutcome& outcome);
    void show_progress(const std::string& mailbox, const PollReport& report);
    void tell(const std::string& mailbox, const MailboxSchedule& schedule) const;
    void log_outcome(const MailboxSchedule& schedule, const PollOutcome& outcome) const;

    Surroundings around_;
    mutable std::mutex lock_; // of the rest
    std::condition_variable changed_;
    Mailboxes mailboxes_;
    std::map<std::string, std::vector<TryAgain>> requests_; // that wait for the end of a poll
    std::map<std::string, Running> running_;                // by mailbox
    std::map<std::string, ListedAgain> listed_again_;       // likewise
    Places places_{around_.limits};
    std::string pause_reason_; // empty: there is room
    SteadyTime look_for_room_at_{};
    bool has_changed_ = false;
    bool stops_ = false;
    std::unique_ptr<os::WorkerPool> threads_; // last: they use the others
};

} // namespace watchpost::collector
