// `watchpost collector` as the supervisor starts it, against a scripted mail server; the test is
// control.
#include <sys/wait.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <functional>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/mailbox_password.h"
#include "collector/service_messages.h"
#include "hub/listener.h"
#include "pop3_server/server.h"
#include "secrets/sealed_box.h"
#include "spool/reader.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost {
namespace {

using collector::MailboxState;
using ::testing::HasSubstr;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// Control as the collector sees it: remembers what it was told.
class Control {
public:
    explicit Control(const std::filesystem::path& socket)
    {
        hub::Service service;
        service.admit = [](const hub::Peer&) { return base::Result<void>{}; };
        service.on_call = [this](const hub::Peer&, std::string_view, const hub::Document& request) {
            const std::lock_guard held{lock_};
            asked_ = collector::parse_ids(request.json).value();
            changed_.notify_all();
            return base::Result<hub::Document>{
                hub::Document{.json = collector::encode_recorded(asked_), .fds = {}}};
        };
        service.on_notice = [this](const hub::Peer&, std::string_view method,
                                   const std::string& json) { take(method, json); };
        service.on_connected = [this](const hub::Peer&) {
            const std::lock_guard held{lock_};
            is_connected_ = true;
            changed_.notify_all();
        };
        service.on_lost = [](const hub::Peer&) {};
        listener_ = hub::Listener::make(socket, std::move(service)).value();
        listener_->start();
    }

    [[nodiscard]] bool wait_for(const std::function<bool()>& is_so)
    {
        std::unique_lock held{lock_};
        return changed_.wait_until(held, soon(), is_so);
    }
    [[nodiscard]] bool wait_for_link()
    {
        return wait_for([this] { return is_connected_; });
    }
    [[nodiscard]] bool wait_for_state(MailboxState state)
    {
        return wait_for([&] { return status_.state == state; });
    }

    hub::Listener& hub() { return *listener_; }
    collector::MailboxStatus status_;
    std::uint64_t collected_ = 0;
    std::vector<std::string> asked_; // ids of the last page of "unsettled"

private:
    void take(std::string_view method, const std::string& json)
    {
        const std::lock_guard held{lock_};
        if (method == collector::mailbox_status_method) {
            status_ = collector::parse_mailbox_status(json).value().status;
        } else if (method == collector::collected_method) {
            collected_ += collector::parse_collected(json).value();
        }
        changed_.notify_all();
    }

    std::mutex lock_;
    std::condition_variable changed_;
    bool is_connected_ = false;
    std::unique_ptr<hub::Listener> listener_; // last: its handlers use the others
};

test::Pop3Script two_messages()
{
    test::Pop3Script script;
    for (const char* const uid : {"u1", "u2"}) {
        script.messages.push_back({uid, "Subject: x\r\n\r\nbody\r\n", {}, {}});
    }
    return script;
}

class CollectorProcess : public ::testing::Test {
protected:
    CollectorProcess()
    {
        state.write("keys/collector.key", key.to_key_file().reveal());
        std::filesystem::create_directory(state / "run");
        std::filesystem::create_directory(state / "spool");
    }

    [[nodiscard]] std::string mailboxes(std::uint64_t version = 1) const
    {
        const std::string settings =
            R"({"name":"Copies","enabled":true,"server":"127.0.0.1","port":)" +
            std::to_string(server.port()) +
            R"(,"use_tls":false,"user":"alice","receive_every_s":3600})";
        return collector::encode_mailboxes(
            {{.id = "01JDEXAMPLE",
              .name = "Copies",
              .settings_json = settings,
              .sealed_password = collector::seal_password(key.public_key(), settings, "secret"),
              .version = version,
              .generation = 1}});
    }

    [[nodiscard]] std::vector<std::string> command() const
    {
        return {test::watchpost_program(), "collector", "--state", state.path().string()};
    }

    static int stop(test::BackgroundProgram& program)
    {
        program.send_signal(SIGTERM);
        const int status = program.wait();
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    test::TempDir state;
    secrets::KeyPair key = secrets::KeyPair::make();
    test::ScriptedPop3Server server{two_messages()};
};

TEST_F(CollectorProcess, CollectsWhatControlAssignsAndEndsInGoodOrder)
{
    Control control{state / "run/control.sock"};
    test::BackgroundProgram process{command(), state / "log"};
    ASSERT_TRUE(control.wait_for_link());
    ASSERT_TRUE(control.hub().notify("collector", "mailboxes", mailboxes()).has_value());
    ASSERT_TRUE(control.wait_for_state(MailboxState::ok)) << test::read_file(state / "log");
    EXPECT_EQ(control.status_.messages_total, 2U);
    EXPECT_TRUE(control.wait_for([&] { return control.collected_ == 2; }));
    const auto test =
        control.hub().call("collector", "test_connection",
                           collector::encode_test_request(
                               {.settings_json = R"({"server":""})", .sealed_password = ""}),
                           soon());
    EXPECT_FALSE(collector::parse_test_report(test.value().json).value().is_ok);
    EXPECT_EQ(stop(process), 0);
    const auto log = test::read_file(state / "log");
    EXPECT_THAT(log, HasSubstr("mailbox.collected"));
    EXPECT_THAT(log, ::testing::Not(HasSubstr("secret")));
}

TEST_F(CollectorProcess, WithANewLinkItSettlesWhatControlHasRecorded)
{
    auto control = std::make_unique<Control>(state / "run/control.sock");
    test::BackgroundProgram process{command(), state / "log"};
    ASSERT_TRUE(control->wait_for_link());
    ASSERT_TRUE(control->hub().notify("collector", "mailboxes", mailboxes()).has_value());
    ASSERT_TRUE(control->wait_for_state(MailboxState::ok));
    control.reset();
    Control next{state / "run/control.sock"};
    ASSERT_TRUE(next.wait_for([&] { return next.asked_.size() == 2; }));
    ASSERT_TRUE(next.wait_for_state(MailboxState::ok));
    EXPECT_EQ(stop(process), 0);
    std::size_t settled = 0;
    EXPECT_TRUE(spool::SpoolReader::open(state / "spool")
                    .value()
                    ->for_each_item([&](const auto& item) { settled += item.is_settled ? 1 : 0; })
                    .has_value());
    EXPECT_EQ(settled, 2U);
}

TEST_F(CollectorProcess, WithoutItsKeyItRefusesAndSaysSo)
{
    state.write("keys/collector.key", "no key");
    std::filesystem::create_directory(state / "spool");
    const auto result = test::run_program(command());
    EXPECT_EQ(result.exit_code, 78);
    EXPECT_THAT(result.err, HasSubstr("collector.cannot_work"));
    EXPECT_THAT(result.err, HasSubstr("collector.key"));
}

} // namespace
} // namespace watchpost
