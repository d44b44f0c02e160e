#include "app/commands/collect.h"

#include <chrono>
#include <cstdio>

#include "app/collect/collect_output.h"
#include "app/collect/command_tokens.h"
#include "app/collect/interruption.h"
#include "app/collect/pop3_options.h"
#include "app/progress_line.h"
#include "collector/ledger.h"
#include "collector/net_transport.h"
#include "collector/poll.h"
#include "os/heap.h"
#include "spool/spool.h"

namespace watchpost::app {
namespace {

constexpr int exit_all_collected = 0;
constexpr int exit_some_left = 1;
constexpr int exit_not_logged_in = 2;
constexpr int exit_no_room = 3;

int exit_code(const collector::PollReport& report)
{
    if (report.error && report.error->code() == base::ErrorCode::disk_full) {
        return exit_no_room;
    }
    if (report.error && !report.has_logged_in) {
        return exit_not_logged_in;
    }
    return report.is_complete() ? exit_all_collected : exit_some_left;
}

std::string remedy(const base::Error& error)
{
    if (error.code() == base::ErrorCode::disk_full) {
        return "; collecting pauses: what is stored stays, make room and run it again";
    }
    return remedy_of(error);
}

void print(const collector::PollReport& report, const Pop3Options& options,
           const spool::MailboxKey& key, std::chrono::milliseconds duration)
{
    for (const auto& note : report.notes) {
        std::fprintf(stderr, "watchpost collect: note: %s\n", note.c_str());
    }
    if (report.error) {
        std::fprintf(stderr, "watchpost collect: %s%s\n", report.error->describe().c_str(),
                     remedy(*report.error).c_str());
    }
    if (options.is_json) {
        std::printf("%s\n", to_json(report, options.settings, key, duration).c_str());
    } else if (exit_code(report) != exit_not_logged_in) {
        std::printf("%s\n", summary_line(report, duration).c_str());
    }
}

std::string progress_text(const collector::PollReport& report)
{
    return std::to_string(report.fetched) + " of " + std::to_string(report.listed - report.known) +
           " messages";
}

/// What cannot be wrong any more is opened last: settings, then spool, then the network.
base::Result<int> collect(const Pop3Options& options)
{
    auto interruption = Interruption::make();
    if (!interruption) {
        return base::fail(std::move(interruption).error());
    }
    auto transport = collector::NetTransport::make(options.settings, options.limits,
                                                   (*interruption)->cancellation());
    if (!transport) {
        return base::fail(std::move(transport).error());
    }
    auto spool = spool::Spool::open(options.spool, options.spool_options);
    if (!spool) {
        return base::fail(std::move(spool).error().during("open the spool"));
    }
    for (const auto& note : (*spool)->recovery_notes()) {
        std::fprintf(stderr, "watchpost collect: note: spool: %s\n", note.text.c_str());
    }
    if (auto room = (*spool)->look_for_room(); !room) {
        return base::fail(std::move(room).error());
    }
    auto ledger = collector::Ledger::load(**spool, collector::mailbox_id(options.settings));
    if (!ledger) {
        return base::fail(std::move(ledger).error());
    }
    collector::MaildropRegistry registry{**spool};
    const auto key = registry.resolve(collector::mailbox_id(options.settings),
                                      options.settings.user, options.maildrop);
    if (!key) {
        return base::fail(key.error());
    }
    CommandTokens tokens{options, (*interruption)->cancellation()};
    ProgressLine progress;
    const auto began = std::chrono::steady_clock::now();
    collector::Poll poll{
        {.settings = options.settings,
         .credentials = options.credentials,
         .key = *key,
         .epoch = (*spool)->epoch(),
         .transport = **transport,
         .intake = **spool,
         .store = **spool,
         .ledger = *ledger,
         .limits = options.limits,
         .on_progress = [&](const auto& report) { progress.show(progress_text(report)); },
         .tokens = tokens.login()},
        options.refused_logins};
    const auto report = poll.run();
    progress.clear();
    print(report, options, *key,
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                began));
    return exit_code(report);
}

} // namespace

int run_collect(int argument_count, char** arguments)
{
    os::share_one_heap();
    const auto parsed = parse_pop3_options(Pop3Command::collect, argument_count, arguments);
    if (parsed && std::holds_alternative<HelpText>(*parsed)) {
        std::fputs(std::get<HelpText>(*parsed).text.c_str(), stdout);
        return exit_all_collected;
    }
    if (!parsed) {
        std::fprintf(stderr, "watchpost collect: %s\n", parsed.error().describe().c_str());
        return exit_not_logged_in;
    }
    const auto& options = std::get<Pop3Options>(*parsed);
    const auto done = collect(options);
    if (!done) {
        std::fprintf(stderr, "watchpost collect: %s%s\n", done.error().describe().c_str(),
                     remedy(done.error()).c_str());
        if (options.is_json) {
            std::printf("%s\n", to_json(done.error()).c_str());
        }
        return done.error().code() == base::ErrorCode::disk_full ? exit_no_room
                                                                 : exit_not_logged_in;
    }
    return *done;
}

} // namespace watchpost::app
