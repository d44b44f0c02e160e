// From inside each process: what the process table closes is closed, what it needs is open.
#include "node/confinement.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "os/unique_fd.h"
#include "support/temp_dir.h"

namespace watchpost::node {
namespace {

class Confinement : public testing::Test {
protected:
    Confinement()
    {
        const auto me = os::current_user();
        EXPECT_TRUE(prepare(folder, {me, me, me}));
        listener = os::UniqueFd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener.get(), generic(), sizeof address), 0);
        EXPECT_EQ(::listen(listener.get(), 8), 0);
        EXPECT_EQ(::getsockname(listener.get(), generic(), &size), 0);
    }

    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address); }

    /// The number of the first attempt that did not go as it must, 0 where all did; in a child that
    /// is confined as that process is.
    int first_wrong(const char* process, const std::vector<std::function<bool()>>& attempts)
    {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            if (!os::confine(confinement_of(process, folder))) {
                ::_exit(99);
            }
            int number = 0;
            for (const auto& attempt : attempts) {
                ++number;
                if (!attempt()) {
                    ::_exit(number);
                }
            }
            ::_exit(0);
        }
        int status = 0;
        EXPECT_EQ(::waitpid(pid, &status, 0), pid);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    // Attempts: true where it worked.
    static bool makes_socket(int family)
    {
        const os::UniqueFd socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        return socket.is_open();
    }
    bool connects()
    {
        const os::UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        return ::connect(socket.get(), generic(), sizeof address) == 0;
    }
    static bool listens()
    {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const os::UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0 &&
               ::listen(socket.get(), 1) == 0;
    }
    static bool writes(const std::filesystem::path& path)
    {
        const os::UniqueFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
        return file.is_open();
    }
    /// Runs a program in a child of the child.
    static bool runs_program()
    {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::execl("/bin/true", "true", nullptr);
            ::_exit(1);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    static bool makes_datagram_socket()
    {
        const os::UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
        return socket.is_open();
    }
    static bool breaks_out()
    {
        return ::unshare(CLONE_NEWUSER) == 0 || ::chroot("/") == 0 ||
               ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 || makes_socket(AF_PACKET) ||
               makes_socket(AF_VSOCK);
    }

    /// Landlock is what keeps it from other folders where all share one user.
    static bool has_landlock()
    {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            const auto measures = os::confine({});
            const bool is_there =
                measures && measures->front().state == os::Measure::State::in_force;
            ::_exit(is_there ? 0 : 1);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

    test::TempDir temporary;
    StateFolder folder{temporary / "state"};
    os::UniqueFd listener;
    sockaddr_in address{};
};

TEST_F(Confinement, ControlListensAndReachesNobody)
{
    EXPECT_EQ(first_wrong("control",
                          {[&] { return listens(); }, [] { return !makes_datagram_socket(); },
                           [&] { return !connects(); }, [] { return !runs_program(); },
                           [] { return !breaks_out(); }, [&] { return writes(folder.store()); },
                           [&] { return writes(folder.rules() / "a.yar"); },
                           [] { return writes("/dev/null"); }}),
              0);
}

TEST_F(Confinement, TheCollectorConnectsAndTakesNoConnection)
{
    EXPECT_EQ(
        first_wrong("collector", {[&] { return connects(); }, [] { return !listens(); },
                                  [] { return !runs_program(); }, [] { return !breaks_out(); },
                                  [&] { return writes(folder.spool() / "segment"); }}),
        0);
}

TEST_F(Confinement, ThePipelineHasNoNetworkAndStartsInspectors)
{
    EXPECT_EQ(first_wrong("pipeline", {[] { return makes_socket(AF_UNIX); },
                                       [] { return !makes_socket(AF_INET); },
                                       [] { return !makes_socket(AF_INET6); },
                                       [] { return !makes_socket(AF_NETLINK); },
                                       [] { return runs_program(); }, [] { return !breaks_out(); },
                                       [&] { return writes(folder.content() / "message"); }}),
              0);
}

TEST_F(Confinement, NobodyWritesInFoldersOfOthers)
{
    if (!has_landlock()) {
        GTEST_SKIP() << "this kernel has no Landlock";
    }
    const auto outside = temporary / "outside";
    EXPECT_EQ(first_wrong("control", {[&] { return !writes(outside); },
                                      [&] { return !writes(folder.root() / "x"); },
                                      [&] { return !writes(folder.keys() / "x"); },
                                      [&] { return !writes(folder.content() / "x"); }}),
              0);
    EXPECT_EQ(first_wrong("collector", {[&] { return !writes(outside); },
                                        [&] { return !writes(folder.content() / "x"); },
                                        [&] { return !writes(folder.store()); }}),
              0);
    EXPECT_EQ(first_wrong("pipeline", {[&] { return !writes(outside); },
                                       [&] { return !writes(folder.spool() / "x"); },
                                       [&] { return !writes(folder.keys() / "x"); },
                                       [&] { return !writes(folder.store()); }}),
              0);
}

} // namespace
} // namespace watchpost::node
