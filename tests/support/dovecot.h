// A real Dovecot 2.3 on loopback for one test, with all that it has in a folder that goes away.
//
// Works as root and as an ordinary user, reads nothing of /etc/dovecot and leaves the machine's own
// Dovecot alone. Messages lie in maildirs: what is delivered with bare LF is sent with CRLF.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/certificates.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::test {

struct DovecotOptions {
    struct User {
        std::string name;
        std::string password;
        std::string scheme = "PLAIN"; // how `password` is stored
    };
    std::vector<User> users = {{"alice", "secret"}};
    std::vector<std::string> addresses = {"127.0.0.1"};
    CertificateFiles certificate = {}; // empty: a self-signed one for localhost is made
    std::string configuration = {};    // added at the end
    std::filesystem::path mail = {};   // another Dovecot's mail(), to serve the same maildrops
};

class Dovecot {
public:
    /// False where dovecot or its POP3 part is not installed: the test calls GTEST_SKIP.
    [[nodiscard]] static bool is_installed();

    /// Returns once it answers; ends the process with Dovecot's log where it does not.
    explicit Dovecot(const DovecotOptions& options = {});

    [[nodiscard]] int port() const noexcept { return port_; }         // in clear, and STLS
    [[nodiscard]] int tls_port() const noexcept { return tls_port_; } // TLS from the start
    [[nodiscard]] const CertificateFiles& certificate() const noexcept { return certificate_; }

    /// Puts a message into the user's maildrop; `name` orders the messages and must be new. Returns
    /// its file.
    std::filesystem::path deliver(std::string_view user, std::string_view name,
                                  std::string_view content) const;

    /// The files of the messages that are in the maildrop now, in order of their names.
    [[nodiscard]] std::vector<std::filesystem::path> messages(std::string_view user) const;

    /// The folder of the maildrops.
    [[nodiscard]] const std::filesystem::path& mail() const noexcept { return mail_; }

    /// As a machine that loses its power: the process and all that it has started, at once.
    void kill() const;

    [[nodiscard]] std::string log() const;

private:
    [[nodiscard]] std::string configuration(const DovecotOptions& options) const;
    void make_maildir(const DovecotOptions::User& user) const;
    [[nodiscard]] std::filesystem::path maildir(std::string_view user) const;

    TempDir folder_;
    std::filesystem::path mail_;
    int port_;
    int tls_port_;
    CertificateFiles certificate_;
    std::unique_ptr<BackgroundProgram> program_; // before folder_ goes
};

} // namespace watchpost::test
