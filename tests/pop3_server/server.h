// A Pop3Script on a port of 127.0.0.1: a thread for each connection, TLS where the script has it.
//
// Ends by itself when it is destroyed, also where a client holds a connection. Its functions are
// thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pop3_server/dialogue.h"
#include "pop3_server/script.h"

namespace watchpost::test {

class ServerConnection;

class ScriptedPop3Server {
public:
    /// Is told what happens, a line each: "1 connected", "1 < CAPA", "1 tls", "1 ended". Called
    /// from the threads of the connections, one at a time.
    using Observer = std::function<void(const std::string& line)>;

    /// Port 0: any that is free.
    explicit ScriptedPop3Server(Pop3Script script, int port = 0, Observer observer = {});
    ~ScriptedPop3Server();
    ScriptedPop3Server(const ScriptedPop3Server&) = delete;
    ScriptedPop3Server& operator=(const ScriptedPop3Server&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }

    /// What the script says now, with all that happened.
    [[nodiscard]] Pop3Script script() const;

    /// Changes it; a connection under way sees the change at its next command.
    void change(const std::function<void(Pop3Script&)>& change);

    /// Until a command that begins so has come; false after a minute.
    [[nodiscard]] bool wait_for_command(std::string_view command) const;

private:
    void serve();
    void serve_connection(int fd);
    [[nodiscard]] bool act(ServerConnection& connection, Pop3Dialogue& dialogue,
                           const std::vector<Step>& steps);
    [[nodiscard]] bool start_tls(ServerConnection& connection, Pop3Dialogue& dialogue);
    [[nodiscard]] std::vector<Step> hear(Pop3Dialogue& dialogue, std::string_view octets);
    void tell(unsigned connection, const std::string& what);

    mutable std::mutex lock_; // of script_, and of the observer's turn
    mutable std::condition_variable heard_;
    Pop3Script script_;
    Observer observer_;
    int listener_ = -1;
    int stop_event_ = -1;
    int port_ = 0;
    std::vector<std::thread> connections_; // of thread_ alone
    std::thread thread_;
};

} // namespace watchpost::test
