#include "pop3/login.h"

#include "base/assert.h"
#include "diag/quote.h"
#include "pop3/limits.h"

namespace watchpost::pop3 {

using base::ErrorCode;
using base::Result;
using base::Retry;

std::string_view Login::mechanism() const noexcept
{
    return state_ == State::user || state_ == State::pass ? "USER" : "PLAIN";
}

void Login::start(Client& client, const Capabilities& capabilities)
{
    if (!capabilities.has_mechanism("PLAIN")) {
        // Also where USER is not announced: many servers take it all the same, and one that does
        // not says why before it has seen the password.
        return start_user(client);
    }
    const std::string with_response = "PLAIN " + credentials_.sasl_plain();
    // Without AUTH-RESP-CODE a refused initial response could mean either "no such mechanism" or
    // "wrong password"; the challenge tells the two apart at the price of a round trip.
    if (capabilities.auth_codes && with_response.size() + 7 <= command_bytes_max) {
        state_ = State::auth_initial;
        client.request(Verb::auth_initial, with_response);
    } else {
        state_ = State::auth;
        client.request(Verb::auth, "PLAIN");
    }
}

void Login::start_user(Client& client)
{
    state_ = State::user;
    client.request(Verb::user, credentials_.user());
}

Result<Login::Progress> Login::on_reply(Client& client, const Event& reply)
{
    WP_ASSERT(reply.kind == Event::Kind::reply);
    if (reply.status.status == Status::err) {
        return on_refusal(client, reply.status);
    }
    const bool is_ok = reply.status.status == Status::ok;
    switch (state_) {
    case State::auth: // "+", or "+OK" in its place
        state_ = State::response;
        client.request(Verb::response, credentials_.sasl_plain());
        return Progress::waiting;
    case State::auth_initial:
        if (!is_ok) { // the server overlooked the initial response and asks for it
            state_ = State::response;
            client.request(Verb::response, credentials_.sasl_plain());
            return Progress::waiting;
        }
        return Progress::logged_in;
    case State::response:
        if (!is_ok) {
            return base::fail(ErrorCode::protocol_violation, Retry::later,
                              "the server asks for more than SASL PLAIN has to say: \"" +
                                  diag::quote(reply.status.text, 80) + "\"");
        }
        return Progress::logged_in;
    case State::user:
        state_ = State::pass;
        client.request(Verb::pass, credentials_.password());
        return Progress::waiting;
    case State::pass:
        return Progress::logged_in;
    }
    WP_UNREACHABLE("no such state of a log-in");
}

Result<Login::Progress> Login::on_refusal(Client& client, const StatusLine& status)
{
    const bool secret_was_sent = state_ != State::auth && state_ != State::user;
    const auto error = secret_was_sent ? login_refusal(status) : refusal(status);
    const bool secret_was_refused = secret_was_sent && error.code() == ErrorCode::auth_rejected;
    refusals_ += secret_was_refused ? 1 : 0;
    if (should_fall_through(status)) {
        start_user(client);
        return Progress::waiting;
    }
    return base::fail(error);
}

/// From PLAIN to USER where the server may have meant the mechanism. Never after [AUTH], nor where
/// the server is busy, nor after the secret was refused in answer to a challenge.
bool Login::should_fall_through(const StatusLine& status) const
{
    const bool is_plain = state_ == State::auth || state_ == State::auth_initial;
    const bool may_mean_mechanism =
        status.code == ResponseCode::none || status.code == ResponseCode::other;
    return is_plain && may_mean_mechanism && refusal(status).retry() == Retry::never &&
           refusals_ < refusals_max_;
}

} // namespace watchpost::pop3
