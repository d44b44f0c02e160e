// Part of Poll: the way to the server, and what is remembered of it.
#include <algorithm>
#include <chrono>

#include "collector/login_pause.h"
#include "collector/poll.h"
#include "diag/quote.h"

namespace watchpost::collector {

namespace {

constexpr std::chrono::minutes first_poll_late_min{5};

} // namespace

using base::ErrorCode;
using base::Result;
using base::Retry;

Result<std::unique_ptr<Link>> Poll::open_link()
{
    if (login_limiter_.bring_back(around_.clock())) {
        if (auto saved = login_memory_.save(login_limiter_); !saved) {
            report_.add_note("refused log-ins cannot be remembered: " + saved.error().describe());
        }
    }
    const unsigned refusals_left = login_limiter_.refusals_left(around_.clock());
    if (refusals_left == 0) {
        return base::fail(login_pause());
    }
    auto link = around_.tokens != nullptr ? open_link_by_token(refusals_left)
                                          : open_link(around_.credentials, refusals_left);
    if (auto noted = note_login(link); !noted) {
        report_.add_note("refused log-ins cannot be remembered: " + noted.error().describe());
    }
    return link;
}

Result<std::unique_ptr<Link>> Poll::open_link(const pop3::Credentials& credentials,
                                              unsigned refusals_max)
{
    LinkOpener opener{around_.transport, around_.settings, credentials, around_.limits};
    opener.avoid(facts_.rejected);
    auto link =
        opener.open(stop_at_ + around_.limits.wind_down_time_max, refusals_max, report_.link,
                    facts_.hangs_up_on_capa ? LinkOpener::Capa::spare : LinkOpener::Capa::ask);
    report_.steps.add(report_.link.step.times(), !link.has_value());
    if (report_.link.step == LinkStep::done) { // else it may have been the password
        const auto& rejected = report_.link.mechanisms_rejected;
        facts_.rejected.insert(facts_.rejected.end(), rejected.begin(), rejected.end());
    }
    return link;
}

/// A refusal of the token end point is one of the secret, too.
Result<void> Poll::note_login(const Result<std::unique_ptr<Link>>& link)
{
    const unsigned refusals = token_refusals_.value_or(report_.link.refusals);
    if (link) {
        login_limiter_.start_anew();
    } else if (refusals > 0) {
        login_limiter_.note_refusals(refusals, around_.clock());
    } else {
        return {};
    }
    return login_memory_.save(login_limiter_);
}

/// Before the link: a mail server does not wait for a token end point.
Result<pop3::Credentials> Poll::fetch_token()
{
    report_.steps.enter("fetch token");
    auto credentials = around_.tokens->credentials();
    token_refusals_.reset();
    if (!credentials) {
        report_.was_token_refused = credentials.error().code() == ErrorCode::auth_rejected;
        token_refusals_ = report_.was_token_refused ? 1 : 0;
        report_.steps.fail();
    }
    report_.steps.end();
    for (auto& note : around_.tokens->take_notes()) {
        report_.add_note(std::move(note));
    }
    return credentials;
}

/// A token can end before its time (revoked, a clock that is wrong): a kept one that is refused is
/// fetched anew, once a poll, before it counts as a refusal.
Result<std::unique_ptr<Link>> Poll::open_link_by_token(unsigned refusals_max)
{
    auto credentials = fetch_token();
    if (!credentials) {
        return base::fail(std::move(credentials).error());
    }
    auto link = open_link(*credentials, 1);
    if (link || report_.link.refusals == 0 || !around_.tokens->may_renew()) {
        return link;
    }
    credentials = fetch_token();
    return credentials ? open_link(*credentials, refusals_max)
                       : base::fail(std::move(credentials).error());
}

base::Error Poll::login_pause() const
{
    const auto next_try = login_limiter_.next_try(around_.clock());
    return base::Error{ErrorCode::auth_rejected, Retry::later,
                       describe_login_pause(around_.settings, next_try) + ". Mend the " +
                           judged_by(around_.settings) + ", which is tried at once, or " +
                           (around_.audience == Audience::console ? "press Apply, which starts anew"
                                                                  : "use --retry-login")}
        .during("log in");
}

void Poll::note_source()
{
    const auto changes = source_.note(around_.settings, report_.link);
    if (!changes) {
        report_.add_note("server and certificate cannot be remembered: " +
                         changes.error().describe());
        return;
    }
    if (changes->server_before) {
        report_.add_note(describe_server_change(*changes->server_before));
    }
    report_.unconfirmed_certificate = changes->unconfirmed;
    if (changes->certificate) {
        report_.certificate_change = changes->certificate;
        report_.add_note("the server's certificate has changed: its SHA-256 fingerprint was " +
                         changes->certificate->before + " and is " + changes->certificate->now);
    }
}

std::string Poll::describe_server_change(const std::string& before) const
{
    const std::string what = "was collected from " + diag::quote(before) +
                             " before and is taken for the same maildrop; "
                             "if it is another one, ";
    return around_.audience == Audience::console
               ? "the mailbox " + what + "apply it as a different maildrop"
               : "mailbox \"" + diag::quote(around_.key.mailbox) + "\" " + what +
                     "give it a name of its own (--mailbox) or say --different-maildrop";
}

/// "From now on" is the first poll that gets through: how late that is has to be seen.
void Poll::note_first_try()
{
    FirstPollRecord record{around_.store, around_.key};
    if (around_.first_poll != FirstPoll::new_only || !record.is_to_come()) {
        return;
    }
    if (auto noted = record.note_try(around_.clock()); !noted) {
        report_.add_note("when the first poll was tried cannot be remembered: " +
                         noted.error().describe());
    }
}

void Poll::note_late_first_poll(const FirstPollRecord& record)
{
    const auto tried_at = record.tried_at();
    if (tried_at && around_.clock() - *tried_at >= first_poll_late_min) {
        report_.add_note("the first poll was tried at " + base::to_rfc3339(*tried_at) +
                         " and got through only now: mail that came in between is left out like "
                         "what was there before; look for it in the mailbox");
    }
}

/// UIDs that do not last are none: content decides, and the ledger takes no names of them.
void Poll::ignore_uids(Survey& survey)
{
    ignores_uids_ = survey.has_uids && uids_.do_not_last(around_.clock());
    if (ignores_uids_) {
        for (auto& message : survey.messages) {
            message.uid.clear();
        }
    }
}

/// All names new, and nothing else: that a server does once, after a migration; not again and
/// again.
void Poll::note_uids()
{
    const bool have_all_changed =
        report_.known == 0 && report_.renamed > 0 && report_.renamed * 5 >= report_.listed * 4;
    if (ignores_uids_ || (!have_all_changed && report_.known == 0)) {
        return;
    }
    const auto noted =
        have_all_changed ? uids_.note_all_changed(around_.clock()) : uids_.note_lasted();
    if (!noted) {
        report_.add_note("whether UIDs last cannot be remembered: " + noted.error().describe());
    }
}

/// A poll that got to its end without asking ahead, after a link that broke while asking ahead,
/// counts against doing so; one that asked ahead and came through starts anew.
void Poll::note_learned()
{
    if (report_.renamed >= 5 && report_.renamed * 5 >= report_.listed * 4) {
        report_.add_note("the server has given " + std::to_string(report_.renamed) +
                         " messages new UIDs: they are known by their content, and nothing of "
                         "them is inspected again");
    }
    note_uids();
    const auto before = describe(server_.known());
    if (broke_ahead_ && !report_.error && isolations_ == 0) {
        facts_.broken_pipelines =
            std::min(facts_.broken_pipelines + 1, ServerFacts::broken_pipelines_max);
    } else if (has_fetched_ahead_ && !broke_ahead_) {
        facts_.broken_pipelines = 0;
    }
    report_.learned = describe(facts_);
    for (const auto& fact : report_.learned) {
        if (std::ranges::find(before, fact) == before.end()) {
            report_.add_note("learned about the server: " + fact);
        }
    }
    if (auto saved = server_.save(facts_, around_.clock()); !saved) {
        report_.add_note("what was learned about the server cannot be remembered: " +
                         saved.error().describe());
    }
}

} // namespace watchpost::collector
