// Runs a program as a child process and keeps what it prints. Ends only what it started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace watchpost::test {

struct ProgramResult {
    int exit_code = -1; // -1 where a signal ended it
    int signal = 0;
    bool timed_out = false; // we had to kill it
    std::string out;
    std::string err;
};

struct ProgramOptions {
    std::map<std::string, std::string> environment; // added to ours
    std::string input;                              // standard input
    std::chrono::seconds time_max{60};
};

/// Runs it to its end; `arguments[0]` is the program (a path, or looked up in PATH).
[[nodiscard]] ProgramResult run_program(const std::vector<std::string>& arguments,
                                        const ProgramOptions& options = {});

/// build/<preset>/watchpost of this build.
[[nodiscard]] std::string watchpost_program();

/// A server in the background; killed (SIGTERM, then SIGKILL after `stop_time_max`) and reaped at
/// the end.
class BackgroundProgram {
public:
    BackgroundProgram(const std::vector<std::string>& arguments,
                      const std::filesystem::path& log_file, const ProgramOptions& options = {});
    ~BackgroundProgram();
    BackgroundProgram(const BackgroundProgram&) = delete;
    BackgroundProgram& operator=(const BackgroundProgram&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void send_signal(int signal_number) const;
    /// Waits for its end and returns the raw wait status.
    int wait();

private:
    pid_t pid_ = -1;
    bool ended_ = false;
};

/// True once a TCP connection to 127.0.0.1:port works; false after time_max. Retries by poll, not
/// by sleep.
[[nodiscard]] bool wait_for_port(int port, std::chrono::seconds time_max);
/// True once a connection to the unix socket works.
[[nodiscard]] bool wait_for_unix_socket(const std::filesystem::path& path,
                                        std::chrono::seconds time_max);

/// A TCP port of 127.0.0.1 that was free a moment ago; another one at each call.
[[nodiscard]] int free_port();

} // namespace watchpost::test
