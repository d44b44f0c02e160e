// What a scripted POP3 server has and how it misbehaves: data, in C++ or read from JSON
// (README.md).
//
// Plain values. A script also keeps what happened; whoever shares one holds a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::test {

/// One thing that the server does in answer to a command.
struct Step {
    enum class Kind : std::uint8_t {
        say,          // these octets
        usual,        // what it would do here without the script
        await_client, // waits until the client says more, or is gone
        pause,        // a moment, so that what follows arrives by itself
        start_tls,    // the handshake
        close,        // in good order
        cut,          // the connection breaks: no close_notify
        reset         // it breaks at once: what was said and has not arrived may be lost
    };

    Kind kind = Kind::say;
    std::string octets = {};

    friend bool operator==(const Step&, const Step&) = default;
};

/// What the server does in answer to a command, instead of the usual.
struct ScriptedReply {
    std::vector<Step> steps;

    /// Octets and nothing else; empty: it says nothing.
    static ScriptedReply saying(std::string_view octets)
    {
        return {{{Step::Kind::say, std::string{octets}}}};
    }
    ScriptedReply& operator=(std::string_view octets) { return *this = saying(octets); }
};

struct ScriptedMessage {
    std::string uid;
    std::string content;                  // as it is, with CRLF; sent dot-stuffed
    std::optional<std::string> announced; // in LIST in place of the true octets
    std::optional<std::string> reply;     // to RETR, octet for octet, in place of the true one
};

/// By command: the whole line ("RETR 2"), else its verb; "RETR 2#3" is the third time in one
/// connection. "(response)" stands for the line that answers a challenge, "(connect)" for the
/// greeting.
using ScriptedReplies = std::map<std::string, ScriptedReply>;

enum class ServerTls : std::uint8_t { none, stls, implicit };

struct Pop3Script {
    std::vector<ScriptedMessage> messages;
    std::string user = "alice";
    std::string password = "secret";
    ScriptedReply greeting = ScriptedReply::saying("+OK ready\r\n");
    std::vector<std::string> capabilities = {"UIDL", "USER", "PIPELINING", "RESP-CODES"};
    // Empty: the same as before that step.
    std::vector<std::string> capabilities_tls = {};
    std::vector<std::string> capabilities_after_login = {};
    ScriptedReplies replies = {};
    std::map<unsigned, ScriptedReplies> replies_in = {}; // of the n-th connection alone, from 1
    std::set<std::string> hangs_up_at = {}; // command lines, or verbs, that end the connection
    std::map<std::string, std::size_t> cuts = {}; // command → octets of its reply, then it breaks
    std::optional<std::size_t> octets_max = {};   // of each connection; then it breaks
    std::map<unsigned, std::size_t> octets_max_in = {}; // of the n-th alone
    bool stuffs_first_dot = true;                       // Dovecot 2.3 does not
    bool keeps_deleted = false;   // what was deleted is still listed afterwards
    bool hides_retrieved = false; // what it gave out to the end is not listed in later connections
    /// Answers AUTH and the lines behind it in place of the usual, in C++ alone: the line and the
    /// session's tls-exporter binding in (empty in clear), a line without its end out. "+OK" logs
    /// in.
    std::function<std::string(const std::string& line, const std::string& binding)> sasl = {};
    ServerTls tls = ServerTls::none;
    std::string certificate = {}; // PEM files
    std::string key = {};

    // What happened.
    std::vector<std::string> commands = {};       // of all connections
    std::vector<std::string> clear_commands = {}; // those of them that came in clear
    unsigned connections = 0;

    [[nodiscard]] bool has_seen(std::string_view command) const;
    [[nodiscard]] std::size_t count_of(std::string_view command) const; // lines that begin so
};

/// `content` as a server sends it, terminator included.
[[nodiscard]] std::string stuffed(std::string_view content, bool stuffs_first_dot = true);

} // namespace watchpost::test
