// A POP3 server's mind without a network: one connection, commands in, steps out.
//
// Drives the fake streams of unit tests and ScriptedPop3Server alike. Not thread-safe. RFC 1939 as
// far as a client can tell, but for what the script says.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pop3_server/script.h"

namespace watchpost::test {

class Pop3Dialogue {
public:
    /// `script` outlives the dialogue.
    explicit Pop3Dialogue(Pop3Script& script);

    /// What the server does first.
    [[nodiscard]] std::vector<Step> greet();

    /// What it does at these octets; keeps an unfinished line for the next call.
    [[nodiscard]] std::vector<Step> feed(std::string_view octets);

    /// The handshake of start_tls, or of implicit TLS, is done.
    void on_tls(std::string binding = {}) noexcept
    {
        is_encrypted_ = true;
        binding_ = std::move(binding);
    }

    /// The connection is over, whoever ended it.
    void on_end();

    /// No further command is answered; what was said before still arrives.
    [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }
    [[nodiscard]] unsigned connection() const noexcept { return connection_; } // from 1

private:
    void note(const std::string& line);
    [[nodiscard]] std::vector<Step> answer(const std::string& line);
    [[nodiscard]] const ScriptedReply* scripted(const std::string& line, const std::string& verb);
    [[nodiscard]] std::vector<Step> usual(const std::string& line);
    [[nodiscard]] std::string reply_to(const std::string& verb, const std::string& argument);
    [[nodiscard]] std::vector<Step> limited(std::vector<Step> steps, std::size_t octets_max);
    [[nodiscard]] std::size_t octets_left() const;
    [[nodiscard]] std::string capabilities() const;
    [[nodiscard]] std::string log_in(const std::string& verb, const std::string& argument);
    [[nodiscard]] bool is_listed(std::size_t number) const;
    [[nodiscard]] std::string list(bool with_uids) const;
    [[nodiscard]] std::string status() const;
    [[nodiscard]] std::string retrieve(const std::string& argument);
    [[nodiscard]] std::string mark_deleted(const std::string& argument);
    [[nodiscard]] std::string quit();

    Pop3Script& script_;
    unsigned connection_;
    std::string pending_;
    std::string user_;
    std::map<std::string, unsigned> times_; // that a line or verb has come
    bool awaits_response_ = false;
    bool is_encrypted_ = false;
    std::string binding_; // tls-exporter
    bool is_logged_in_ = false;
    bool has_ended_ = false;
    std::size_t octets_said_ = 0;
    std::set<std::size_t> deleted_;
    std::string asked_for_;           // UID of the message that the reply under way gives out
    std::set<std::string> retrieved_; // UIDs
};

} // namespace watchpost::test
