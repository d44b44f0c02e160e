#include "collector/survey.h"

#include <algorithm>

#include "base/ascii.h"
#include "diag/quote.h"
#include "pop3/limits.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;
using pop3::Event;
using pop3::Trouble;
using pop3::Verb;

namespace {

struct Status {
    pop3::MaildropStatus maildrop;
    std::string text;
};

Result<Status> read_status(Link& link)
{
    const auto reply = link.read_reply();
    if (!reply) {
        return base::fail(reply.error());
    }
    if (!reply->is_ok()) {
        return base::fail(pop3::refusal(reply->line()));
    }
    const auto status = pop3::parse_stat(reply->text);
    if (!status) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the reply to STAT has no message count: \"" +
                              diag::quote(reply->text, 80) + "\"");
    }
    if (status->count > pop3::listing_lines_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "the maildrop holds " + std::to_string(status->count) +
                              " messages, more than the " +
                              std::to_string(pop3::listing_lines_max) +
                              " that one session lists: remove old mail from it");
    }
    return Status{*status, reply->text};
}

/// As RFC 1939 has it. No status line of another command looks so.
bool is_two_numbers(std::string_view text)
{
    const auto blank = std::min(text.find(' '), text.size());
    const auto is_number = [](std::string_view word) {
        return !word.empty() && std::ranges::all_of(word, base::is_digit);
    };
    return is_number(text.substr(0, blank)) &&
           is_number(text.substr(std::min(blank + 1, text.size())));
}

/// "try again later" alone may be how a server without UIDL says so; a code means it.
bool is_trouble(const pop3::StatusLine& status)
{
    return status.code != pop3::ResponseCode::none && status.code != pop3::ResponseCode::other;
}

/// The lines of LIST or UIDL go into `listing`. Trouble::none: the command was answered, else the
/// server does not know UIDL, or says so.
Result<Trouble> read_listing(Link& link, pop3::Listing& listing)
{
    while (true) {
        const auto event = link.next();
        if (!event) {
            return base::fail(event.error());
        }
        if (event->kind == Event::Kind::end) {
            return Trouble::none;
        }
        if (event->kind == Event::Kind::reply) {
            if (event->status.status == pop3::Status::err) {
                return event->verb == Verb::uidl && !is_trouble(event->status)
                           ? Result<Trouble>{pop3::trouble_of(event->status)}
                           : base::fail(pop3::refusal(event->status));
            }
            continue;
        }
        auto added = event->verb == Verb::uidl ? listing.add_uid(event->line)
                                               : listing.add_size(event->line);
        if (!added) {
            return base::fail(std::move(added).error());
        }
    }
}

} // namespace

Result<pop3::MaildropStatus> ask_status(Link& link)
{
    if (auto silent = link.require_silence(); !silent) {
        return base::fail(std::move(silent).error());
    }
    link.client().request(Verb::stat);
    const auto status = read_status(link);
    return status ? Result<pop3::MaildropStatus>{status->maildrop} : base::fail(status.error());
}

Result<bool> is_in_step(Link& link, std::string_view stat)
{
    const auto reply = link.exchange(Verb::stat);
    if (!reply) {
        return reply.error().code() == ErrorCode::protocol_violation ? Result<bool>{false}
                                                                     : base::fail(reply.error());
    }
    const bool is_same = reply->is_ok() && (reply->text == stat || is_two_numbers(reply->text));
    return is_same && link.require_silence();
}

Result<Survey> survey_maildrop(Link& link, Pipelining pipelining)
{
    if (auto silent = link.require_silence(); !silent) {
        return base::fail(std::move(silent).error());
    }
    link.client().request(Verb::stat);
    if (pipelining == Pipelining::on) {
        link.client().request(Verb::uidl);
        link.client().request(Verb::list);
    }
    const auto status = read_status(link);
    if (!status) {
        return base::fail(status.error());
    }
    Survey survey;
    survey.count = status->maildrop.count;
    survey.octets = status->maildrop.octets;
    survey.stat = status->text;
    pop3::Listing listing{survey.count};
    for (const auto verb : {Verb::uidl, Verb::list}) {
        if (pipelining == Pipelining::off) {
            link.client().request(verb);
        }
        const auto listed = read_listing(link, listing);
        if (!listed) {
            return base::fail(listed.error());
        }
        if (verb == Verb::uidl) {
            survey.has_uids = *listed == Trouble::none;
            survey.uidl_trouble = *listed;
        }
    }
    survey.without_uid_line = listing.without_uid_line();
    survey.messages = listing.take_messages();
    survey.ignored_lines = listing.ignored_lines();
    if (survey.messages.empty() && survey.count > 0 && !listing.garbage().empty()) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "LIST names no message, STAT counts " + std::to_string(survey.count) +
                              "; a line of the list has no message number: " + listing.garbage());
    }
    return survey;
}

} // namespace watchpost::collector
