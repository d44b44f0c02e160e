// A POP3 server's mind without a network: a maildrop, and every way in which it can lie.
//
// Drives the fake streams of unit tests and ScriptedPop3Server. Not thread-safe; whoever shares one
// holds a lock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::test {

struct ScriptedMessage {
    std::string uid;
    std::string content;                  // as it is, with CRLF; sent dot-stuffed
    std::optional<std::string> announced; // in LIST in place of the true octets
    std::optional<std::string> reply;     // to RETR, octet for octet, in place of the true one
};

struct Pop3Script {
    std::vector<ScriptedMessage> messages;
    std::string user = "alice";
    std::string password = "secret";
    std::string greeting = "+OK ready\r\n";
    std::vector<std::string> capabilities = {"UIDL", "USER", "PIPELINING", "RESP-CODES"};
    std::vector<std::string> capabilities_after_login; // empty: the same
    std::map<std::string, std::string> replies; // command line, or its verb → octets in answer
    std::set<std::string> hangs_up_at;          // command lines, or verbs, that end the connection
    std::optional<std::size_t> octets_max;      // of one connection; then it breaks in mid-message
    bool stuffs_first_dot = true;               // Dovecot 2.3 does not

    // What happened.
    std::vector<std::string> commands; // of all connections
    unsigned connections = 0;

    [[nodiscard]] bool has_seen(std::string_view command) const;
};

/// `content` as a server sends it, terminator included.
[[nodiscard]] std::string stuffed(std::string_view content, bool stuffs_first_dot = true);

/// One connection. RFC 1939 as far as a client can tell.
class Pop3Dialogue {
public:
    /// `script` outlives the dialogue.
    explicit Pop3Dialogue(Pop3Script& script);

    /// What the server says first.
    [[nodiscard]] std::string greet();

    /// What it says to these octets; keeps an unfinished line for the next call.
    [[nodiscard]] std::string feed(std::string_view octets);

    /// It has hung up; what it said before still arrives.
    [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

private:
    [[nodiscard]] std::string answer(const std::string& line);
    [[nodiscard]] std::string answer_in_order(const std::string& verb, const std::string& argument);
    [[nodiscard]] std::string log_in(const std::string& verb, const std::string& argument);
    [[nodiscard]] std::string list(bool with_uids) const;
    [[nodiscard]] std::string status() const;
    [[nodiscard]] std::string retrieve(const std::string& argument) const;
    [[nodiscard]] std::string mark_deleted(const std::string& argument);
    [[nodiscard]] std::string quit();
    [[nodiscard]] std::string limited(std::string octets);

    Pop3Script& script_;
    std::string pending_;
    std::string user_;
    bool awaits_response_ = false;
    bool is_logged_in_ = false;
    bool has_ended_ = false;
    std::size_t octets_said_ = 0;
    std::set<std::size_t> deleted_;
};

} // namespace watchpost::test
