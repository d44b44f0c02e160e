#include "pop3/client.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "diag/quote.h"
#include "pop3/limits.h"

namespace watchpost::pop3 {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

bool is_multi_line(Verb verb) noexcept
{
    return verb == Verb::capa || verb == Verb::list || verb == Verb::uidl || verb == Verb::retr;
}

bool is_sasl(Verb verb) noexcept
{
    return verb == Verb::auth || verb == Verb::auth_initial || verb == Verb::response;
}

std::size_t lines_max(Verb verb) noexcept
{
    return verb == Verb::capa ? capability_lines_max : listing_lines_max;
}

bool is_allowed(Verb verb, Client::State state) noexcept
{
    using State = Client::State;
    switch (verb) {
    case Verb::greeting:
        return false;
    case Verb::capa:
    case Verb::quit:
        return state == State::authorization || state == State::transaction;
    case Verb::stls:
    case Verb::user:
    case Verb::pass:
    case Verb::apop:
    case Verb::auth:
    case Verb::auth_initial:
    case Verb::response:
        return state == State::authorization;
    case Verb::stat:
    case Verb::list:
    case Verb::uidl:
    case Verb::retr:
    case Verb::dele:
    case Verb::rset:
    case Verb::noop:
        return state == State::transaction;
    }
    return false;
}

} // namespace

std::string_view to_string(Verb verb) noexcept
{
    switch (verb) {
    case Verb::greeting:
        return "greeting";
    case Verb::capa:
        return "CAPA";
    case Verb::stls:
        return "STLS";
    case Verb::user:
        return "USER";
    case Verb::pass:
        return "PASS";
    case Verb::apop:
        return "APOP";
    case Verb::auth:
    case Verb::auth_initial:
        return "AUTH";
    case Verb::response:
        return "AUTH response";
    case Verb::stat:
        return "STAT";
    case Verb::list:
        return "LIST";
    case Verb::uidl:
        return "UIDL";
    case Verb::retr:
        return "RETR";
    case Verb::dele:
        return "DELE";
    case Verb::rset:
        return "RSET";
    case Verb::noop:
        return "NOOP";
    case Verb::quit:
        return "QUIT";
    }
    return "unknown";
}

void Client::expect(Expected expected)
{
    WP_ASSERT(is_allowed(expected.verb, state_));
    expected_.push_back(expected);
}

void Client::request(Verb verb, std::string_view argument)
{
    WP_ASSERT(argument.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos);
    expect({verb, 0, 0});
    if (verb != Verb::response) { // the bare line is the answer
        output_ += to_string(verb);
        output_ += argument.empty() ? "" : " ";
    }
    output_ += argument;
    output_ += "\r\n";
}

void Client::request(Verb verb, std::uint32_t number, std::uint64_t announced_octets)
{
    expect({verb, number, announced_octets});
    output_ += to_string(verb);
    output_ += ' ';
    output_ += std::to_string(number);
    output_ += "\r\n";
}

std::string Client::take_output()
{
    return std::exchange(output_, {});
}

std::string Client::awaited() const
{
    if (expected_.empty()) {
        return "nothing";
    }
    const auto& first = expected_.front();
    if (first.verb == Verb::greeting) {
        return "the greeting";
    }
    const std::string number = first.number > 0 ? " " + std::to_string(first.number) : "";
    return (reading_ == Reading::status ? "the reply to " : "the rest of the reply to ") +
           std::string{to_string(first.verb)} + number;
}

void Client::begin_tls()
{
    WP_ASSERT(state_ == State::handshake);
    state_ = State::authorization;
    lines_ = {};
}

Event Client::event(Event::Kind kind) const
{
    Event result;
    result.kind = kind;
    if (!expected_.empty()) {
        result.verb = expected_.front().verb;
        result.number = expected_.front().number;
        result.announced = expected_.front().announced;
    }
    return result;
}

base::Failure Client::end(base::Error error)
{
    state_ = State::ended;
    return base::fail(std::move(error));
}

base::Failure Client::end(ErrorCode code, std::string message)
{
    return end(base::Error{code, Retry::later, std::move(message)});
}

Result<Event> Client::next(ByteView& input)
{
    if (has_lost_step_) {
        return end(
            ErrorCode::protocol_violation,
            "a message ended before or after its announced octets, so that what follows cannot be "
            "told apart from its content");
    }
    if (input.empty()) {
        return Event{};
    }
    WP_ASSERT(state_ != State::ended || expected_.empty());
    if (expected_.empty()) {
        return unsolicited(input);
    }
    switch (reading_) {
    case Reading::status:
        return read_status(input);
    case Reading::lines:
        return read_line(input);
    case Reading::body:
        return read_body(input);
    }
    WP_UNREACHABLE("no such reading");
}

/// We asked nothing. A "-ERR" is the server saying why it is about to hang up (Dovecot does so
/// where the mailbox cannot be opened after the log-in); anything else was injected, or we lost
/// step.
base::Failure Client::unsolicited(ByteView input)
{
    const auto text = base::as_text(input).substr(0, line_bytes_max);
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    const auto status = parse_status_line(line);
    if (status && status->status == Status::err) {
        trouble_ = trouble_of(*status);
        const auto error = refusal(*status);
        return end(error.code(), "unasked, " + error.message());
    }
    return end(ErrorCode::protocol_violation,
               "the server sent something that nobody asked for: \"" + diag::quote(line, 80) +
                   "\"");
}

Result<Event> Client::read_status(ByteView& input)
{
    while (true) {
        const auto line = lines_.next(input);
        if (!line) {
            return end(line.error());
        }
        if (!*line) {
            return Event{};
        }
        if ((*line)->empty() && empty_lines_ < empty_lines_max) {
            ++empty_lines_;
            continue;
        }
        const auto status = parse_status_line(**line);
        if (!status) {
            return end(ErrorCode::protocol_violation,
                       "the reply to " + std::string{to_string(expected_.front().verb)} +
                           " is neither +OK nor -ERR: \"" + diag::quote(**line, 80) + "\"");
        }
        return on_status(*status, input);
    }
}

Result<Event> Client::on_status(const StatusLine& status, ByteView rest)
{
    const Verb verb = expected_.front().verb;
    trouble_ = trouble_of(status);
    if (status.status == Status::more && !is_sasl(verb)) {
        return end(ErrorCode::protocol_violation,
                   "the reply to " + std::string{to_string(verb)} + " is \"+\"");
    }
    Event result = event(Event::Kind::reply);
    result.status = status;
    empty_lines_ = 0;
    if (status.status == Status::ok && is_multi_line(verb)) {
        reading_ = verb == Verb::retr ? Reading::body : Reading::lines;
        line_count_ = 0;
        body_ = {};
        body_octets_ = 0;
        tail_.clear();
        is_early_end_kept_ = false;
        return result;
    }
    expected_.pop_front();
    if (const auto changed = change_state(verb, status, rest); !changed) {
        return base::fail(changed.error());
    }
    return result;
}

Result<void> Client::change_state(Verb verb, const StatusLine& status, ByteView rest)
{
    const bool is_ok = status.status == Status::ok;
    switch (verb) {
    case Verb::greeting:
        if (!is_ok) {
            return end(refusal(status));
        }
        state_ = State::authorization;
        return {};
    case Verb::stls:
        // RFC 2595 §4: whatever stands in clear behind this +OK was put there by somebody in
        // between.
        if (is_ok && !rest.empty()) {
            return end(ErrorCode::protocol_violation,
                       "something was sent in clear behind the answer to STLS: somebody may be "
                       "tampering with the connection");
        }
        state_ = is_ok ? State::handshake : state_;
        return {};
    case Verb::pass:
    case Verb::apop:
    case Verb::auth_initial:
    case Verb::response:
        state_ = is_ok ? State::transaction : state_;
        return {};
    case Verb::quit:
        state_ = State::ended;
        return {};
    case Verb::auth:
    case Verb::capa:
    case Verb::user:
    case Verb::stat:
    case Verb::list:
    case Verb::uidl:
    case Verb::retr:
    case Verb::dele:
    case Verb::rset:
    case Verb::noop:
        return {};
    }
    WP_UNREACHABLE("no such verb");
}

Result<Event> Client::read_line(ByteView& input)
{
    const auto line = lines_.next(input);
    if (!line) {
        return end(line.error());
    }
    if (!*line) {
        return Event{};
    }
    if (**line == ".") {
        return end_of_reply();
    }
    if (++line_count_ > lines_max(expected_.front().verb)) {
        return end(ErrorCode::limit_exceeded,
                   "the answer to " + std::string{to_string(expected_.front().verb)} +
                       " has more than " + std::to_string(lines_max(expected_.front().verb)) +
                       " lines");
    }
    Event result = event(Event::Kind::line);
    result.line = (*line)->starts_with('.') ? (*line)->substr(1) : **line; // RFC 1939 §3
    return result;
}

Result<Event> Client::read_body(ByteView& input)
{
    Event result = event(Event::Kind::body);
    result.body = body_.next(input);
    if (result.body.empty()) {
        if (!body_.has_ended()) {
            return Event{};
        }
        // Nothing is outstanding behind this message, and yet there is more: the terminator stood
        // in the message and was not stuffed. Some servers leave the first "." of a message as it
        // is.
        const bool is_content =
            body_octets_ < result.announced && expected_.size() == 1 && !input.empty();
        if (!is_content) {
            return end_of_reply();
        }
        is_early_end_kept_ = true;
        body_.resume();
        result.body = base::as_bytes(".\r\n");
    }
    body_octets_ += result.body.size();
    note_tail(result.body);
    return result;
}

void Client::note_tail(ByteView content)
{
    const auto last = base::as_text(content.last(std::min(content.size(), glued_end.size())));
    tail_.append(last);
    tail_.erase(0, tail_.size() - std::min(tail_.size(), glued_end.size()));
}

bool Client::may_have_ended() const noexcept
{
    return reading_ == Reading::body && expected_.size() == 1 && expected_.front().announced > 0 &&
           tail_ == glued_end && body_octets_ - glued_end.size() >= expected_.front().announced;
}

Event Client::end_glued()
{
    WP_ASSERT(may_have_ended());
    body_octets_ -= glued_end.size();
    Event result = end_of_reply();
    result.is_end_glued = true;
    return result;
}

Event Client::end_of_reply()
{
    Event result = event(Event::Kind::end);
    expected_.pop_front();
    if (result.verb == Verb::retr) {
        result.octets = body_octets_;
        result.is_early_end_kept = is_early_end_kept_;
        // Longer: a terminator that was glued to an unfinished line would have let the next reply
        // and message pass as content of this one.
        has_lost_step_ = (result.is_short() || result.is_long()) && !expected_.empty();
    }
    reading_ = Reading::status;
    return result;
}

} // namespace watchpost::pop3
