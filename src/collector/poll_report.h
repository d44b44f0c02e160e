// What one poll of one mailbox came to: for the summary line, for JSON, for the console's Status.
//
// Plain values. Texts from the server are quoted already, except in `link`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "collector/fetch_again.h"
#include "collector/link_report.h"
#include "collector/step_times.h"
#include "collector/stuck_messages.h"

namespace watchpost::collector {

/// The server shows another certificate, and the policy does not check it fully.
struct CertificateChange {
    std::string before; // SHA-256 fingerprints
    std::string now;
};

/// A message that came with fewer octets than announced: damaged at the source, or on the way.
struct ShortMessage {
    std::string uid; // quoted
    std::uint64_t octets = 0;
    std::uint64_t announced_octets = 0;
};

struct PollReport {
    LinkReport link; // the last one
    unsigned links = 0;

    std::uint64_t listed = 0;        // messages in the maildrop
    std::uint64_t known = 0;         // of these, ours before
    std::uint64_t fetched = 0;       // read to their end; those of a batch that failed are not ours
    std::uint64_t collected = 0;     // became ours: content and ledger record are durable
    std::uint64_t octets = 0;        // of these
    std::uint64_t duplicates = 0;    // fetched for want of a usable UID, and known by content
    std::uint64_t renamed = 0;       // fetched, and known by content under another UID
    std::uint64_t fetched_again = 0; // ours before, and stored once more since somebody asked
    std::uint64_t cut_short =
        0;                    // of the collected: fewer octets than announced; kept at the source
    std::uint64_t longer = 0; // of the collected: more octets than announced
    std::uint64_t too_large = 0;         // recorded, not stored, kept at the source
    std::uint64_t before_first_poll = 0; // recorded as seen, by the mailbox's policy
    std::uint64_t refused = 0;           // RETR was answered with -ERR
    std::uint64_t deleted = 0;           // at the source, confirmed by QUIT
    std::uint64_t delete_pending = 0;    // DELE was sent, QUIT not confirmed: done at the next poll
    std::uint64_t left = 0;              // listed and not ours: too large, refused, or not reached
    std::uint64_t set_aside = 0;         // of these: not asked for any more
    std::uint64_t held_back = 0;         // of these: failed before, and asked for again later
    std::vector<StuckMessage> newly_set_aside = {};
    std::vector<ShortMessage> short_messages = {};    // of cut_short, the first of them
    std::optional<FetchAgainStatus> fetch_again = {}; // what is under way when the poll ends
    bool has_ended_fetch_again = false;               // everything has come

    StepTimes steps = {}; // of all links

    std::vector<std::string> learned = {}; // what is known of the server and how it is asked for it
    std::vector<std::string> notes; // what an operator should know although it stopped nothing
    std::optional<CertificateChange> certificate_change = {};      // noted, too
    std::optional<CertificateChange> unconfirmed_certificate = {}; // until somebody applies
    std::optional<base::Error> error; // what ended the poll before its time

    bool has_logged_in = false;      // at least once
    bool was_token_refused = false;  // by the token end point, which `error` tells
    bool has_given_place_up = false; // others waited for it: what is left follows in its next turn

    static constexpr std::size_t notes_max = 20; // of which the last says that there were more
    static constexpr std::size_t short_messages_max = 20;

    void add_note(std::string note);

    [[nodiscard]] bool is_complete() const noexcept
    {
        return !error && left == 0 && delete_pending == 0;
    }
};

/// "12 messages collected, 3400 octets; 2 too large": what is zero is left out. For people.
[[nodiscard]] std::string describe_counts(const PollReport& report);

} // namespace watchpost::collector
