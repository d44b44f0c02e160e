// The pipeline service: what is new in the spool goes to the inspectors, what is to be kept into
// the content folder, and the record to control, which settles it.
//
// Every step may happen twice and none is lost: the spool offers a message again until it is
// recorded. Where control is away, or the disk is full, results wait, a bounded number of them, and
// the spool is the buffer. One thread of its own; public functions may be called from any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "diag/log.h"
#include "inspect/report.h"
#include "pipeline/content_folder.h"
#include "pipeline/inspector_pool.h"
#include "pipeline/piece_folder.h"
#include "pipeline/record_sink.h"
#include "pipeline/service_messages.h"
#include "spool/follower.h"

namespace watchpost::pipeline {

struct ServiceSettings {
    using MakePool = std::function<base::Result<std::unique_ptr<InspectorPool>>(
        const std::vector<RuleFile>& files)>;

    std::filesystem::path spool;
    std::filesystem::path content;
    MakePool make_pool;
    std::size_t in_flight_max = 8; // taken from the spool and not recorded yet
    std::chrono::milliseconds back_off_min{200};
    std::chrono::milliseconds back_off_max{10'000};
    std::chrono::milliseconds reinspect_every{60'000};
};

class Service {
public:
    /// All three outlive it. Inspects nothing before set_rules().
    Service(ServiceSettings settings, RecordSink& sink, const diag::Log& log);
    ~Service(); // stop() with no time left
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Look into the spool, and try again at once what has failed.
    void work();
    /// The YARA files of the console, all of them: effective once what is under way is done. Files
    /// that do not compile leave the rules as they were, with a warning. status() names the
    /// revision once no file of an older list will be opened any more.
    void set_rules(RuleList rules);
    /// How copies arrive in each mailbox: of what is given to the inspectors from now on.
    void set_copies(CopySettings copies);
    /// Make the inspectors anew with what the settings say now.
    void reload();
    /// Are all engines that are on there to be asked? Else nothing is inspected again.
    void set_engines_up(bool are_up);

    /// Takes nothing more and finishes what is under way, as far as the deadline lets.
    void stop(base::Deadline deadline);

    /// Backlog, what waits to be inspected again, the oldest, warnings; not the engines.
    [[nodiscard]] PipelineStatus status() const;

private:
    struct Job {
        spool::SpoolItem item;
        std::vector<verdict::NotInspected> gaps;
        Inspection inspection = Inspection::first;
        std::optional<inspect::Report> own; // of a piece, while what it completes is inspected
        std::deque<std::vector<KeptPiece>> joins = {}; // … still to be inspected
        std::vector<KeptPiece> joining = {};           // … that is being inspected
        std::size_t joined = 0;                        // ways that were begun
    };
    struct Finished {
        spool::SpoolId id;
        inspect::Report report;
    };
    struct Result {
        spool::SpoolItem item;
        store::MessageRecord record;
        Inspection inspection = Inspection::first;
        bool is_kept = false;
    };
    using Clock = std::chrono::steady_clock;

    void run();
    void wait();
    [[nodiscard]] base::Deadline next_time() const;
    [[nodiscard]] bool is_done();
    void take_wishes();
    void renew_pool();

    void look_into_spool();
    void take_new();
    [[nodiscard]] bool check_page();
    void begin(const spool::SpoolId& id);
    void begin_stored(Job job);
    void finish_without_content(Job job, std::string reason, const std::string& detail);
    [[nodiscard]] base::Result<MessageInput> input_of(const spool::SpoolItem& item) const;
    void submit(Job job, MessageInput input);
    [[nodiscard]] model::CopySetting copies_in(const std::string& mailbox) const;

    void give(const spool::SpoolId& id, MessageInput input);
    /// True where the message is a piece and the inspectors have what it completes now.
    [[nodiscard]] bool goes_on(Job& job, inspect::Report& report);
    void plan_joins_of(Job& job);
    [[nodiscard]] bool keep_piece(const Job& job, const KeptPiece& piece);
    [[nodiscard]] bool begin_join(Job& job);
    [[nodiscard]] base::Result<MessageInput> input_of(const std::vector<KeptPiece>& pieces);
    void tell_given_up();

    void look_for_reinspection();
    void take_reinspection();

    void collect();
    void hand_over();
    [[nodiscard]] bool hand_over_one(Result& result);
    void on_recorded(const Result& result, const store::Recorded& recorded);
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool may_take() const;

    void back_off(std::string_view what, const base::Error& error);
    void set_aside(const spool::SpoolId& id, const base::Error& error);
    void warn(const std::string& about, std::string text);
    void unwarn(const std::string& about);
    void publish();

    ServiceSettings settings_;
    RecordSink& sink_;
    const diag::Log& log_;

    mutable std::mutex mutex_; // of what follows, up to status_
    std::condition_variable changed_;
    bool has_changed_ = true;
    bool wants_look_ = true;
    bool wants_reload_ = false;
    bool engines_are_up_ = true;
    bool is_discarding_ = false;
    std::optional<base::Deadline> stop_at_;
    std::optional<RuleList> wanted_rules_;
    CopySettings copies_;
    std::deque<Finished> finished_;
    PipelineStatus status_;

    // Of the loop's thread alone.
    spool::SpoolFollower follower_;
    std::unique_ptr<ContentFolder> content_;
    std::unique_ptr<PieceFolder> pieces_;
    std::unique_ptr<InspectorPool> pool_;
    RuleList rules_;
    bool are_rules_in_use_ = false;   // the pool was made with them
    std::uint64_t used_revision_ = 0; // of the last that were
    bool must_renew_ = false;
    bool must_look_ = false;
    bool may_reinspect_ = true;
    bool is_stopping_ = false;
    std::vector<spool::SpoolId> unchecked_;    // taken; nobody has asked whether they are recorded
    std::deque<spool::SpoolId> checked_;       // not recorded
    std::deque<store::AwaitingMessage> again_; // recorded, to be inspected again
    std::map<spool::SpoolId, Job> in_flight_;
    std::deque<Result> results_;
    std::multimap<base::Deadline, spool::SpoolId> aside_; // tried again at that time
    std::set<spool::SpoolId> unreadable_;                 // kept content that is gone
    base::Deadline reinspect_at_{};
    base::Deadline renew_at_ = base::Deadline::max(); // rules that could not be taken: once more
    std::uint64_t awaiting_ = 0;
    std::chrono::milliseconds pause_{0};
    base::Deadline resume_at_{};
    std::map<std::string, std::string> warnings_;

    std::jthread thread_; // last: it uses all of the above
};

} // namespace watchpost::pipeline
