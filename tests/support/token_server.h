// A real OAuth 2.0 server on loopback for one test: tests/token_server/token_server.py as a
// process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/certificates.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::test {

class TokenServer {
public:
    /// False where python3-oauthlib is not installed: the test calls GTEST_SKIP.
    [[nodiscard]] static bool is_installed();

    /// Returns once it listens. Without a certificate, a self-signed one for localhost is made.
    explicit TokenServer(const CertificateFiles& certificate = {});

    /// What it does from the next request on; JSON as the script's head has it.
    void order(const std::string& json) const { folder_.write("orders", json); }

    [[nodiscard]] std::string endpoint() const { return address("/token"); }
    [[nodiscard]] std::string device_endpoint() const { return address("/device"); }
    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] const std::filesystem::path& ca() const noexcept
    {
        return certificate_.certificate;
    }

    /// For a Dovecot that asks about tokens: what to add to its configuration.
    [[nodiscard]] std::string dovecot_configuration() const;

    /// How many requests came whose line in the log has this text.
    [[nodiscard]] std::size_t count(const std::string& text) const;

private:
    [[nodiscard]] std::string address(const std::string& path) const;

    TempDir folder_;
    CertificateFiles certificate_;
    int port_;
    int introspection_port_;
    std::string dovecot_file_;
    std::unique_ptr<BackgroundProgram> program_; // before folder_ goes
};

} // namespace watchpost::test
