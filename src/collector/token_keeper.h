// What a refresh token has become by rotation, kept durably by whoever runs the polls.
//
// The collector's service keeps them sealed in the spool's StateStore, a command in the file that
// it was given. A token is known by a digest of the one that was typed in, so that another one that
// is applied wins by itself. docs/adr/0013.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "secrets/sealed_box.h"
#include "spool/state_store.h"

namespace watchpost::collector {

class TokenKeeper {
public:
    virtual ~TokenKeeper() = default;
    TokenKeeper(const TokenKeeper&) = delete;
    TokenKeeper& operator=(const TokenKeeper&) = delete;

    /// The newest token that came of the one with this digest; nullopt: still itself.
    [[nodiscard]] virtual std::optional<std::string> find(const std::string& digest) = 0;

    /// Durable on return.
    [[nodiscard]] virtual base::Result<void> keep(const std::string& digest,
                                                  const std::string& token) = 0;

    /// `holder` uses the token with this digest from now on, and none that it used before: what
    /// nobody uses any more is forgotten. An empty digest: it uses none.
    [[nodiscard]] virtual base::Result<void> hold(const std::string& holder,
                                                  const std::string& digest) = 0;

protected:
    TokenKeeper() = default;
};

/// Sealed to the collector's own key. Thread-safe.
class SealedTokenKeeper final : public TokenKeeper {
public:
    static constexpr std::size_t holders_max = 100; // of one token; with more it is never forgotten

    /// Both outlive it.
    SealedTokenKeeper(spool::StateStore& store, const secrets::KeyPair& key)
        : store_{store}
        , key_{key}
    {
    }

    [[nodiscard]] std::optional<std::string> find(const std::string& digest) override;
    [[nodiscard]] base::Result<void> keep(const std::string& digest,
                                          const std::string& token) override;
    [[nodiscard]] base::Result<void> hold(const std::string& holder,
                                          const std::string& digest) override;

private:
    [[nodiscard]] base::Result<void> let_go(const std::string& holder, const std::string& digest);

    std::mutex lock_; // a call reads before it writes
    spool::StateStore& store_;
    const secrets::KeyPair& key_;
};

} // namespace watchpost::collector
