// Runs `watchpost` with tokens that are fetched: a real token server, and a real Dovecot that asks
// it about every token it is shown.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"
#include "support/token_server.h"

namespace watchpost::test {

class TokenLogIn : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed() || !TokenServer::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d or python3-oauthlib is not installed";
        }
        tokens = std::make_unique<TokenServer>();
        DovecotOptions options;
        options.configuration = tokens->dovecot_configuration();
        dovecot = std::make_unique<Dovecot>(options);
        write_refresh_token("first-refresh-token");
    }

    void write_refresh_token(const std::string& token) const
    {
        folder.write("refresh-token", token + "\n");
    }
    [[nodiscard]] std::string refresh_token() const { return read_file(folder / "refresh-token"); }

    /// Of the server and the log-in, without the way to a token.
    [[nodiscard]] std::vector<std::string> words(const std::string& command,
                                                 const std::string& mechanism) const
    {
        std::vector<std::string> all{watchpost_program(), command};
        if (command == "check") {
            all.emplace_back("pop3");
        } else {
            all.insert(all.end(), {"--spool", folder / "spool"});
        }
        all.insert(all.end(),
                   {"--server", "localhost", "--port", std::to_string(dovecot->tls_port()), "--ca",
                    dovecot->certificate().certificate, "--user", "alice", "--auth", mechanism});
        return all;
    }

    [[nodiscard]] std::vector<std::string> client_credentials(const std::string& secret) const
    {
        return {"--token-from",         "client-credentials",
                "--token-endpoint",     tokens->endpoint(),
                "--token-ca",           tokens->ca(),
                "--client-id",          "service",
                "--client-secret-file", folder.write("client-secret", secret + "\n")};
    }

    [[nodiscard]] std::vector<std::string> refresh() const
    {
        return {"--token-from",  "refresh-token", "--token-endpoint",     tokens->endpoint(),
                "--token-ca",    tokens->ca(),    "--client-id",          "console",
                "--token-scope", "pop",           "--refresh-token-file", folder / "refresh-token"};
    }

    [[nodiscard]] ProgramResult run(const std::string& command,
                                    const std::vector<std::string>& token,
                                    const std::vector<std::string>& more = {},
                                    const std::string& mechanism = "xoauth2") const
    {
        auto all = words(command, mechanism);
        all.insert(all.end(), token.begin(), token.end());
        all.insert(all.end(), more.begin(), more.end());
        return run_program(all);
    }

    static constexpr const char* client_secret = "s3cret&=+%"; // as the token server has it
    TempDir folder;
    std::unique_ptr<TokenServer> tokens;
    std::unique_ptr<Dovecot> dovecot;
};

} // namespace watchpost::test
