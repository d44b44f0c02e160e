// A Service in memory: its clock stands until the test moves it, its polls run when the test says.
#pragma once

#include <nlohmann/json.hpp>

#include <deque>
#include <map>
#include <string>

#include "collector/mailbox_password.h"
#include "collector/service.h"
#include "collector/tests/support/poll_bench.h"
#include "support/temp_dir.h"

namespace watchpost::collector::test {

inline nlohmann::json form()
{
    return {{"name", "Copies"}, {"enabled", true}, {"server", "mail.example.org"}, {"port", 110},
            {"use_tls", false}, {"user", "alice"}, {"receive_every_s", 60}};
}

/// Passes everything on to a FakeTransport that stays.
class BorrowedTransport final : public Transport {
public:
    explicit BorrowedTransport(Transport& lender) : lender_{lender} {}

    base::Result<std::unique_ptr<net::Stream>>
    connect(const net::ConnectObserver& observer) override
    {
        return lender_.connect(observer);
    }
    base::Result<std::unique_ptr<net::Stream>>
    secure(std::unique_ptr<net::Stream> clear, base::Deadline deadline, net::TlsInfo& info) override
    {
        return lender_.secure(std::move(clear), deadline, info);
    }

private:
    Transport& lender_;
};

/// As many log-ins as there are places.
inline PollLimits no_ramp()
{
    return {.connections_max = 8, .log_in_interval = std::chrono::milliseconds{0}};
}

class ServiceBench {
public:
    explicit ServiceBench(Pop3Script the_script, const PollLimits& limits = no_ramp())
        : script{std::move(the_script)}
        , service{surroundings(limits)}
    {
    }

    Pop3Script script;
    FakeTransport transport{script};
    FakeIntake intake;
    FakeStore store;
    secrets::KeyPair key = secrets::KeyPair::make();
    Moment now{.wall = base::parse_rfc3339("2026-11-24T06:00:00Z").value(),
               .steady = SteadyTime{std::chrono::hours{1}}};
    double chance = 0.5; // the middle of every span
    std::map<std::string, MailboxStatus> statuses;
    std::deque<std::function<void()>> started; // polls that have begun
    base::Result<void> room;                   // of the spool
    std::vector<std::string> pauses;           // reasons that were told
    std::vector<std::string> servers;          // one a transport that was made
    watchpost::test::TempDir folder;
    diag::Log log{"collector", -1};
    Service service;

    [[nodiscard]] std::string sealed_for(const nlohmann::json& settings) const
    {
        return seal_password(key.public_key(), settings.dump(), "secret");
    }

    [[nodiscard]] Assignment assignment(const std::string& id = "box") const
    {
        return {.id = id,
                .name = "Copies",
                .settings_json = form().dump(),
                .sealed_password = sealed_for(form()),
                .version = 1,
                .generation = 1};
    }

    void pass(std::chrono::milliseconds time)
    {
        now.wall += time;
        now.steady += time;
    }

    /// Starts what is due and lets it run to its end; how many polls that were.
    std::size_t poll()
    {
        service.tick();
        return run_started();
    }

    std::size_t run_started()
    {
        std::size_t count = 0;
        for (; !started.empty(); ++count) {
            const auto work = std::move(started.front());
            started.pop_front();
            work();
        }
        return count;
    }

    [[nodiscard]] const MailboxStatus& status(const std::string& id = "box") const
    {
        return statuses.at(id);
    }

private:
    Service::Surroundings surroundings(const PollLimits& limits)
    {
        SessionLimits session;
        session.batches_at_once = 1;
        return {
            .tools = {.intake = intake,
                      .store = store,
                      .receipts = intake,
                      .key = key,
                      .epoch = 1,
                      .limits = session,
                      .make_transport = [this](const MailboxSettings& settings)
                          -> base::Result<std::unique_ptr<Transport>> {
                          servers.push_back(settings.server);
                          return std::make_unique<BorrowedTransport>(transport);
                      },
                      .clock = [this] { return now.wall; }},
            .clock = [this] { return now; },
            .chance = [this] { return chance; },
            .on_status =
                [this](const StatusOfMailbox& status) { statuses[status.mailbox] = status.status; },
            .log = log,
            .limits = limits,
            .room = [this]() -> base::Result<void> {
                return room ? base::Result<void>{} : base::fail(base::Error{room.error()});
            },
            .on_pause = [this](const std::string& reason) { pauses.push_back(reason); },
            .start = [this](std::function<void()> work) { started.push_back(std::move(work)); }};
    }
};

} // namespace watchpost::collector::test
