#include "collector/retrieval.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/assert.h"

namespace watchpost::collector {

using base::Result;
using pop3::Event;
using spool::Completeness;

void Retrieval::record_too_large(const std::vector<pop3::ListedMessage>& messages)
{
    for (const auto& message : messages) {
        under_way_.push_back(&message);
        current_ = {};
        keep(receipt(Completeness::too_large));
        under_way_.clear();
    }
    submit_batch();
}

Result<Retrieval::Outcome> Retrieval::run(const std::vector<pop3::ListedMessage>& wanted,
                                          base::Deadline stop_at)
{
    auto outcome = fetch_all(wanted, stop_at);
    current_ = {};
    submit_batch(); // whole messages stay ours whatever became of the link
    const bool is_through =
        outcome && *outcome != Outcome::lost_step && *outcome != Outcome::write_failed;
    if (!is_through || answered() == 0 || around_.proof == Proof::of_each) {
        return outcome;
    }
    const auto in_step = is_in_step(around_.link, around_.stat);
    if (!in_step) {
        return base::fail(in_step.error());
    }
    if (!*in_step) {
        fall_out_of_step();
        return Outcome::lost_step;
    }
    return outcome;
}

void Retrieval::fall_out_of_step()
{
    around_.report.add_note("the server gave a reply too many, or one to nothing that was asked: "
                            "the link was dropped, and what it gave out in it is fetched again "
                            "before anything of it counts or is deleted");
    has_lost_step_ = true;
    is_out_of_step_ = true;
}

Result<Retrieval::Outcome> Retrieval::fetch_all(const std::vector<pop3::ListedMessage>& wanted,
                                                base::Deadline stop_at)
{
    bool is_out_of_time = false;
    bool is_turn_over = false;
    while (true) {
        const auto now = std::chrono::steady_clock::now();
        is_out_of_time = is_out_of_time || now >= stop_at;
        is_turn_over = is_turn_over ||
                       (asked_ > 0 && around_.is_turn_over && around_.is_turn_over(around_.report));
        const bool is_refused = refused_in_row_ >= around_.limits.refusals_in_row_max;
        if (under_way_.empty() && !around_.link.require_silence()) {
            fall_out_of_step();
            return Outcome::lost_step;
        }
        if (!is_out_of_time && !is_turn_over && !is_refused) {
            ask_ahead(wanted);
        }
        submit_when_due(now); // what is whole does not wait for a long message behind it
        if (under_way_.empty()) {
            return asked_ == wanted.size() ? Outcome::done
                   : is_refused            ? Outcome::refused
                   : is_out_of_time        ? Outcome::out_of_time
                                           : Outcome::turn_over;
        }
        const auto event = around_.link.next_until(batch_due());
        if (!event) {
            return base::fail(event.error());
        }
        if (event->kind == Event::Kind::need_input) {
            submit_batch();
            continue;
        }
        if (auto handled = on_event(*event); !handled) {
            return base::fail(std::move(handled).error());
        }
        if (has_lost_step_) {
            return Outcome::lost_step;
        }
        if (has_write_failed_) {
            return Outcome::write_failed;
        }
    }
}

/// Asks when half of the window has arrived, so that many commands share a write. A message that is
/// larger than the window is asked for then too: a round trip for each is dear.
void Retrieval::ask_ahead(const std::vector<pop3::ListedMessage>& wanted)
{
    const std::size_t commands_max =
        pipelining_ == Pipelining::on ? around_.limits.window_commands_max : 1;
    if (under_way_.size() > commands_max / 2 || octets_to_come() > window_octets_ / 2) {
        return;
    }
    fit_window();
    const auto octets_max = window_octets_;
    while (asked_ < wanted.size() && under_way_.size() < commands_max) {
        const auto& message = wanted[asked_];
        const auto octets = base::checked_add(octets_to_come(), message.octets);
        const bool fits = octets && (*octets <= octets_max || octets_to_come() <= octets_max / 2);
        if (!under_way_.empty() && !fits) {
            return;
        }
        around_.link.client().request(pop3::Verb::retr, message.number, message.octets);
        has_asked_ahead_ = !under_way_.empty();
        under_way_.push_back(&message);
        under_way_octets_ += message.octets;
        ++asked_;
    }
}

/// Half of the window has arrived.
void Retrieval::fit_window()
{
    const auto now = std::chrono::steady_clock::now();
    const auto took = now - asked_at_;
    const auto least = std::min(around_.limits.window_bytes_begin, around_.limits.window_bytes_max);
    if (asked_ > 0 && took < around_.limits.window_time) {
        window_octets_ = std::min(2 * window_octets_, around_.limits.window_bytes_max);
    } else if (took > 2 * around_.limits.window_time) {
        window_octets_ = std::max(window_octets_ / 2, least);
    }
    asked_at_ = now;
}

/// Announced and not yet here. The sum cannot run over: what would make it so is asked for alone.
std::uint64_t Retrieval::octets_to_come() const noexcept
{
    const auto arrived =
        under_way_.empty() ? 0 : std::min(current_.octets, under_way_.front()->octets);
    return under_way_octets_ - arrived;
}

Result<void> Retrieval::on_event(const Event& event)
{
    WP_ASSERT(event.number == under_way_.front()->number);
    switch (event.kind) {
    case Event::Kind::reply:
        return on_reply(event.status);
    case Event::Kind::body:
        return on_body(event.body);
    case Event::Kind::end:
        return on_end(event);
    case Event::Kind::line:
    case Event::Kind::need_input:
        break;
    }
    WP_UNREACHABLE("no such event in a retrieval");
}

Result<void> Retrieval::on_reply(const pop3::StatusLine& status)
{
    current_ = {};
    if (status.status == pop3::Status::err) {
        on_refusal(status);
        return {};
    }
    refused_in_row_ = 0;
    auto content = around_.intake.begin(under_way_.front()->octets);
    if (!content) {
        return base::fail(std::move(content).error());
    }
    current_.content = *std::move(content);
    return {};
}

bool Retrieval::was_refused(const pop3::ListedMessage& message) const
{
    return std::ranges::binary_search(refused_, &message, std::less<>{}, &Refused::message);
}

namespace {

constexpr std::size_t status_begin_octets = 4;

/// A reply too many took the place of the status line, which came as the first line then. A message
/// that begins so is only believed with proof.
bool begins_as_status(std::string_view begin)
{
    return begin.starts_with("+OK") || begin.starts_with("-ERR");
}

} // namespace

Result<void> Retrieval::on_body(base::ByteView octets)
{
    current_.octets += octets.size();
    if (current_.begin.size() < status_begin_octets) {
        current_.begin +=
            base::as_text(octets).substr(0, status_begin_octets - current_.begin.size());
    }
    if (is_too_large(around_.policy, current_.octets)) { // whatever was announced
        current_.content.reset();
        if (current_.octets > around_.policy.message_bytes_max + around_.limits.drain_bytes_max) {
            if (under_way_.size() == 1) { // else what we read may belong to several
                keep_too_large();
            }
            has_lost_step_ = true; // its end may never come
        }
        return {};
    }
    if (under_way_.front()->number == 1) {
        current_.folder_data.take(octets);
    }
    return append(octets);
}

/// All but an end that may turn out to be a terminator without a line of its own.
Result<void> Retrieval::append(base::ByteView octets)
{
    if (!current_.held.empty()) {
        const std::string text = std::exchange(current_.held, {});
        const bool goes_on = pop3::glued_end.substr(text.size()).starts_with(base::as_text(octets));
        if (goes_on) { // a tiny piece
            current_.held = text + std::string{base::as_text(octets)};
            return {};
        }
        if (auto appended = current_.content->append(base::as_bytes(text)); !appended) {
            return appended;
        }
    }
    const auto text = base::as_text(octets);
    std::size_t held = std::min(pop3::glued_end.size(), text.size());
    while (!pop3::glued_end.starts_with(text.substr(text.size() - held))) {
        --held;
    }
    current_.held = text.substr(text.size() - held);
    return current_.content->append(octets.first(octets.size() - held));
}

Result<void> Retrieval::on_end(const Event& event)
{
    const bool is_alone = under_way_.size() == 1;
    if (!is_alone && (event.is_short() || event.is_long())) {
        lose_step(event);
        return {};
    }
    if (event.is_end_glued) {
        if (auto probed = probe_step(); !probed || has_lost_step_) {
            return probed;
        }
    }
    // What came whole is kept also where the link ends at the proof: some servers show nothing
    // twice. It stays in doubt.
    const auto proof = around_.proof == Proof::of_each ? is_in_step(around_.link, around_.stat)
                                                       : Result<bool>{true};
    if (proof && !*proof) {
        fall_out_of_step();
        return {};
    }
    if (current_.content) {
        if (auto taken = take_content(event); !taken) {
            return taken;
        }
    } else {
        keep_too_large();
    }
    if (around_.proof == Proof::at_end && begins_as_status(current_.begin)) {
        fall_out_of_step();
    }
    has_lost_step_ = has_lost_step_ || !proof;
    if (has_lost_step_) {
        return {};
    }
    note_oddities(event);
    const bool needs_probe = event.is_short();
    const bool is_again = event.is_short() && current_.was_short; // one message counts once
    leave_front();
    if (around_.on_progress) {
        around_.on_progress(around_.report);
    }
    if (needs_probe) {
        if (auto probed = probe_step(); !probed) {
            return probed;
        }
    }
    if (!has_lost_step_ && !is_again) {
        around_.sizes.note(event.announced, event.octets);
    }
    return {};
}

/// With others under way, where this message ended is in doubt, and so is all that follows. It will
/// be fetched again by itself.
void Retrieval::lose_step(const Event& event)
{
    around_.report.add_note(
        "message " + std::to_string(event.number) + " ended after " + std::to_string(event.octets) +
        " octets, announced were " + std::to_string(event.announced) +
        ": the link was dropped, since what followed could not be told apart from its content");
    has_lost_step_ = true;
}

/// Alone on the link, it ends where it ends: kept, and flagged where octets are missing.
Result<void> Retrieval::take_content(const Event& event)
{
    const std::string held = std::exchange(current_.held, {});
    if (!event.is_end_glued && !held.empty()) {
        if (auto appended = current_.content->append(base::as_bytes(held)); !appended) {
            return appended;
        }
    }
    current_.octets = event.octets;
    const auto sha256 = current_.content->finish();
    if (!sha256) {
        return base::fail(sha256.error());
    }
    if (auto looked = look_for_folder_data(event); !looked) {
        return looked;
    }
    keep_or_match(event, *sha256);
    return {};
}

void Retrieval::note_oddities(const Event& event)
{
    const std::string message = "message " + std::to_string(event.number);
    if (event.is_long()) {
        ++around_.report.longer;
        pipelining_ = Pipelining::off; // the announced octets are no alarm on this server
    }
    if (event.is_early_end_kept) {
        around_.report.add_note(message +
                                " holds a line \".\" that the server did not stuff; it was "
                                "read on to the announced octets");
    }
    if (event.is_end_glued) {
        around_.report.add_note(message + " ended without a line of its own for the final \".\"; "
                                          "it was taken to end at its announced octets");
    }
}

/// A reply that fits and silence: only then did the message really end where it seemed to.
Result<void> Retrieval::probe_step()
{
    pipelining_ = Pipelining::off;
    const auto in_step = is_in_step(around_.link, around_.stat);
    has_lost_step_ = !in_step || !*in_step;
    return {};
}

spool::Receipt Retrieval::receipt(Completeness completeness) const
{
    const auto& message = *under_way_.front();
    spool::Receipt receipt;
    receipt.key = around_.policy.key;
    receipt.uid = message.uid;
    receipt.octets = current_.octets;
    receipt.announced_octets = message.octets;
    receipt.epoch = epoch_;
    receipt.completeness = completeness;
    receipt.fetch_again = around_.again.number;
    receipt.received_at = base::now();
    return receipt;
}

/// What is ours already is stored once more where somebody asked for it.
bool Retrieval::is_wanted_again(const ContentMatch& match) const
{
    return match.kind != ContentMatch::Kind::is_new &&
           around_.again.is_due(*under_way_.front(), match.known);
}

/// The same content is not taken twice, whatever it is called now. What was a stump once is not
/// made whole by estimates.
void Retrieval::keep_or_match(const Event& event, const crypto::Sha256& sha256)
{
    const auto& message = *under_way_.front();
    auto receipt = this->receipt(Completeness::whole);
    receipt.sha256 = sha256;
    current_.was_short = around_.matcher.was_short(message, receipt.sha256, receipt.octets);
    if (event.is_short() &&
        (current_.was_short || !around_.sizes.explains(event.announced, event.octets))) {
        receipt.completeness = Completeness::short_of_announced;
    }
    if (receipt.completeness == Completeness::short_of_announced && current_.was_short &&
        !around_.again.covers(message) &&
        around_.matcher.is_lesser_stump(message, receipt.octets)) {
        ++around_.report.duplicates; // cut elsewhere, or at the same place
        ++around_.report.fetched;
        return;
    }
    const auto match =
        around_.matcher.match(message, receipt.sha256, receipt.octets, receipt.completeness);
    if (is_wanted_again(match)) {
        receipt.copy_of = match.known.origin;
        keep(std::move(receipt));
        return;
    }
    switch (match.kind) {
    case ContentMatch::Kind::is_new:
        keep(std::move(receipt));
        return;
    case ContentMatch::Kind::another_uid:
        receipt.completeness = receipt.completeness == Completeness::whole
                                   ? Completeness::another_uid
                                   : Completeness::another_uid_short;
        keep(std::move(receipt));
        return;
    case ContentMatch::Kind::fetched_before:
        break;
    }
    ++around_.report.duplicates;
    ++around_.report.fetched;
    if (match.known.state == spool::SourceState::expunged && message.has_usable_uid() &&
        match.known.uid == message.uid) {
        listed_again_.push_back(match.known.id);
    }
    if (receipt.completeness == Completeness::whole && match.known.may_be_deleted() &&
        around_.policy.after_retrieval == AfterRetrieval::delete_once_stored) {
        removals_.push_back({message.number, match.known.id});
    }
}

void Retrieval::leave_front()
{
    under_way_octets_ -= under_way_.front()->octets;
    under_way_.pop_front();
    current_ = {};
}

} // namespace watchpost::collector
