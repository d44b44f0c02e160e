// The file of a refresh token, which a command rewrites where the server rotates it.
#pragma once

#include <map>
#include <string>

#include "collector/token_keeper.h"

namespace watchpost::app {

/// Durable on return; mode 0600, replaced as a whole.
[[nodiscard]] base::Result<void> write_token_file(const std::string& file,
                                                  const std::string& token);

/// Whether it could be written: before somebody is asked for a consent that would be lost.
[[nodiscard]] base::Result<void> check_token_file(const std::string& file);

/// For one run of one command. Not thread-safe.
class TokenFileKeeper final : public collector::TokenKeeper {
public:
    explicit TokenFileKeeper(std::string file) : file_{std::move(file)} {}

    [[nodiscard]] std::optional<std::string> find(const std::string& digest) override;
    [[nodiscard]] base::Result<void> keep(const std::string& digest,
                                          const std::string& token) override;
    [[nodiscard]] base::Result<void> hold(const std::string& holder,
                                          const std::string& digest) override;

private:
    std::string file_;
    std::map<std::string, std::string> kept_; // in this run, by digest
};

} // namespace watchpost::app
