// Access tokens for the log-in: fetched from a token end point, kept in memory until shortly before
// they end.
//
// Whoever asks with the same secret shares one token, and one asks the end point at a time: two
// refreshes at once look like a theft where refresh tokens rotate. docs/adr/0013. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "collector/token_keeper.h"
#include "collector/token_reply.h"
#include "collector/token_settings.h"
#include "http/form_post.h"
#include "net/proxy.h"

namespace watchpost::collector {

/// What one access token is asked for with.
struct TokenRequest {
    TokenSettings settings = {};
    std::optional<net::ProxySettings> proxy = {}; // the mailbox's
    std::string secret = {};                      // the refresh token, or the client secret
    std::string client_secret = {}; // beside a refresh token, where the client has one
};

struct AccessToken {
    enum class Age : std::uint8_t { kept, fetched };

    std::string text = {};
    Age age = Age::fetched; // whether it was fetched for this very call
    std::string note = {};  // what went wrong although there is a token; for people
};

class TokenSource {
public:
    using Post = std::function<base::Result<http::Reply>(
        const http::HttpsUrl& url, const http::NamedValues& fields, const TokenRequest& request)>;

    struct Surroundings {
        Post post;
        std::shared_ptr<TokenKeeper> keeper;
        std::function<std::chrono::steady_clock::time_point()> clock =
            std::chrono::steady_clock::now;
    };

    static constexpr std::size_t kept_max = 1'000;
    static constexpr std::chrono::seconds early_max{60}; // before its end: not used any more

    explicit TokenSource(Surroundings surroundings) : around_{std::move(surroundings)} {}

    /// As read_tokens, and the errors of the way there; the step is "fetch token". Blocks for one
    /// attempt, or for the end of the one that is under way: who waited shares its failure.
    [[nodiscard]] base::Result<AccessToken> get(const TokenRequest& request);

    /// The mail server refused this token: it is not given out again.
    void refuse(const TokenRequest& request, const std::string& token);

    /// `holder` (a mailbox) uses this refresh token now and no other; null: it uses none. What
    /// nobody uses is forgotten.
    [[nodiscard]] base::Result<void> hold(const std::string& holder, const TokenRequest* request);

private:
    struct Entry {
        std::mutex lock; // of the rest, and held while the end point is asked
        std::string access_token;
        std::string asked_with; // scope and client secret
        std::chrono::steady_clock::time_point good_until;
        std::string refresh_token;          // the newest, where it could not be made durable
        bool is_kept = true;                // false: it could not
        std::optional<base::Error> failure; // of the last attempt
        std::string failed_with;            // as asked_with
        std::chrono::steady_clock::time_point failed_at;
    };

    [[nodiscard]] std::shared_ptr<Entry> entry_of(const std::string& digest);
    [[nodiscard]] base::Result<AccessToken> fetch(const TokenRequest& request,
                                                  const std::string& digest, Entry& entry);
    [[nodiscard]] std::string keep_newest(const std::string& digest, const std::string& sent,
                                          const std::string& given, Entry& entry);
    [[nodiscard]] std::string keep(const std::string& digest, std::string refresh_token,
                                   Entry& entry);

    Surroundings around_;
    std::mutex lock_; // of entries_
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

/// By this the keeper knows what a refresh token has become: of end point, client and the token
/// that was typed. Not of the client's secret: that one is renewed while the token lives on.
[[nodiscard]] std::string digest_of(const TokenRequest& request);

/// The Post of the product: HTTPS by http/, through the mailbox's proxy. `cancellation` outlives
/// it.
[[nodiscard]] TokenSource::Post https_post(const net::Cancellation& cancellation);

} // namespace watchpost::collector
