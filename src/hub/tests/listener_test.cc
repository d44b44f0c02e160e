#include "hub/listener.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>

#include "hub/client.h"
#include "support/temp_dir.h"

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
    service.on_call = [](const Peer& peer, std::string_view method, Document) -> Result<Document> {
        return Document{peer.role + ":" + std::string{method}, {}};
    };
    service.on_notice = [&log](const Peer& peer, std::string_view method, const std::string&) {
        log.add(peer.role + " says " + std::string{method});
    };
    service.on_connected = [&log](const Peer& peer) { log.add(peer.role + " connected"); };
    service.on_lost = [&log](const Peer& peer) { log.add(peer.role + " lost"); };
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
    handlers.on_call = [name](std::string_view, Document) -> Result<Document> {
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
    log.wait_for("collector lost", 2);
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

TEST(HubListener, NoControlIsALossToRetry)
{
    const test::TempDir folder;
    const auto link = connect(folder.path() / "control.sock", "admin", soon());
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().code(), ErrorCode::connection_lost);
}

} // namespace
} // namespace watchpost::hub
