// Part of Service: who is polled next, and who gives his place up for it.
#include <algorithm>
#include <ranges>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "collector/console_text.h"
#include "collector/service.h"

namespace watchpost::collector {

namespace {

constexpr std::chrono::seconds room_period{5};

} // namespace

/// Those that have a time, the longest due one first.
Service::DueOnes Service::due_ones()
{
    DueOnes due;
    for (auto row = mailboxes_.begin(); row != mailboxes_.end(); ++row) {
        if (const auto at = row->second.due()) {
            due.emplace_back(*at, row);
        }
    }
    std::ranges::sort(due, {}, [](const DueOnes::value_type& each) {
        return std::pair{each.first, std::string_view{each.second->first}};
    });
    return due;
}

/// Everyone who is due gets a look at the places, in the order of waiting. While a place is waited
/// for, the end of a poll wakes run().
std::optional<SteadyTime> Service::start_due()
{
    if (stops_) {
        return std::nullopt;
    }
    const auto due = due_ones();
    if (const auto look_again = look_for_room(due)) {
        return look_again;
    }
    std::optional<SteadyTime> wake;
    const auto wake_at = [&wake](SteadyTime at) { wake = std::min(wake.value_or(at), at); };
    Waiting waiting;
    bool is_large_one_waiting = false; // then the next memory is his
    for (const auto& [at, row] : due) {
        const auto now = around_.clock().steady;
        if (at > now) {
            wake_at(at);
            break;
        }
        auto& [mailbox, schedule] = *row;
        Places::Wish wish{.server = schedule.server(),
                          .standing = schedule.standing(),
                          .known = around_.tools.receipts.count_of(mailbox)};
        const bool is_large = places_.is_large(wish);
        const auto answer =
            is_large && is_large_one_waiting ? Places::Answer::no_memory : places_.ask(wish, now);
        if (answer == Places::Answer::yes) {
            start_poll(mailbox, schedule, std::move(wish));
        } else if (answer == Places::Answer::too_soon) {
            wake_at(places_.not_before(wish.server));
        } else {
            is_large_one_waiting |= is_large && answer != Places::Answer::lane_full;
            waiting.emplace_back(std::move(wish), answer);
        }
    }
    if (const auto ask_again = ask_turns_back(waiting, around_.clock().steady)) {
        wake_at(*ask_again);
    }
    return wake;
}

/// When to look again; nullopt: there is room. Looks no more often than it helps.
std::optional<SteadyTime> Service::look_for_room(const DueOnes& due)
{
    const auto now = around_.clock().steady;
    const bool is_anyone_due = !due.empty() && due.front().first <= now;
    if (!around_.room || (pause_reason_.empty() && !is_anyone_due)) {
        return std::nullopt;
    }
    if (pause_reason_.empty() || now >= look_for_room_at_) {
        const auto room = around_.room();
        const auto reason = room || room.error().code() != base::ErrorCode::disk_full
                                ? std::string{}
                                : to_console_text(room.error());
        look_for_room_at_ = now + room_period;
        change_pause(reason);
    }
    for (const auto& [at, row] : due) {
        if (!pause_reason_.empty() && at <= now && row->second.pause(pause_reason_)) {
            tell(row->first, row->second);
        }
    }
    return pause_reason_.empty() ? std::nullopt : std::optional{look_for_room_at_};
}

void Service::change_pause(const std::string& reason)
{
    const auto before = std::exchange(pause_reason_, reason);
    if (!reason.empty() && before.empty()) {
        around_.log.write("collector.paused", {{"error", reason}});
    }
    if (reason.empty() && !before.empty()) {
        around_.log.write("collector.goes_on");
        for (auto& [mailbox, schedule] : mailboxes_) {
            if (schedule.go_on()) {
                tell(mailbox, schedule);
            }
        }
    }
    if (reason != before && around_.on_pause) {
        around_.on_pause(reason);
    }
}

/// For each one that waits, the poll that has held a place for longest and whose place would help;
/// where that one is overdue, the next one as well. When to ask again.
std::optional<SteadyTime> Service::ask_turns_back(const Waiting& waiting, SteadyTime now)
{
    std::vector<Running*> holders;
    for (auto& [mailbox, running] : running_) {
        holders.push_back(&running);
    }
    std::ranges::sort(holders, {}, [](const Running* holder) { return holder->turn->began(); });
    std::optional<SteadyTime> wake;
    for (const auto& [wish, answer] : waiting) {
        auto holder = holders.begin();
        for (bool is_asked = false; !is_asked && holder != holders.end();) {
            if (!places_.would_help((*holder)->wish, wish, answer)) {
                ++holder;
                continue;
            }
            Turn& turn = *(*holder)->turn;
            turn.ask_back(now);
            is_asked = !turn.is_overdue(now);
            if (is_asked) {
                wake = std::min(wake.value_or(turn.overdue_at()), turn.overdue_at());
            }
            holder = holders.erase(holder);
        }
    }
    for (auto* const holder : holders) {
        holder->turn->leave_it();
    }
    return wake;
}

void Service::start_poll(const std::string& mailbox, MailboxSchedule& schedule, Places::Wish wish)
{
    const auto now = around_.clock().steady;
    const auto turn = std::make_shared<Turn>(around_.limits, now);
    places_.take(wish, now, around_.chance());
    const auto [running, is_new] = running_.try_emplace(mailbox, Running{turn, std::move(wish)});
    WP_ASSERT(is_new);
    auto job = std::make_shared<MailboxSchedule::Job>(schedule.begin());
    tell(mailbox, schedule);
    ListedAgain& listed_again = listed_again_[mailbox]; // the poll's own until finish_poll()
    around_.start([this, mailbox, job, turn, &listed_again] {
        auto shown = around_.clock().steady;
        const auto on_progress = [&](const PollReport& report) {
            const auto at = around_.clock().steady;
            if (at - shown >= std::chrono::seconds{1}) {
                shown = at;
                show_progress(mailbox, report);
            }
        };
        const auto is_turn_over = [&](const PollReport& report) {
            return turn->is_over(report, around_.clock().steady);
        };
        const auto outcome =
            poll_mailbox(around_.tools, *job, listed_again, {on_progress, is_turn_over});
        finish_poll(mailbox, outcome);
    });
}

} // namespace watchpost::collector
