// What the collector has to tell control, kept until control can be told: the newest status of each
// mailbox, how much was collected, the state of the spool; and what is settled.
//
// A control that is away or slow holds up nobody: whoever has something to tell only leaves it
// here. One thread sends. Thread-safe.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "collector/service_messages.h"
#include "spool/spool.h"

namespace watchpost::collector {

/// The link to control, as far as this needs it.
struct ControlPeer {
    std::function<base::Result<std::string>(std::string_view method, const std::string& json)> call;
    std::function<base::Result<void>(std::string_view method, const std::string& json)> notify;
};

class ControlOutbox {
public:
    /// `spool` outlives this; its octets on disk are those of `folder`, and at most so many.
    ControlOutbox(spool::Spool& spool, std::filesystem::path folder,
                  std::uint64_t spool_octets_max = 0);

    void put_status(const StatusOfMailbox& status);
    void add_collected(std::uint64_t messages);
    void set_disk_full(bool is_full);
    /// Why all collecting pauses; empty: it does not.
    void set_pause(const std::string& reason);

    /// A new link: everything is told anew, and asked which of what is unsettled is recorded.
    void on_connected();

    /// "settled" came. Ids that are none, or none of ours, are passed over.
    [[nodiscard]] base::Result<void> settle(const std::vector<std::string>& ids);

    /// Sends what there is. On error it is kept for the next call.
    [[nodiscard]] base::Result<void> send(const ControlPeer& peer);

    /// send() whenever there is something, and the state of the spool once a minute; until stop().
    void run(const ControlPeer& peer);
    void stop();

    [[nodiscard]] CollectorStatus status() const;

private:
    struct Work {
        std::vector<StatusOfMailbox> statuses;
        std::uint64_t collected = 0;
        bool tells_collected = false;
        bool tells_spool = false;
        bool asks_unsettled = false;
    };

    [[nodiscard]] Work take_work();
    [[nodiscard]] base::Result<void> send(const Work& work, const ControlPeer& peer);
    [[nodiscard]] base::Result<void> ask_unsettled(const ControlPeer& peer);

    spool::Spool& spool_;
    std::filesystem::path folder_;
    std::uint64_t spool_octets_max_; // 0: no limit
    mutable std::mutex lock_;        // of the rest
    std::condition_variable changed_;
    std::map<std::string, MailboxStatus> statuses_; // the newest of each
    std::set<std::string> untold_;                  // of these
    std::uint64_t collected_ = 0;                   // and not told
    bool is_connected_ = false;
    std::uint64_t links_ = 0; // that there have been
    bool tells_collected_ = false;
    bool tells_spool_ = false;
    bool asks_unsettled_ = false;
    bool is_disk_full_ = false;
    std::string pause_reason_;
    bool has_work_ = false;
    bool stops_ = false;
};

/// What files below that folder take, as far as they can be looked at.
[[nodiscard]] std::uint64_t octets_below(const std::filesystem::path& folder);

} // namespace watchpost::collector
