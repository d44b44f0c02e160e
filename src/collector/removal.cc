#include "collector/removal.h"

#include <optional>
#include <utility>

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

/// What is gone at the source must not be taken for kept after a power loss.
Result<void> note_durably(const std::vector<Removal>& removals, spool::Intake& intake,
                          Ledger& ledger)
{
    auto noted = note(removals, SourceState::delete_pending, intake, ledger);
    return noted ? intake.flush() : std::move(noted);
}

/// To DELE.
struct Answers {
    std::vector<Removal> accepted;
    std::optional<base::Error> refusal;          // the last one
    pop3::Trouble trouble = pop3::Trouble::none; // that it spoke of
};

Result<Answers> send_deletions(Link& link, const std::vector<Removal>& removals,
                               std::size_t commands_max, PollReport& report)
{
    Answers answers;
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
            answers.accepted.push_back(removals[answered]);
        } else {
            answers.refusal = pop3::refusal(reply->line());
            answers.trouble = pop3::trouble_of(reply->line());
            report.add_note("message " + std::to_string(removals[answered].number) +
                            " was not deleted: " + answers.refusal->message());
        }
    }
    return answers;
}

/// None was accepted, for a trouble that is not that of single messages.
bool is_of_the_server(const Answers& answers)
{
    return answers.accepted.empty() && answers.refusal && answers.trouble != pop3::Trouble::other;
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
    if (auto noted = note_durably(removals, intake, ledger); !noted) {
        return noted;
    }
    os::crash_point(os::CrashPoint::collector_before_delete);
    const std::size_t commands_max = pipelining == Pipelining::on ? limits.window_commands_max : 1;
    const auto answers = send_deletions(link, removals, commands_max, report);
    if (!answers) {
        return base::fail(answers.error());
    }
    os::crash_point(os::CrashPoint::collector_before_quit);
    report.steps.enter("quit");
    if (auto ended = quit(link); !ended) {
        return ended;
    }
    os::crash_point(os::CrashPoint::collector_after_quit);
    report.deleted += answers->accepted.size();
    report.delete_pending = removals.size() - answers->accepted.size();
    if (auto noted = note(answers->accepted, SourceState::expunged, intake, ledger); !noted) {
        return noted;
    }
    if (removals.size() < 2 || !is_of_the_server(*answers)) {
        return {};
    }
    report.link.trouble = answers->trouble;
    return base::fail(*answers->refusal);
}

} // namespace watchpost::collector
