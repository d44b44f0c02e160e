#include "pop3/login.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/base64.h"
#include "crypto/mac.h"
#include "diag/quote.h"
#include "pop3/apop.h"
#include "pop3/limits.h"
#include "pop3/sasl.h"

namespace watchpost::pop3 {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::size_t auth_bytes = std::string_view{"AUTH  \r\n"}.size();

bool has(const Capabilities& announced, Mechanism mechanism)
{
    return announced.has_mechanism(name_of(mechanism));
}

/// RFC 5802 §6: whether a server that could bind would have said so.
bool announces_no_binding(const Capabilities& announced)
{
    return !announced.mechanisms.empty() && !has(announced, Mechanism::scram_sha_1_plus) &&
           !has(announced, Mechanism::scram_sha_256_plus);
}

std::string names_of(const Capabilities& announced)
{
    std::string names;
    for (const auto& name : announced.mechanisms) {
        names += (names.empty() ? "" : ", ") + diag::quote(name, 40);
    }
    return names.empty() ? "no mechanism" : names;
}

} // namespace

std::deque<Mechanism> choose_mechanisms(const Capabilities& announced, const LoginOptions& options)
{
    if (options.mechanism) {
        return {*options.mechanism};
    }
    std::deque<Mechanism> chosen;
    const auto add_if = [&](bool is_wanted, Mechanism mechanism) {
        const bool is_avoided =
            std::ranges::find(options.avoided, mechanism) != options.avoided.end();
        if (is_wanted && !is_avoided &&
            (mechanism == Mechanism::user_pass || has(announced, mechanism))) {
            chosen.push_back(mechanism);
        }
    };
    // Never both of a digest: where the bound one is refused, the other is what somebody in between
    // would be after.
    using enum Mechanism;
    for (const auto& [bound, unbound] :
         {std::pair{scram_sha_256_plus, scram_sha_256}, std::pair{scram_sha_1_plus, scram_sha_1}}) {
        const bool can_bind = options.binding && has(announced, bound);
        add_if(can_bind, bound);
        add_if(!can_bind, unbound);
    }
    const bool has_other = has(announced, plain) || has(announced, login) || announced.user;
    add_if(!options.is_encrypted || !has_other, cram_md5);
    add_if(true, plain);
    add_if(true, login);
    // Also where USER is not announced: many servers take it all the same, and one that does not
    // says why before it has seen the password.
    add_if(true, user_pass);
    return chosen;
}

Login::Login(Credentials credentials, unsigned refusals_max, LoginOptions options)
    : credentials_{std::move(credentials)}
    , refusals_max_{refusals_max}
    , options_{std::move(options)}
{
}

Login::~Login() = default;

Result<void> Login::start(Client& client, const Capabilities& capabilities)
{
    announced_ = capabilities;
    untried_ = choose_mechanisms(announced_, options_);
    return try_next(client);
}

Result<void> Login::try_next(Client& client)
{
    WP_ASSERT(!untried_.empty());
    mechanism_ = untried_.front();
    untried_.pop_front();
    exchange_.reset();
    if (mechanism_ == Mechanism::user_pass) {
        stage_ = Stage::user;
        client.request(Verb::user, credentials_.user());
        return {};
    }
    auto started = mechanism_ == Mechanism::apop ? start_apop(client) : start_sasl(client);
    return started || untried_.empty() ? started : try_next(client);
}

Result<void> Login::start_apop(Client& client)
{
    const auto stamp = find_stamp(options_.greeting);
    if (!stamp || !crypto::is_available(crypto::Algorithm::md5)) {
        return base::fail(ErrorCode::unsupported, Retry::never,
                          std::string{"APOP cannot be used: "} +
                              (stamp ? "this machine's OpenSSL does not allow MD5"
                                     : "the server's greeting holds no time stamp"));
    }
    stage_ = Stage::apop;
    client.request(Verb::apop, apop_argument(credentials_, *stamp));
    return {};
}

Result<void> Login::start_sasl(Client& client)
{
    LoginOptions options = options_;
    if (!is_bound(mechanism_) && !announces_no_binding(announced_)) {
        options.binding.reset(); // do not claim that the server cannot
    }
    auto exchange = make_sasl(mechanism_, credentials_, options);
    if (!exchange) {
        return base::fail(std::move(exchange).error());
    }
    exchange_ = *std::move(exchange);
    stage_ = Stage::named;
    const std::string name{name_of(mechanism_)};
    // Without AUTH-RESP-CODE a refused initial response could mean either "no such mechanism" or
    // "wrong password"; the challenge tells the two apart at the price of a round trip.
    auto first = announced_.auth_codes ? exchange_->first() : std::nullopt;
    auto response = first ? base::to_base64(*first) : std::string{};
    const auto command_bytes = auth_bytes + name.size() + response.size();
    if (first && command_bytes <= command_bytes_max) {
        stage_ = Stage::initial;
        client.request(Verb::auth_initial, name + " " + response);
    } else {
        client.request(Verb::auth, name);
    }
    crypto::wipe(response);
    return {};
}

Result<Login::Progress> Login::on_reply(Client& client, const Event& reply)
{
    WP_ASSERT(reply.kind == Event::Kind::reply);
    if (reply.status.status == Status::err) {
        return on_refusal(client, reply.status);
    }
    const bool is_ok = reply.status.status == Status::ok;
    switch (stage_) {
    case Stage::named: // "+", or "+OK" in its place
        return on_challenge(client, reply.status.text);
    case Stage::initial:
    case Stage::responded:
        return is_ok ? finish() : on_challenge(client, reply.status.text);
    case Stage::user:
        stage_ = Stage::pass;
        client.request(Verb::pass, credentials_.password());
        return Progress::waiting;
    case Stage::pass:
    case Stage::apop:
        return Progress::logged_in;
    }
    WP_UNREACHABLE("no such stage of a log-in");
}

/// The first one is not read where the client speaks first, nor is one without text behind an
/// initial response: the server overlooked that, and asks for it.
Result<Login::Progress> Login::on_challenge(Client& client, std::string_view text)
{
    const bool was_overlooked =
        stage_ == Stage::initial && (text.empty() || mechanism_ == Mechanism::plain);
    if (stage_ == Stage::named || was_overlooked) {
        if (auto first = exchange_->first()) {
            return respond(client, *std::move(first));
        }
    }
    return respond(client, exchange_->answer(text));
}

Result<Login::Progress> Login::respond(Client& client, Result<std::string> octets)
{
    if (!octets) {
        return base::fail(std::move(octets).error());
    }
    stage_ = Stage::responded;
    auto encoded = base::to_base64(*octets);
    client.request(Verb::response, encoded);
    crypto::wipe(encoded);
    crypto::wipe(*octets);
    return Progress::waiting;
}

Result<Login::Progress> Login::finish()
{
    auto finished = exchange_->finish();
    if (!finished) {
        return base::fail(std::move(finished).error());
    }
    return Progress::logged_in;
}

bool Login::has_sent_secret() const noexcept
{
    switch (stage_) {
    case Stage::named:
    case Stage::user:
        return false;
    case Stage::initial:
    case Stage::responded:
        return exchange_->has_sent_secret();
    case Stage::pass:
    case Stage::apop:
        return true;
    }
    return true;
}

Result<Login::Progress> Login::on_refusal(Client& client, const StatusLine& status)
{
    const auto error = has_sent_secret() ? login_refusal(status) : refusal(status);
    const bool secret_was_refused = has_sent_secret() && error.code() == ErrorCode::auth_rejected;
    refusals_ += secret_was_refused ? 1 : 0;
    if (!should_fall_through(status)) {
        return base::fail(explain(error));
    }
    if (secret_was_refused && is_proof(mechanism_)) {
        std::erase_if(untried_, is_proof); // one proof is as good as another
    }
    rejected_.push_back(mechanism_);
    auto started = try_next(client);
    if (!started) {
        return base::fail(std::move(started).error());
    }
    return Progress::waiting;
}

base::Error Login::explain(const base::Error& refusal) const
{
    const std::string told = exchange_ ? exchange_->explanation() : "";
    std::string message = told.empty() ? refusal.message() : told + "; " + refusal.message();
    if (options_.mechanism && !has_sent_secret()) {
        message += "; the log-in is set to " + std::string{name_of(mechanism_)} +
                   ", and the server announces " + names_of(announced_);
    }
    return base::Error{refusal.code(), refusal.retry(), std::move(message)};
}

/// To the next mechanism where the server may have meant this one. Never where it is busy or in
/// trouble.
bool Login::should_fall_through(const StatusLine& status) const
{
    const auto trouble = trouble_of(status);
    const bool is_about_login = trouble == Trouble::credentials || trouble == Trouble::other;
    if (!is_about_login || untried_.empty() || refusals_ >= refusals_max_) {
        return false;
    }
    if (is_bound(mechanism_) && has_sent_secret()) {
        return false; // it may be another TLS session than ours: then a password is worth most
    }
    if (is_proof(mechanism_)) {
        return true; // servers that store hashes of passwords cannot check proofs, [AUTH] or not
    }
    const bool may_mean_mechanism =
        status.code == ResponseCode::none || status.code == ResponseCode::other;
    return may_mean_mechanism && (stage_ != Stage::responded || !has_sent_secret());
}

} // namespace watchpost::pop3
