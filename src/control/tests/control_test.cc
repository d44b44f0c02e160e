#include "control/control.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "control/messages.h"
#include "control/tests/https_client.h"
#include "hub/client.h"
#include "node/state_folder.h"
#include "os/unique_fd.h"
#include "pipeline/service_messages.h"
#include "secrets/password.h"
#include "secrets/sealed_box.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::control {
namespace {

using base::ErrorCode;
using base::Result;
using hub::Document;

constexpr const char* password = "correct horse battery";
constexpr std::size_t connection_tests_max = 6;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// A running control with one account; the test plays the other processes.
class ControlTest : public testing::Test {
protected:
    ControlTest()
    {
        const os::User me{::getuid(), ::getgid()};
        EXPECT_TRUE(node::prepare(state, {me, me, me}));
        temporary.write("state/keys/collector.pub",
                        secrets::to_text(secrets::KeyPair::make().public_key()));
        make_account();
        ControlSettings settings;
        settings.product_version = "1.2.3";
        settings.state = state.root();
        settings.port = 0;
        settings.users = {me.uid, me.uid, me.uid};
        done = std::async(std::launch::async, [this, settings] {
            const diag::Log log{"control", log_file.get()};
            return run_control(settings, log, stop_fd.get());
        });
        port = wait_for_port();
    }
    void TearDown() override { stop(); }

    void make_account()
    {
        const auto store = store::open_sqlite_store(state.store().string()).value();
        store::User user;
        user.id = store::UserId::make();
        user.name = "ann";
        user.roles = {store::Role::administrator, store::Role::senior_security_officer};
        user.password_hash = secrets::hash_password(password, {1, std::size_t{8} << 10U});
        user.created_at = base::now();
        EXPECT_TRUE(store->add_user(user, {}));
        sensor = store->this_node().to_string();
    }

    std::string log_text() const { return test::read_file(temporary / "log"); }

    std::uint16_t wait_for_port() const
    {
        const std::string before = "https://127.0.0.1:";
        while (std::chrono::steady_clock::now() < soon_at) {
            const auto text = log_text();
            const auto found = text.find(before);
            if (found != std::string::npos && text.find('\n', found) != std::string::npos) {
                return static_cast<std::uint16_t>(std::stoi(text.substr(found + before.size(), 5)));
            }
            std::this_thread::yield();
        }
        ADD_FAILURE() << "control does not listen: " << log_text();
        return 0;
    }

    void ask_to_stop() const { EXPECT_EQ(::eventfd_write(stop_fd.get(), 1), 0); }
    void stop()
    {
        if (done.valid()) {
            ask_to_stop();
            EXPECT_TRUE(done.get());
        }
    }

    HttpsClient signed_in() const
    {
        HttpsClient client{port};
        EXPECT_TRUE(client.sign_in("ann", password));
        return client;
    }

    HttpsReply test_connection(const HttpsClient& client) const
    {
        const nlohmann::json settings{
            {"name", "Copies"},     {"server", "pop.example.org"}, {"port", 995},
            {"use_tls", true},      {"tls_mode", "implicit"},      {"user", "copies"},
            {"password", "secret"}, {"certificate", "any"},        {"enabled", true},
            {"receive_every_s", 60}};
        return client.ask("POST", "/sensors/" + sensor + "/mailbox-test",
                          nlohmann::json{{"settings", settings}}.dump());
    }

    /// Retries until control's other side is there.
    template <typename Ask>
    HttpsReply ask_when_connected(Ask&& ask) const
    {
        auto reply = ask();
        while (reply.status == 503 && std::chrono::steady_clock::now() < soon_at) {
            reply = ask();
        }
        return reply;
    }

    const base::Deadline soon_at = soon();
    test::TempDir temporary;
    node::StateFolder state{temporary / "state"};
    std::string sensor;
    os::UniqueFd stop_fd{::eventfd(0, EFD_CLOEXEC)};
    os::UniqueFd log_file{
        ::open((temporary / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    std::future<Result<void>> done;
    std::uint16_t port = 0;
};

/// A collector whose mail servers say nothing until release().
struct SilentServers {
    explicit SilentServers(std::ptrdiff_t tests) : left{tests} {}

    hub::Handlers handlers()
    {
        hub::Handlers made;
        made.on_connected = [this] { connected.set_value(); };
        made.on_call = [this](std::string_view method, const Document&) -> Result<Document> {
            if (method == "test_connection") {
                {
                    const std::lock_guard guard{lock};
                    left -= left > 0 ? 1 : 0;
                    changed.notify_all();
                }
                go.wait();
            }
            return Document{};
        };
        return made;
    }
    void release() { may_go.set_value(); }
    /// Whether all tests have been asked for.
    bool wait_until_asked()
    {
        std::unique_lock guard{lock};
        return changed.wait_until(guard, soon(), [&] { return left == 0; });
    }

    std::mutex lock;
    std::condition_variable changed;
    std::ptrdiff_t left;
    std::promise<void> connected;
    std::promise<void> may_go;
    std::shared_future<void> go = may_go.get_future().share();
};

TEST_F(ControlTest, StopsWhileAConnectionIsBeingTested)
{
    SilentServers servers{1};
    const hub::Client collector{state.socket(), std::string{collector_role}, servers.handlers()};
    servers.connected.get_future().wait();
    const auto client = signed_in();
    auto testing = std::async(std::launch::async, [&] {
        return ask_when_connected([&] { return test_connection(client); });
    });
    EXPECT_TRUE(servers.wait_until_asked());
    stop();
    servers.release();
    EXPECT_EQ(testing.get().status, 0); // the console is gone with its connection
}

TEST_F(ControlTest, SilentMailServersKeepNobodyOut)
{
    SilentServers servers{connection_tests_max};
    const hub::Client collector{state.socket(), std::string{collector_role}, servers.handlers()};
    servers.connected.get_future().wait();
    const auto client = signed_in();
    std::vector<std::future<HttpsReply>> stuck;
    stuck.reserve(connection_tests_max);
    for (std::size_t i = 0; i < connection_tests_max; ++i) {
        stuck.push_back(std::async(std::launch::async, [&] { return test_connection(client); }));
    }
    EXPECT_TRUE(servers.wait_until_asked());
    const auto refused = test_connection(client);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.json["code"], "unavailable");
    EXPECT_NE(refused.head.find("retry-after: 10"), std::string::npos) << refused.head;
    EXPECT_EQ(client.ask("GET", "/alerts").status, 200);
    EXPECT_EQ(signed_in().ask("GET", "/status").status, 200);
    servers.release();
    for (auto& each : stuck) {
        EXPECT_NE(each.get().status, 0);
    }
}

TEST_F(ControlTest, OnlyALinkThatBrokeIsLogged)
{
    std::promise<void> connected;
    hub::Handlers handlers;
    handlers.on_connected = [&] { connected.set_value(); };
    {
        const hub::Client collector{state.socket(), std::string{collector_role}, handlers};
        connected.get_future().wait();
    }
    const auto pipeline = hub::connect(state.socket(), pipeline_role, soon()).value();
    ASSERT_FALSE(pipeline->call("unknown", "{}", soon())); // it is admitted
    pipeline->close();
    while (log_text().find("control.link_lost") == std::string::npos &&
           std::chrono::steady_clock::now() < soon_at) {
        std::this_thread::yield();
    }
    const auto supervisor = hub::connect(state.socket(), supervisor_role, soon()).value();
    ASSERT_FALSE(supervisor->call("unknown", "{}", soon()));
    stop();
    EXPECT_NE(log_text().find("peer=\"pipeline\""), std::string::npos) << log_text();
    EXPECT_EQ(log_text().find("peer=\"collector\""), std::string::npos) << log_text();
    EXPECT_EQ(log_text().find("peer=\"supervisor\""), std::string::npos) << log_text();
}

TEST_F(ControlTest, AReportThatIsNestedTooDeepIsRefused)
{
    const auto link = hub::connect(state.socket(), pipeline_role, soon()).value();
    pipeline::RecordCall call;
    call.record.id = store::MessageId::make();
    call.record.received_at = call.record.inspected_at = base::now();
    for (const std::size_t depth : {std::size_t{65}, std::size_t{1'000'000}}) {
        call.record.report_json = std::string(depth, '[');
        const auto refused = link->call("record", pipeline::to_json(call), soon());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
    }
    call.record.report_json = R"({"findings":[]})";
    EXPECT_TRUE(link->call("record", pipeline::to_json(call), soon()));
}

/// A pipeline that takes every rule file; the lists that it was told are read by revision.
struct RuleTaker {
    hub::Handlers handlers()
    {
        hub::Handlers made;
        made.on_call = [](std::string_view, const Document&) -> Result<Document> {
            return Document{pipeline::rule_count_to_json(1), {}};
        };
        made.on_notice = [this](std::string_view method, const std::string& json) {
            if (method == "rules_changed") {
                const std::lock_guard guard{lock};
                lists.push_back(pipeline::parse_rule_list(json).value());
                changed.notify_all();
            }
        };
        return made;
    }
    pipeline::RuleList wait_for(std::size_t files)
    {
        std::unique_lock guard{lock};
        const bool came = changed.wait_until(
            guard, soon(), [&] { return !lists.empty() && lists.back().files.size() == files; });
        EXPECT_TRUE(came);
        return came ? lists.back() : pipeline::RuleList{};
    }

    std::mutex lock;
    std::condition_variable changed;
    std::vector<pipeline::RuleList> lists;
};

void say_in_use(hub::Client& pipeline, std::uint64_t revision)
{
    pipeline::PipelineStatus status;
    status.rules_revision = revision;
    ASSERT_TRUE(pipeline.notify("pipeline_status", pipeline::to_json(status)));
}

/// A pipeline that keeps the names of what it is told, in order.
struct Listening {
    hub::Handlers handlers()
    {
        hub::Handlers made;
        made.on_notice = [this](std::string_view method, const std::string&) {
            const std::lock_guard guard{lock};
            methods.emplace_back(method);
            changed.notify_all();
        };
        return made;
    }
    std::vector<std::string> wait_for(std::string_view last)
    {
        std::unique_lock guard{lock};
        EXPECT_TRUE(changed.wait_until(guard, soon(),
                                       [&] { return !methods.empty() && methods.back() == last; }));
        return methods;
    }

    std::mutex lock;
    std::condition_variable changed;
    std::vector<std::string> methods;
};

void rename_table(const std::filesystem::path& store, const std::string& from,
                  const std::string& to)
{
    sqlite3* database = nullptr;
    ASSERT_EQ(::sqlite3_open(store.c_str(), &database), SQLITE_OK);
    ::sqlite3_busy_timeout(database, 60'000);
    const std::string change = "ALTER TABLE " + from + " RENAME TO " + to;
    EXPECT_EQ(::sqlite3_exec(database, change.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    ::sqlite3_close(database);
}

// With the rules it begins to inspect: forwards would be read as plain copies.
TEST_F(ControlTest, ThePipelineGetsNoRulesBeforeItKnowsHowCopiesArrive)
{
    rename_table(state.store(), "mailboxes", "mailboxes_away");
    Listening listening;
    hub::Client pipeline{state.socket(), std::string{pipeline_role}, listening.handlers()};
    EXPECT_EQ(listening.wait_for("work"), std::vector<std::string>{"work"});
    EXPECT_NE(log_text().find("tell the pipeline how copies arrive"), std::string::npos);
    rename_table(state.store(), "mailboxes_away", "mailboxes");
    say_in_use(pipeline, 0);
    EXPECT_EQ(listening.wait_for("rules_changed"),
              (std::vector<std::string>{"work", "copies_changed", "rules_changed"}));
}

TEST_F(ControlTest, ARuleFileStaysUntilThePipelineHasLetGoOfIt)
{
    RuleTaker taker;
    hub::Client pipeline{state.socket(), std::string{pipeline_role}, taker.handlers()};
    const auto client = signed_in();
    const nlohmann::json body{{"name", "mine"}, {"source", "rule r { condition: true }"}};
    const auto added =
        ask_when_connected([&] { return client.ask("POST", "/yara-rules", body.dump()); });
    ASSERT_EQ(added.status, 201) << added.json;
    const auto with = taker.wait_for(1);
    ASSERT_EQ(with.files.size(), 1U);
    const auto path = with.files.front().path;
    say_in_use(pipeline, with.revision);
    const std::string id = added.json["id"];
    ASSERT_EQ(client.ask("DELETE", "/yara-rules/" + id).status, 204);
    const auto without = taker.wait_for(0);
    EXPECT_GT(without.revision, with.revision);
    say_in_use(pipeline, with.revision); // it still starts inspectors with the file
    ASSERT_EQ(client.ask("POST", "/yara-rules", body.dump()).status, 201);
    const auto anew = taker.wait_for(1); // told after the status above was taken, or before it
    EXPECT_TRUE(std::filesystem::exists(path));
    say_in_use(pipeline, anew.revision);
    while (std::filesystem::exists(path) && std::chrono::steady_clock::now() < soon_at) {
        std::this_thread::yield();
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(std::filesystem::exists(anew.files.front().path));
}

} // namespace
} // namespace watchpost::control
