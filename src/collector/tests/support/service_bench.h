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

class ServiceBench {
public:
    explicit ServiceBench(Pop3Script the_script, std::size_t polls_at_once = 8)
        : script{std::move(the_script)}
        , service{surroundings(polls_at_once), {}}
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
    Service::Surroundings surroundings(std::size_t polls_at_once)
    {
        SessionLimits limits;
        limits.batches_at_once = 1;
        return {
            .tools = {.intake = intake,
                      .store = store,
                      .key = key,
                      .epoch = 1,
                      .limits = limits,
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
            .polls_at_once = polls_at_once,
            .start = [this](std::function<void()> work) { started.push_back(std::move(work)); }};
    }
};

} // namespace watchpost::collector::test
