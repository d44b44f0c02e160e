// A Pop3Script on a port of 127.0.0.1, in a thread, one connection after the other.
//
// Speaks no TLS: what TLS needs of a real server is tried against Dovecot; what can go wrong before
// the handshake is scripted. Ends by itself when it is destroyed.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "support/pop3_script.h"

namespace watchpost::test {

class ScriptedPop3Server {
public:
    explicit ScriptedPop3Server(Pop3Script script);
    ~ScriptedPop3Server();
    ScriptedPop3Server(const ScriptedPop3Server&) = delete;
    ScriptedPop3Server& operator=(const ScriptedPop3Server&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }

    /// What the script says now, with all that happened.
    [[nodiscard]] Pop3Script script() const;

    /// Changes it between connections.
    void change(const std::function<void(Pop3Script&)>& change);

private:
    void serve();
    void serve_connection(int fd);
    [[nodiscard]] std::string greet(std::optional<Pop3Dialogue>& dialogue);
    [[nodiscard]] std::string answer(Pop3Dialogue& dialogue, std::string_view octets);
    [[nodiscard]] bool wait_for(int fd) const; // false: we are to stop

    mutable std::mutex lock_; // of script_
    Pop3Script script_;
    int listener_ = -1;
    int stop_event_ = -1;
    int port_ = 0;
    std::thread thread_;
};

} // namespace watchpost::test
