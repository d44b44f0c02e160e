#include "diag/log_catalogue.h"

#include <algorithm>
#include <array>

namespace watchpost::diag {

namespace {

using enum Severity;

// By id.
constexpr std::array rows{
    LogMessage{"collector.cannot_work", error, "the collector cannot work", "error",
               "The error names what is missing: the key of the mailbox passwords, or the spool. "
               "Mail stays on the mail servers meanwhile."},
    LogMessage{"collector.goes_on", info, "the spool has room again, collecting goes on", "",
               "As it should: what waited on the mail servers is collected now."},
    LogMessage{"collector.notice_not_taken", error, "something that control said was not taken",
               "notice, error",
               "The spool cannot be written, or the two processes are of different versions: start "
               "Watchpost again."},
    LogMessage{
        "collector.paused", error, "collecting pauses: the spool has no room", "error",
        "Mail stays on the mail servers and nothing is deleted there. Where the limit of the "
        "spool is reached, look whether messages are inspected (`watchpost status`: the "
        "backlog), or raise spool.bytes_max; where the disk is, make room on it. It goes on "
        "by itself."},
    LogMessage{"collector.started", info, "the collector works", "mailboxes_seen, spool_octets",
               "As it should. The mailboxes come from control as soon as it can be reached."},
    LogMessage{"collector.state_not_stored", warning, "a small state could not be stored", "error",
               "The disk of the spool is full or damaged. Until it works again, refused log-ins of "
               "connection tests are not counted."},
    LogMessage{"collector.stopping", info, "the collector ends its polls and stops", "",
               "What was read to its end is stored; the rest is fetched at the next start."},
    LogMessage{
        "control.account_locked", warning, "an account was locked after failed sign-ins",
        "user, peer, until",
        "Somebody tried wrong passwords. The account opens by itself at the time named; where the "
        "tries were not the user's own, look at where they came from."},
    LogMessage{"control.certificate_changed", info, "the console uses another TLS certificate",
               "fingerprint, user",
               "An administrator uploaded it. New connections get it at once."},
    LogMessage{"control.link_lost", warning, "a process is no longer connected", "peer, error",
               "It ended or hangs. The supervisor starts it again; what it had not reported comes "
               "again, nothing is lost."},
    LogMessage{"control.links_refused", error, "the other processes cannot connect", "error",
               "No descriptors are left, in this process or on the machine. It is tried again "
               "every half second; raise the limit (LimitNOFILE of the unit, or ulimit -n) where "
               "it stays so."},
    LogMessage{"control.listening", info, "the console and the API can be reached", "address",
               "Sign in there with a browser."},
    LogMessage{"control.store_failed", error, "the store could not be written", "step, error",
               "The disk is full or damaged. Messages wait in the spool until it works again: make "
               "room, or restore the store from a backup."},
    LogMessage{"mailbox.certificate_changed", warning, "the mail server shows another certificate",
               "mailbox, before, now",
               "It was renewed, or somebody stands between. Compare the fingerprint with the mail "
               "server's administrator."},
    LogMessage{"mailbox.certificate_ends", warning, "the mail server's certificate ends soon",
               "mailbox, certificate",
               "It ends within 30 days (one made for less than 90 days: in the last third of its "
               "time), or has ended. Ask the administrator of the mail server to "
               "renew it: under \"trusted\" nothing is collected once it has ended."},
    LogMessage{"mailbox.collected", info, "messages were collected", "mailbox, messages, octets",
               "They are durable in the spool and will be inspected."},
    LogMessage{"mailbox.fetched_again", info, "messages were fetched again, as somebody asked",
               "mailbox, messages, left",
               "They are inspected anew. What is left comes with the next polls; the page of the "
               "mailbox shows it, and can end it."},
    LogMessage{"mailbox.message_set_aside", error, "a message is set aside",
               "mailbox, uid, octets, error",
               "The server could not give it out in five attempts over more than seven hours. It "
               "stays on the server and is not inspected; the others are collected. Mend it there, "
               "then press \"Try again\", or `watchpost mailbox try-again`."},
    LogMessage{
        "mailbox.message_short", warning, "a message came shorter than the mail server announced",
        "mailbox, uid, octets, announced",
        "It is damaged at the mail server (a storage error), or was cut on the way. What came "
        "is kept and inspected in part; it is never deleted there, and is fetched again at "
        "three later polls. If it stays, ask the administrator of the mail server to look at "
        "that message, then press \"Fetch again\". Where the server's sizes are estimates "
        "(Exchange), the first few are reported so until that is learned."},
    LogMessage{"mailbox.paused", error, "collecting pauses", "mailbox, error",
               "There is no room for what it has to fetch now: the error names the limit, of the "
               "spool or of its disk. The mail stays on the mail server and is tried again by "
               "itself."},
    LogMessage{
        "mailbox.policy", warning, "the mail server's policy does not go with the settings",
        "mailbox, policy",
        "The server announces that it removes messages (EXPIRE) before they are collected, or "
        "once they were fetched. The text names the setting; told once, and on the mailbox's "
        "page for as long as it is so."},
    LogMessage{"mailbox.poll_failed", warning, "a poll failed", "mailbox, error, remedy, next",
               "The error names the step and has the server's words, the remedy says what to do. "
               "It is tried again at the time named; "
               "messages stay on the mail server until then."},
    LogMessage{"mailbox.poll_noted", warning, "a poll found something to look at", "mailbox, note",
               "It stopped nothing: the note says what it is about."},
    LogMessage{"mailbox.secret_ends", warning,
               "a mailbox's client secret or client certificate ends soon", "mailbox, secret",
               "It ends within 30 days, or has ended. Make a new one at the provider or have it "
               "issued, and apply it: without one nothing is collected. Told once a day."},
    LogMessage{"mailbox.token_refused", error, "the token end point refuses a mailbox's secret",
               "mailbox, error",
               "The refresh token was revoked, has expired or was used elsewhere: get a new one by "
               "device code. Or the client secret is wrong or has expired. It is tried twice in 30 "
               "minutes at most, until somebody applies."},
    LogMessage{"pipeline.cannot_work", error, "the pipeline cannot work", "error",
               "The error names the setting: mend it, then start Watchpost again."},
    LogMessage{"pipeline.content_not_kept", error, "the content of a message cannot be kept",
               "message, error",
               "The disk is full or damaged. The message is not recorded before its content is "
               "kept: make room, it is tried again."},
    LogMessage{"pipeline.copies_refused", error, "the settings of how copies arrive cannot be read",
               "error",
               "The control process is of another version: restart Watchpost. Until then the "
               "settings told before stay in force."},
    LogMessage{"pipeline.engine_down", warning, "an engine does not answer", "engine, error",
               "Messages are inspected without it, said to be inspected in part, and inspected "
               "again when it is back."},
    LogMessage{"pipeline.engine_up", info, "an engine answers again", "engine",
               "What was inspected without it is inspected again."},
    LogMessage{"pipeline.inspected_in_part", info, "a message was inspected in part",
               "message, reasons", "The console shows what was not looked at, and why."},
    LogMessage{
        "pipeline.inspector_failed", warning, "an inspector ended before its time",
        "message, error",
        "A message made it crash, hang or take too much memory. The message is tried once "
        "more and is else recorded as inspected in part. Please report it with the message."},
    LogMessage{
        "pipeline.message_damaged", error, "a message in the spool is damaged", "message, error",
        "Its octets do not check out: look after the disk. It is recorded as not inspected."},
    LogMessage{"pipeline.piece_not_kept", error,
               "a message that is a piece of a larger one cannot be kept until the others come",
               "message, error",
               "The disk is full or damaged, or the piece is too large. The message is recorded as "
               "inspected in part: look for the other pieces by hand."},
    LogMessage{"pipeline.pieces_given_up", info,
               "pieces of a message are no longer waited for, or no longer kept", "messages",
               "They came more than 14 days ago, or newer ones needed the room. If the others "
               "come later they are not joined with them: look at these messages by hand."},
    LogMessage{"pipeline.rules_loaded", info, "the inspectors work with the present rules", "files",
               "What comes from now on is inspected with them."},
    LogMessage{"pipeline.rules_refused", error, "the present rules cannot be used", "error",
               "The error names the file and the line. The rules before stay in force; mend or "
               "remove the file."},
    LogMessage{"pipeline.stopping", info, "the pipeline stops", "",
               "It finishes what is under way; what is not done by then comes again at the next "
               "start."},
    LogMessage{"pipeline.waits", warning, "results cannot be recorded", "error",
               "The control process is away. Nothing is lost: they are recorded when it is back."},
    LogMessage{"spool.damaged", error, "a part of the spool cannot be read", "note",
               "Look after the disk. Messages that were there and not yet recorded are collected "
               "again where they are still on the mail server."},
    LogMessage{"spool.mended", warning, "the spool was mended after a crash", "note",
               "An unfinished write was cut off. Its messages were not acknowledged to the mail "
               "server and are collected again."},
    LogMessage{"supervisor.child_ended", warning, "a process ended and is started again",
               "name, end, pause_ms",
               "The message before it says why. Where it happens again and again, the pause "
               "between two starts grows up to a minute."},
    LogMessage{"supervisor.child_refused", error, "a process cannot work and is not started again",
               "name, end",
               "What it said before names the reason and the remedy: mend it, then start Watchpost "
               "again."},
    LogMessage{"supervisor.child_started", info, "a process was started", "name, pid",
               "As it should."},
    LogMessage{"supervisor.stopping", info, "all processes are being stopped", "reason",
               "Somebody or the system asked for it."},
};

} // namespace

std::string_view to_string(Severity severity) noexcept
{
    constexpr std::array<std::string_view, 3> names{"info", "warning", "error"};
    return names.at(static_cast<std::size_t>(severity));
}

std::span<const LogMessage> log_catalogue() noexcept
{
    return rows;
}

const LogMessage* find_log_message(std::string_view id) noexcept
{
    const auto* const row = std::ranges::lower_bound(rows, id, {}, &LogMessage::id);
    return row == rows.end() || row->id != id ? nullptr : row;
}

std::string log_messages_page()
{
    std::string page =
        "# Log messages\n\n"
        "Made from `src/diag/log_catalogue.cc`; a test compares the two. A line of the log is\n"
        "`TIME SEVERITY PROCESS ID \"sentence\" name=\"value\" …`, in UTC (RFC 3339).\n\n"
        "| id | severity | sentence | values | what it means, what to do |\n"
        "|---|---|---|---|---|\n";
    for (const LogMessage& row : rows) {
        page.append("| `").append(row.id).append("` | ").append(to_string(row.severity));
        page.append(" | ").append(row.sentence).append(" | ").append(row.values);
        page.append(" | ").append(row.paragraph).append(" |\n");
    }
    return page;
}

} // namespace watchpost::diag
