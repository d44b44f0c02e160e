#include "hub/listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <future>
#include <mutex>

#include "hub/client.h"
#include "support/temp_dir.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHPOST_SANITIZER_OPENS_PIPES
#endif
#endif

namespace watchpost::hub {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// Notes what happens, and lets a test wait for it.
class Log {
public:
    void add(const std::string& text)
    {
        const std::lock_guard guard{lock_};
        lines_.push_back(text);
        changed_.notify_all();
    }

    void wait_for(const std::string& text, std::ptrdiff_t times = 1)
    {
        std::unique_lock guard{lock_};
        const bool came = changed_.wait_until(
            guard, soon(), [&] { return std::count(lines_.begin(), lines_.end(), text) >= times; });
        ASSERT_TRUE(came) << text;
    }

private:
    std::mutex lock_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

Service service_into(Log& log)
{
    Service service;
    service.admit = [](const Peer& peer) -> Result<void> {
        if (peer.role == "intruder" || peer.uid != ::getuid() || peer.pid <= 0) {
            return base::fail(ErrorCode::permission_denied, Retry::never, "not you");
        }
        return {};
    };
    service.on_call = [](const Peer& peer, std::string_view method,
                         const Document&) -> Result<Document> {
        return Document{peer.role + ":" + std::string{method}, {}};
    };
    service.on_notice = [&log](const Peer& peer, std::string_view method, const std::string&) {
        log.add(peer.role + " says " + std::string{method});
    };
    service.on_connected = [&log](const Peer& peer) { log.add(peer.role + " connected"); };
    service.on_lost = [&log](const Peer& peer) {
        log.add(peer.role + (peer.has_left ? " left" : " lost"));
    };
    service.on_trouble = [&log](const std::string& error) {
        log.add(error.empty() ? "works" : "trouble");
    };
    return service;
}

std::unique_ptr<Listener> listen(const std::filesystem::path& socket, Log& log)
{
    auto listener = Listener::make(socket, service_into(log)).value();
    listener->start();
    return listener;
}

Handlers handlers_into(Log& log, const std::string& name)
{
    Handlers handlers;
    handlers.on_connected = [&log, name] { log.add(name + ": connected"); };
    handlers.on_lost = [&log, name] { log.add(name + ": lost"); };
    handlers.on_notice = [&log, name](std::string_view method, const std::string&) {
        log.add(name + ": " + std::string{method});
    };
    handlers.on_call = [name](std::string_view, const Document&) -> Result<Document> {
        return Document{name, {}};
    };
    return handlers;
}

TEST(HubListener, ProcessesFindEachOtherByRole)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    Client collector{socket, "collector", handlers_into(log, "c")};
    Client pipeline{socket, "pipeline", handlers_into(log, "p")};
    log.wait_for("collector connected");
    log.wait_for("pipeline connected");
    log.wait_for("c: connected");
    EXPECT_EQ(collector.call("hallo", "{}", soon())->json, "collector:hallo");
    EXPECT_EQ(listener->call("pipeline", "x", "{}", soon())->json, "p");
    EXPECT_TRUE(listener->is_connected("collector"));
    ASSERT_TRUE(listener->notify("collector", "mailboxes", "{}"));
    log.wait_for("c: mailboxes");
    EXPECT_EQ(listener->call("supervisor", "x", "{}", soon()).error().code(),
              ErrorCode::connection_lost);
}

TEST(HubListener, AClientWhoseControlWasAwayConnectsAgain)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    Client collector{socket, "collector", handlers_into(log, "c")};
    EXPECT_EQ(collector.call("x", "{}", soon()).error().retry(), Retry::later);
    for (std::ptrdiff_t times = 1; times <= 2; ++times) {
        const auto listener = listen(socket, log);
        log.wait_for("c: connected", times);
        EXPECT_TRUE(collector.call("x", "{}", soon()));
        EXPECT_EQ(collector.last_error(), "");
    }
    log.wait_for("c: lost", 2);
    log.wait_for("collector left", 2); // the listener stopped
}

TEST(HubListener, TheNewestOfARoleCounts)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    const auto first = connect(socket, "collector", soon()).value();
    log.wait_for("collector connected");
    const auto second = connect(socket, "collector", soon()).value();
    log.wait_for("collector connected", 2);
    log.wait_for("collector lost");
    EXPECT_FALSE(first->call("x", "{}", soon()));
    EXPECT_TRUE(second->call("x", "{}", soon()));
    EXPECT_TRUE(listener->is_connected("collector"));
}

TEST(HubListener, OneThatIsNotAdmittedIsToldWhy)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    const auto refused = connect(socket, "intruder", soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(), "not you");
    EXPECT_FALSE(listener->is_connected("intruder"));
}

TEST(HubListener, TheSocketIsForItsUserAndGroup)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    struct stat status = {};
    ASSERT_EQ(::stat(socket.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST(HubListener, APathThatIsTooLongIsSaidSo)
{
    const test::TempDir folder;
    Log log;
    const auto listener = Listener::make(folder.path() / std::string(200, 'x'), service_into(log));
    ASSERT_FALSE(listener);
    EXPECT_NE(listener.error().message().find("shorter state folder"), std::string::npos);
}

os::UniqueFd silent_socket()
{
    return os::UniqueFd{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
}

void connect_silently(const os::UniqueFd& socket, const std::filesystem::path& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
}

os::UniqueFd connect_silently(const std::filesystem::path& path)
{
    os::UniqueFd socket = silent_socket();
    connect_silently(socket, path);
    return socket;
}

TEST(HubListener, SilentOnesDelayNobodyAndAreDropped)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    std::vector<os::UniqueFd> silent;
    silent.reserve(5);
    for (int i = 0; i < 5; ++i) {
        silent.push_back(connect_silently(socket));
    }
    const auto before = std::chrono::steady_clock::now();
    EXPECT_TRUE(connect(socket, "admin", soon()));
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{8}); // in turn: 10 s
    char nothing = 0;
    for (const auto& each : silent) {
        EXPECT_EQ(::recv(each.get(), &nothing, 1, 0), 0); // the end
    }
}

TEST(HubListener, TooManySilentOnesOfOneUserAreSentAway)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    std::vector<os::UniqueFd> silent;
    silent.reserve(9);
    for (int i = 0; i < 9; ++i) {
        silent.push_back(connect_silently(socket));
    }
    char nothing = 0;
    EXPECT_EQ(::recv(silent.back().get(), &nothing, 1, 0), 0);
    EXPECT_EQ(::recv(silent.front().get(), &nothing, 1, MSG_DONTWAIT), -1); // it still may speak
}

TEST(HubListener, WithoutDescriptorsItSaysSoAndTakesTheLinkLater)
{
#if defined(WATCHPOST_SANITIZER_OPENS_PIPES)
    GTEST_SKIP() << "the sanitizer opens a pipe at the first object of a type";
#endif
    const test::TempDir folder;
    const auto path = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(path, log);
    const auto socket = silent_socket();
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int lowest = ::dup(0);
    ASSERT_EQ(::close(lowest), 0);
    const rlimit none{static_cast<rlim_t>(lowest), before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    connect_silently(socket, path);
    log.wait_for("trouble");
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    log.wait_for("works");
    EXPECT_TRUE(connect(path, "admin", soon()));
}

TEST(HubListener, AFullQueueEndsTheTryToConnect)
{
    const test::TempDir folder;
    const auto path = folder.path() / "control.sock";
    Log log;
    const auto listener = Listener::make(path, service_into(log)).value(); // takes none yet
    std::vector<os::UniqueFd> queued;
    queued.reserve(33);
    for (int i = 0; i < 33; ++i) { // a queue of 32 is full at 33
        queued.push_back(connect_silently(path));
    }
    const auto refused =
        connect(path, "admin", std::chrono::steady_clock::now() + std::chrono::milliseconds{50});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::timed_out);
}

TEST(HubListener, AProcessThatEndsInGoodOrderSaysSo)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    {
        const Client collector{socket, "collector", {}};
        log.wait_for("collector connected");
    }
    log.wait_for("collector left");
    const auto lost = connect(socket, "pipeline", soon()).value();
    log.wait_for("pipeline connected");
    lost->close();
    log.wait_for("pipeline lost");
}

TEST(HubListener, StoppingFailsWhatWaitsAndWhatComes)
{
    const test::TempDir folder;
    const auto socket = folder.path() / "control.sock";
    Log log;
    const auto listener = listen(socket, log);
    std::promise<void> is_asked;
    std::promise<void> may_go;
    Handlers handlers;
    handlers.on_call = [&](std::string_view, const Document&) -> Result<Document> {
        is_asked.set_value();
        may_go.get_future().wait();
        return Document{};
    };
    const Client collector{socket, "collector", handlers};
    log.wait_for("collector connected");
    auto waiting = std::async(std::launch::async,
                              [&] { return listener->call("collector", "x", "{}", soon()); });
    is_asked.get_future().wait();
    listener->stop();
    EXPECT_EQ(waiting.get().error().code(), ErrorCode::connection_lost);
    EXPECT_EQ(listener->notify("collector", "x", "{}").error().code(), ErrorCode::connection_lost);
    listener->stop();
    may_go.set_value();
}

TEST(HubListener, NoControlIsALossToRetry)
{
    const test::TempDir folder;
    const auto link = connect(folder.path() / "control.sock", "admin", soon());
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().code(), ErrorCode::connection_lost);
}

} // namespace
} // namespace watchpost::hub
