#include "collector/removal.h"

#include "os/crash_point.h"

namespace watchpost::collector {

using base::Result;
using spool::SourceState;

namespace {

Result<void> note(const std::vector<Removal>& removals, SourceState state, spool::Intake& intake,
                  Ledger& ledger)
{
    std::vector<spool::SourceChange> changes;
    for (const auto& removal : removals) {
        changes.push_back({removal.id, state});
        ledger.change(changes.back());
    }
    return intake.note(changes);
}

/// Those of the removals that the server accepted.
Result<std::vector<Removal>> send_deletions(Link& link, const std::vector<Removal>& removals,
                                            std::size_t commands_max, PollReport& report)
{
    std::vector<Removal> accepted;
    std::size_t asked = 0;
    for (std::size_t answered = 0; answered < removals.size(); ++answered) {
        if (asked - answered <= commands_max / 2) {
            for (; asked < removals.size() && asked - answered < commands_max; ++asked) {
                link.client().request(pop3::Verb::dele, removals[asked].number);
            }
        }
        const auto reply = link.read_reply();
        if (!reply) {
            return base::fail(reply.error());
        }
        if (reply->is_ok()) {
            accepted.push_back(removals[answered]);
        } else {
            report.add_note("message " + std::to_string(removals[answered].number) +
                            " was not deleted: " + pop3::refusal(reply->line()).message());
        }
    }
    return accepted;
}

Result<void> quit(Link& link)
{
    const auto reply = link.exchange(pop3::Verb::quit);
    if (!reply) {
        return base::fail(reply.error());
    }
    if (!reply->is_ok()) { // RFC 1939 §6: some may have been removed, some not
        return base::fail(pop3::refusal(reply->line()));
    }
    return {};
}

} // namespace

Result<void> remove_and_quit(Link& link, const std::vector<Removal>& removals,
                             Pipelining pipelining, const SessionLimits& limits,
                             spool::Intake& intake, Ledger& ledger, PollReport& report)
{
    report.steps.enter(removals.empty() ? "quit" : "delete");
    if (removals.empty()) {
        static_cast<void>(quit(link)); // nothing hangs on it
        return {};
    }
    report.delete_pending = removals.size();
    if (auto noted = note(removals, SourceState::delete_pending, intake, ledger); !noted) {
        return noted;
    }
    os::crash_point(os::CrashPoint::collector_before_delete);
    const std::size_t commands_max = pipelining == Pipelining::on ? limits.window_commands_max : 1;
    const auto accepted = send_deletions(link, removals, commands_max, report);
    if (!accepted) {
        return base::fail(accepted.error());
    }
    os::crash_point(os::CrashPoint::collector_before_quit);
    report.steps.enter("quit");
    if (auto ended = quit(link); !ended) {
        return ended;
    }
    os::crash_point(os::CrashPoint::collector_after_quit);
    report.deleted += accepted->size();
    report.delete_pending = removals.size() - accepted->size();
    return note(*accepted, SourceState::expunged, intake, ledger);
}

} // namespace watchpost::collector
