// Runs `watchpost collect` as a process and looks at what it left in its spool.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/dovecot.h"
#include "support/program.h"
#include "support/stored_messages.h"
#include "support/temp_dir.h"

namespace watchpost::test {

class Collecting {
public:
    explicit Collecting(const std::string& password = "secret")
    {
        folder_.write("password", password + "\n");
    }

    /// The words of one run without those of the server: user, password file, spool.
    [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& more,
                                                 const std::string& user = "alice") const
    {
        std::vector<std::string> all{
            watchpost_program(),  "collect", "--user", user, "--password-file",
            folder_ / "password", "--spool", spool()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    [[nodiscard]] ProgramResult run(const std::vector<std::string>& more,
                                    const std::string& user = "alice",
                                    const ProgramOptions& options = {}) const
    {
        return run_program(words(more, user), options);
    }

    /// Against a server in clear on 127.0.0.1.
    [[nodiscard]] ProgramResult run_clear(int port, std::vector<std::string> more = {},
                                          const std::string& user = "alice",
                                          const ProgramOptions& options = {}) const
    {
        const std::vector<std::string> server{"--server",           "127.0.0.1", "--port",
                                              std::to_string(port), "--tls",     "none"};
        more.insert(more.begin(), server.begin(), server.end());
        return run(more, user, options);
    }

    void write_password(const std::string& password) const
    {
        folder_.write("password", password + "\n");
    }

    [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string spool() const { return folder_ / "spool"; }

    /// Oldest first.
    [[nodiscard]] std::vector<StoredMessage> stored() const { return stored_messages(spool()); }

    /// Content alone, sorted.
    [[nodiscard]] std::vector<std::string> contents() const
    {
        std::vector<std::string> all;
        for (auto& message : stored()) {
            all.push_back(std::move(message.content));
        }
        std::sort(all.begin(), all.end());
        return all;
    }

private:
    TempDir folder_;
};

/// What Dovecot sends for a file with bare LF.
inline std::string with_crlf(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        result += c == '\n' ? std::string{"\r\n"} : std::string(1, c);
    }
    return result;
}

/// A message of about `octets` with dots where they hurt.
inline std::string mail(const std::string& subject, std::size_t octets = 100)
{
    std::string text = "From: a@example\nSubject: " + subject + "\n\n.first\n..\n.\n";
    while (text.size() < octets) {
        text += "a line of text that ends in a dot.\n";
    }
    return text;
}

} // namespace watchpost::test
