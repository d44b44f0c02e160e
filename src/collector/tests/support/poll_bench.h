// Everything that a poll needs, in memory, for tests of whole polls.
#pragma once

#include "collector/poll.h"
#include "collector/tests/support/fake_intake.h"
#include "collector/tests/support/fake_transport.h"

namespace watchpost::collector::test {

using watchpost::test::Pop3Script;
using watchpost::test::ScriptedMessage;

/// "Subject: N" and a body of about `octets`.
inline ScriptedMessage message(const std::string& uid, std::size_t octets = 40)
{
    std::string content = "Subject: " + uid + "\r\n\r\n";
    while (content.size() < octets) {
        content += "..dots and words\r\n";
    }
    return {uid, content, {}, {}};
}

inline Pop3Script script_of(std::size_t count)
{
    Pop3Script script;
    for (std::size_t i = 1; i <= count; ++i) {
        script.messages.push_back(message("u" + std::to_string(i)));
    }
    return script;
}

/// The mailbox of a test, polled as often as it likes.
class PollBench {
public:
    explicit PollBench(Pop3Script the_script) : script{std::move(the_script)}
    {
        settings.server = "mail.example";
        settings.user = "alice";
        settings.tls_mode = TlsMode::none;
        limits.batches_at_once = 1; // so that tests know the order
    }

    Pop3Script script;
    MailboxSettings settings;
    std::string password = "secret";
    SessionLimits limits;
    FakeTransport transport{script};
    FakeIntake intake;
    FakeStore store;
    Ledger ledger;
    BatchBudget* budget = nullptr; // outlives the polls, as does the next
    TokenLogin* tokens = nullptr;
    FirstPoll first_poll = FirstPoll::all;
    base::Instant now = base::parse_rfc3339("2026-11-24T06:00:00Z").value();

    PollReport poll(RefusedLogins refused_logins = RefusedLogins::remember)
    {
        const auto credentials = pop3::Credentials::make(settings.user, password).value();
        const spool::MailboxKey key{"box", 1};
        Poll one{{.settings = settings,
                  .credentials = credentials,
                  .key = key,
                  .epoch = 1,
                  .transport = transport,
                  .intake = intake,
                  .store = store,
                  .ledger = ledger,
                  .limits = limits,
                  .clock = [this] { return now; },
                  .budget = budget,
                  .first_poll = first_poll,
                  .audience = Audience::command_line,
                  .tokens = tokens},
                 refused_logins};
        return one.run();
    }
};

} // namespace watchpost::collector::test
