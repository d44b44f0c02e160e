// The real collector on a scripted server: polls over loopback, spool and ledger on disk.
//
// Each poll begins as after a restart: the ledger comes from the spool. Not thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "collector/ledger.h"
#include "collector/net_transport.h"
#include "collector/poll.h"
#include "pop3_server/script_json.h"
#include "pop3_server/server.h"
#include "spool/spool.h"
#include "support/certificates.h"
#include "support/stored_messages.h"
#include "support/temp_dir.h"

namespace watchpost::test {

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

class QuirkBench {
public:
    explicit QuirkBench(Pop3Script script) : server{std::move(script)}
    {
        settings.mailbox = "box";
        settings.server = "127.0.0.1";
        settings.port = static_cast<std::uint16_t>(server.port());
        settings.tls_mode = collector::TlsMode::none;
        settings.user = "alice";
        limits.batches_at_once = 1; // so that tests know the order
        limits.glued_end_time_max = std::chrono::milliseconds{20};
        limits.reply_time_max = std::chrono::milliseconds{10'000};
    }
    explicit QuirkBench(const std::string& json) : QuirkBench{pop3_script(json)} {}

    TempDir folder;
    ScriptedPop3Server server; // reads its certificates there
    collector::MailboxSettings settings;
    std::string password = "secret";
    collector::SessionLimits limits;
    base::Instant now = base::parse_rfc3339("2026-11-24T06:00:00Z").value();
    collector::FirstPoll first_poll = collector::FirstPoll::all;

    void delete_once_stored()
    {
        settings.after_retrieval = collector::AfterRetrieval::delete_once_stored;
    }

    collector::PollReport poll()
    {
        return poll_into(*spool::Spool::open(std::filesystem::path{folder / "spool"}).value());
    }

    collector::PollReport poll_into(spool::Spool& spool)
    {
        auto ledger = collector::Ledger::load(spool).value();
        const auto transport =
            collector::NetTransport::make(settings, limits, *cancellation_).value();
        const auto credentials = pop3::Credentials::make(settings.user, password).value();
        const spool::MailboxKey key{"box", 1};
        collector::Poll one{{.settings = settings,
                             .credentials = credentials,
                             .key = key,
                             .epoch = spool.epoch(),
                             .transport = *transport,
                             .intake = spool,
                             .store = spool,
                             .ledger = ledger,
                             .limits = limits,
                             .clock = [this] { return now; },
                             .on_progress = {},
                             .first_poll = first_poll,
                             .audience = collector::Audience::console},
                            collector::RefusedLogins::remember};
        return one.run();
    }

    /// What the spool has, oldest first.
    [[nodiscard]] std::vector<StoredMessage> items() const
    {
        return stored_messages(folder / "spool");
    }

    /// Contents that are to be inspected, as often as they would be; sorted.
    [[nodiscard]] std::vector<std::string> contents() const
    {
        std::vector<std::string> all;
        for (auto& item : items()) {
            if (spool::has_content(item.completeness)) {
                all.push_back(std::move(item.content));
            }
        }
        std::ranges::sort(all);
        return all;
    }

    /// Contents that the server had, sorted.
    [[nodiscard]] static std::vector<std::string> contents_of(const Pop3Script& script)
    {
        std::vector<std::string> all;
        all.reserve(script.messages.size());
        for (const auto& message : script.messages) {
            all.push_back(message.content);
        }
        std::ranges::sort(all);
        return all;
    }

private:
    std::unique_ptr<net::Cancellation> cancellation_ = net::Cancellation::make().value();
};

/// All notes in one text.
inline std::string notes_of(const collector::PollReport& report)
{
    std::string all;
    for (const auto& note : report.notes) {
        all += note + "\n";
    }
    return all;
}

inline std::string error_of(const collector::PollReport& report)
{
    return report.error ? report.error->describe() : "";
}

/// Every message of `whole` is at the server or ours, and none is ours twice.
inline void expect_nothing_lost(const QuirkBench& bench, const Pop3Script& whole)
{
    const auto ours = bench.contents();
    EXPECT_EQ(std::ranges::adjacent_find(ours), ours.end()) << "twice";
    const auto left = QuirkBench::contents_of(bench.server.script());
    for (const auto& message : whole.messages) {
        EXPECT_TRUE(std::ranges::binary_search(ours, message.content) ||
                    std::ranges::binary_search(left, message.content))
            << "lost, or deleted before it was durable: " << message.uid;
    }
}

/// Ours are all messages of `whole`, once each; the server has them still, or none of them.
inline void expect_all_collected(const QuirkBench& bench, const Pop3Script& whole, bool deletes)
{
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(whole));
    EXPECT_EQ(bench.server.script().messages.size(), deletes ? 0 : whole.messages.size());
}

} // namespace watchpost::test
