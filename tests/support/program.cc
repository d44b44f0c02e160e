#include "support/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <set>

namespace watchpost::test {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void exec_program(const std::vector<std::string>& arguments,
                               const ProgramOptions& options)
{
    for (const auto& [name, value] : options.environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> pointers;
    for (const auto& argument : arguments) {
        pointers.push_back(const_cast<char*>(argument.c_str()));
    }
    pointers.push_back(nullptr);
    ::execvp(pointers[0], pointers.data());
    std::fprintf(stderr, "cannot run %s: %s\n", pointers[0], std::strerror(errno));
    ::_exit(127);
}

struct Pipe {
    Pipe()
    {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            std::perror("pipe2");
            std::abort();
        }
    }
    ~Pipe()
    {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void close_end(std::size_t which)
    {
        if (ends.at(which) >= 0) {
            ::close(ends.at(which));
            ends.at(which) = -1;
        }
    }
    std::array<int, 2> ends{-1, -1};
};

/// Reads what is there; closes the end at its end.
void drain(Pipe& pipe, std::string& text)
{
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(pipe.ends[0], buffer.data(), buffer.size());
    if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
        pipe.close_end(0);
    }
}

void feed(Pipe& pipe, std::string_view& rest)
{
    const ssize_t count = ::write(pipe.ends[1], rest.data(), rest.size());
    if (count > 0) {
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    if (rest.empty() || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        pipe.close_end(1);
    }
}

int milliseconds_until(Clock::time_point deadline)
{
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

/// Polls `attempt` every 20 ms until it is true or the time is over.
bool wait_until(std::chrono::seconds time_max, const std::function<bool()>& attempt)
{
    const auto deadline = Clock::now() + time_max;
    while (!attempt()) {
        if (Clock::now() >= deadline) {
            return false;
        }
        ::poll(nullptr, 0, 20);
    }
    return true;
}

bool can_connect(int family, const sockaddr* address, socklen_t length)
{
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = ::connect(fd, address, length) == 0;
    ::close(fd);
    return connected;
}

} // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options)
{
    Pipe in;
    Pipe out;
    Pipe err;
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(in.ends[0], STDIN_FILENO);
        ::dup2(out.ends[1], STDOUT_FILENO);
        ::dup2(err.ends[1], STDERR_FILENO);
        exec_program(arguments, options);
    }
    in.close_end(0);
    out.close_end(1);
    err.close_end(1);
    ::fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
    std::signal(SIGPIPE, SIG_IGN);

    ProgramResult result;
    std::string_view input{options.input};
    if (input.empty()) {
        in.close_end(1);
    }
    const auto deadline = Clock::now() + options.time_max;
    while (out.ends[0] >= 0 || err.ends[0] >= 0) {
        std::array<pollfd, 3> waits{
            {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}}};
        if (::poll(waits.data(), waits.size(), milliseconds_until(deadline)) == 0) {
            result.timed_out = true;
            ::kill(pid, SIGKILL);
            break;
        }
        if (waits[0].revents != 0) {
            drain(out, result.out);
        }
        if (waits[1].revents != 0) {
            drain(err, result.err);
        }
        if (waits[2].revents != 0) {
            feed(in, input);
        }
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
        result.exit_code = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        result.signal = WTERMSIG(status);
    }
    return result;
}

std::string watchpost_program()
{
    return std::string{WATCHPOST_BUILD_DIR} + "/watchpost";
}

BackgroundProgram::BackgroundProgram(const std::vector<std::string>& arguments,
                                     const std::filesystem::path& log_file,
                                     const ProgramOptions& options)
{
    pid_ = ::fork();
    if (pid_ == 0) {
        const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(null, STDIN_FILENO);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        exec_program(arguments, options);
    }
}

BackgroundProgram::~BackgroundProgram()
{
    if (pid_ <= 0 || ended_) {
        return;
    }
    ::kill(pid_, SIGTERM);
    const bool stopped =
        wait_until(std::chrono::seconds{5}, [&] { return ::waitpid(pid_, nullptr, WNOHANG) != 0; });
    if (!stopped) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void BackgroundProgram::send_signal(int signal_number) const
{
    if (!ended_) {
        ::kill(pid_, signal_number);
    }
}

int BackgroundProgram::wait()
{
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
    return status;
}

bool wait_for_port(int port, std::chrono::seconds time_max)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return wait_until(time_max, [&] {
        return can_connect(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    });
}

bool wait_for_unix_socket(const std::filesystem::path& path, std::chrono::seconds time_max)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    return wait_until(time_max, [&] {
        return can_connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    });
}

int free_port()
{
    static std::mutex lock;
    static std::set<int> given;
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        std::perror("bind");
        std::abort();
    }
    const int port = ntohs(address.sin_port);
    const bool is_new = [&] {
        const std::lock_guard held{lock};
        return given.insert(port).second;
    }();
    const int another = is_new ? port : free_port(); // while this one is taken
    ::close(fd);
    return another;
}

} // namespace watchpost::test
