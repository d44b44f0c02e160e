#include "collector/link.h"

#include <algorithm>

#include "base/assert.h"
#include "diag/quote.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Result;
using base::Retry;
using pop3::Event;

Link::Link(std::unique_ptr<net::Stream> stream, const SessionLimits& limits,
           base::Deadline session_end)
    : stream_{std::move(stream)}
    , reply_time_max_{limits.reply_time_max}
    , glued_end_time_max_{limits.glued_end_time_max}
    , session_end_{session_end}
    , buffer_(limits.read_bytes)
{
}

base::Deadline Link::reply_deadline() const
{
    const auto time_max =
        client_.may_have_ended() ? std::min(glued_end_time_max_, reply_time_max_) : reply_time_max_;
    return std::min(std::chrono::steady_clock::now() + time_max, session_end_);
}

/// Adds what was being waited for, and what the server had said before it fell silent or hung up.
base::Error Link::while_waiting(const base::Error& error) const
{
    std::string message = error.message() + " while waiting for " + client_.awaited();
    if (!last_refusal_.empty()) {
        message += "; before that the server said \"-ERR " + last_refusal_ + "\"";
    }
    return base::Error{error.code(), error.retry(), std::move(message)};
}

Result<void> Link::send()
{
    const std::string output = client_.take_output();
    if (output.empty()) {
        return {};
    }
    auto sent = stream_->write_all(base::as_bytes(output), reply_deadline());
    if (!sent) {
        return base::fail(while_waiting(sent.error()));
    }
    return {};
}

Result<void> Link::receive(base::Deadline deadline)
{
    const auto count = stream_->read_some(buffer_, deadline);
    if (!count) {
        return base::fail(while_waiting(count.error()));
    }
    if (*count == 0) {
        return base::fail(while_waiting(base::Error{ErrorCode::connection_lost, Retry::later,
                                                    "the server closed the connection"}));
    }
    unread_ = base::ByteView{buffer_}.first(*count);
    return {};
}

Result<Event> Link::next()
{
    return next_until(base::Deadline::max());
}

Result<Event> Link::next_until(base::Deadline quiet_until)
{
    if (auto sent = send(); !sent) {
        return base::fail(std::move(sent).error());
    }
    while (true) {
        auto event = client_.next(unread_);
        if (!event) {
            return event;
        }
        if (event->kind != Event::Kind::need_input) {
            if (event->kind == Event::Kind::reply && event->status.status == pop3::Status::err) {
                last_refusal_ = diag::quote(event->status.text, 160);
            }
            return event;
        }
        const auto deadline = reply_deadline();
        if (auto received = receive(std::min(deadline, quiet_until)); !received) {
            const bool is_silent = received.error().code() == ErrorCode::timed_out;
            if (is_silent && quiet_until < deadline) {
                return event;
            }
            if (is_silent && client_.may_have_ended()) {
                return client_.end_glued();
            }
            return base::fail(std::move(received).error());
        }
    }
}

Result<Reply> Link::read_reply()
{
    const auto event = next();
    if (!event) {
        return base::fail(event.error());
    }
    WP_ASSERT(event->kind == Event::Kind::reply);
    return Reply{event->status.status, event->status.code, std::string{event->status.text}};
}

Result<Reply> Link::exchange(pop3::Verb verb, std::string_view argument)
{
    WP_ASSERT(client_.outstanding() == 0);
    if (auto silent = require_silence(); !silent) {
        return base::fail(std::move(silent).error());
    }
    client_.request(verb, argument);
    return read_reply();
}

Result<pop3::Capabilities> Link::ask_capabilities()
{
    pop3::Capabilities capabilities;
    const auto reply = exchange(pop3::Verb::capa);
    if (!reply) {
        return base::fail(reply.error());
    }
    if (!reply->is_ok()) {
        return capabilities;
    }
    capabilities.known = true;
    while (true) {
        const auto event = next();
        if (!event) {
            return base::fail(event.error());
        }
        if (event->kind == Event::Kind::end) {
            return capabilities;
        }
        capabilities.add(event->line);
    }
}

Result<void> Link::require_silence()
{
    if (unread_.empty()) {
        return {};
    }
    const auto event = client_.next(unread_); // nothing is outstanding: this says what it was
    WP_ASSERT(!event);
    return base::fail(event.error());
}

} // namespace watchpost::collector
