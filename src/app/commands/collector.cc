#include "app/commands/collector.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/service/child_process.h"
#include "app/service/collector_setup.h"
#include "collector/control_outbox.h"
#include "collector/device_codes.h"
#include "collector/net_transport.h"
#include "collector/service.h"
#include "collector/watched_intake.h"
#include "config/settings_file.h"
#include "diag/log.h"
#include "hub/client.h"
#include "node/state_folder.h"
#include "node/supervisor.h"
#include "os/heap.h"
#include "os/open_files.h"
#include "os/wait.h"
#include "spool/spool.h"

namespace watchpost::app {

namespace {

using base::Result;
using collector::ControlOutbox;
using collector::Service;

constexpr std::size_t key_file_bytes_max = 4096;
constexpr int exit_failed = 1; // the supervisor starts it again
constexpr std::chrono::seconds call_time_max{30};

struct Options {
    ChildOptions child;
    std::filesystem::path settings; // empty: the defaults
    int key_fd = -1;                // the supervisor's way to hand the key to this process alone
};

void declare(CLI::App& cli, Options& options)
{
    declare(cli, options.child);
    cli.add_option("--settings", options.settings, "Settings file");
    cli.add_option("--key-fd", options.key_fd, "Descriptor of the open key file");
}

/// Reads without moving the position, which the next collector shares.
Result<std::string> read_at_once(int fd)
{
    std::string text(key_file_bytes_max, '\0');
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    if (got < 0) {
        return base::fail(base::system_error("read the key of the mailbox passwords", errno));
    }
    text.resize(static_cast<std::size_t>(got));
    return text;
}

Result<secrets::KeyPair> load_key(const Options& options)
{
    const std::string path = node::StateFolder{options.child.state}.collector_key();
    const os::UniqueFd file{options.key_fd >= 0 ? options.key_fd
                                                : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
        return base::fail(base::system_error("open " + path, errno));
    }
    auto text = read_at_once(file.get());
    if (!text) {
        return base::fail(std::move(text.error()));
    }
    const secrets::Secret secret{*std::move(text)};
    auto key = secrets::KeyPair::parse_key_file(secret.reveal());
    return key ? std::move(key) : base::fail(std::move(key).error().during("read " + path));
}

collector::Moment both_clocks()
{
    return {.wall = base::now(), .steady = std::chrono::steady_clock::now()};
}

std::string as_it_is(const std::string& json)
{
    return json;
}

template <typename Thing>
Result<hub::Document> to_document(const Result<Thing>& thing, std::string (*encode)(const Thing&))
{
    return thing ? Result<hub::Document>{hub::Document{.json = encode(*thing), .fds = {}}}
                 : base::fail(thing.error());
}

Result<hub::Document> answer(Service& service, collector::DeviceCodes& device_codes,
                             std::string_view method, const std::string& json)
{
    if (method == collector::begin_device_code_method) {
        return to_document(
            collector::parse_test_request(json).map([&](const collector::TestRequest& request) {
                return device_codes.begin(request.settings_json, request.sealed_password);
            }),
            &collector::encode_device_state);
    }
    if (method == collector::ask_device_code_method) {
        return to_document(collector::parse_device_id(json).map(
                               [&](const std::string& id) { return device_codes.ask(id); }),
                           &collector::encode_device_state);
    }
    if (method == collector::polls_method) {
        return to_document(collector::parse_mailbox(json).and_then(
                               [&](const std::string& mailbox) { return service.polls(mailbox); }),
                           &collector::encode_polls);
    }
    if (method == collector::server_method) {
        return to_document(collector::parse_mailbox(json).and_then(
                               [&](const std::string& mailbox) { return service.server(mailbox); }),
                           &as_it_is);
    }
    if (method == collector::stuck_method) {
        return to_document(collector::parse_mailbox(json).and_then([&](const std::string& mailbox) {
            return service.stuck_messages(mailbox);
        }),
                           &collector::encode_stuck);
    }
    if (method == collector::try_again_method) {
        return collector::parse_try_again(json)
            .and_then(
                [&](const collector::TryAgain& request) { return service.try_again(request); })
            .map([] { return hub::Document{}; });
    }
    if (method == collector::fetch_again_method) {
        return collector::parse_fetch_again(json)
            .and_then(
                [&](const collector::FetchAgainCall& call) { return service.fetch_again(call); })
            .map([] { return hub::Document{}; });
    }
    if (method == collector::poll_now_method) {
        const auto mailbox = collector::parse_mailbox(json);
        const auto asked =
            mailbox ? service.poll_now(*mailbox) : base::fail(base::Error{mailbox.error()});
        return asked ? Result<hub::Document>{hub::Document{}} : base::fail(asked.error());
    }
    if (method == collector::test_connection_method) {
        const auto request = collector::parse_test_request(json);
        if (!request) {
            return base::fail(request.error());
        }
        return hub::Document{
            .json = collector::encode_test_report(service.test_connection(*request)), .fds = {}};
    }
    return base::fail(base::ErrorCode::unsupported, base::Retry::never,
                      "the collector does not know this call");
}

void take_notice(Service& service, ControlOutbox& outbox, const diag::Log& log,
                 std::string_view method, const std::string& json)
{
    Result<void> taken;
    if (method == collector::mailboxes_method) {
        const auto assignments = collector::parse_mailboxes(json);
        if (assignments) {
            service.set_mailboxes(*assignments);
        } else {
            taken = base::fail(assignments.error());
        }
    } else if (method == collector::settled_method) {
        const auto ids = collector::parse_ids(json);
        taken = ids ? outbox.settle(*ids) : base::fail(base::Error{ids.error()});
    }
    if (!taken) {
        log.write("collector.notice_not_taken",
                  {{"notice", std::string{method}}, {"error", taken.error().describe()}});
    }
}

hub::Handlers handlers_of(Service& service, collector::DeviceCodes& device_codes,
                          ControlOutbox& outbox, const diag::Log& log)
{
    return {.on_call =
                [&](std::string_view method, const hub::Document& request) {
                    return answer(service, device_codes, method, request.json);
                },
            .on_notice =
                [&](std::string_view method, const std::string& json) {
                    take_notice(service, outbox, log, method, json);
                },
            .on_connected = [&] { outbox.on_connected(); },
            .on_lost = {}};
}

collector::ControlPeer peer_of(hub::Client& client)
{
    return {
        .call = [&client](std::string_view method, const std::string& json) -> Result<std::string> {
            auto answered =
                client.call(method, json, std::chrono::steady_clock::now() + call_time_max);
            return answered ? Result<std::string>{std::move(answered->json)}
                            : base::fail(std::move(answered).error());
        },
        .notify = [&client](std::string_view method,
                            const std::string& json) { return client.notify(method, json); }};
}

Service::Surroundings surroundings_of(spool::Spool& spool, spool::Intake& intake,
                                      const secrets::KeyPair& key,
                                      const net::Cancellation& cancellation, ControlOutbox& outbox,
                                      const config::Settings& settings, const diag::Log& log)
{
    const collector::SessionLimits limits;
    return {
        .tools = {.intake = intake,
                  .store = spool,
                  .receipts = spool,
                  .key = key,
                  .epoch = spool.epoch(),
                  .limits = limits,
                  .make_transport = [&cancellation, limits,
                                     addresses = std::make_shared<net::AddressMemory>()](
                                        const collector::MailboxSettings& mailbox)
                      -> Result<std::unique_ptr<collector::Transport>> {
                      auto made =
                          collector::NetTransport::make(mailbox, limits, cancellation, addresses);
                      if (!made) {
                          return base::fail(std::move(made).error());
                      }
                      return std::move(*made);
                  },
                  .clock = base::now,
                  .budget = std::make_shared<collector::BatchBudget>(limits.batches_bytes_max),
                  .tokens =
                      std::make_shared<collector::TokenSource>(collector::TokenSource::Surroundings{
                          .post = collector::https_post(cancellation),
                          .keeper = std::make_shared<collector::SealedTokenKeeper>(spool, key)})},
        .clock = both_clocks,
        .chance =
            [random = std::mt19937_64{std::random_device{}()}]() mutable {
                return std::uniform_real_distribution<double>{}(random);
            },
        .on_status = [&outbox](const auto& status) { outbox.put_status(status); },
        .log = log,
        .limits = to_poll_limits(settings),
        .room = [&spool] { return spool.look_for_room(); },
        .on_pause = [&outbox](const std::string& reason) { outbox.set_pause(reason); }};
}

void log_start(const spool::Spool& spool, std::uint64_t octets, std::size_t mailboxes,
               const diag::Log& log)
{
    for (const auto& note : spool.recovery_notes()) {
        log.write(note.kind == spool::RecoveryNote::Kind::damaged ? "spool.damaged"
                                                                  : "spool.mended",
                  {{"note", note.text}});
    }
    log.write("collector.started", {{"mailboxes_seen", std::to_string(mailboxes)},
                                    {"spool_octets", std::to_string(octets)}});
}

/// Until a signal comes. What uses something is declared, and so destroyed, in the right order: the
/// link's handlers end first.
Result<void> serve(const Options& options, int stop_fd, const diag::Log& log)
{
    const node::StateFolder state{options.child.state};
    const auto settings = options.settings.empty() ? Result<config::Settings>{config::Settings{}}
                                                   : config::read_settings_file(options.settings);
    if (!settings) {
        return base::fail(settings.error());
    }
    const auto key = load_key(options);
    if (!key) {
        return base::fail(key.error());
    }
    const auto cancellation = net::Cancellation::make();
    if (!cancellation) {
        return base::fail(cancellation.error());
    }
    const auto spool = spool::Spool::open(state.spool(), to_spool_options(*settings));
    if (!spool) {
        return base::fail(spool.error());
    }
    log_start(**spool, collector::octets_below(state.spool()), (*spool)->mailboxes(), log);
    ControlOutbox outbox{**spool, state.spool(), settings->spool.bytes_max};
    collector::WatchedIntake intake{
        **spool,
        {.on_committed = [&](std::uint64_t messages) { outbox.add_collected(messages); },
         .on_disk = [&](bool is_full) { outbox.set_disk_full(is_full); }}};
    Service service{surroundings_of(**spool, intake, *key, **cancellation, outbox, *settings, log)};
    std::jthread polls{[&] { service.run(); }};
    collector::DeviceCodes device_codes{collector::https_post(**cancellation), *key,
                                        [] { return std::chrono::steady_clock::now(); }};
    hub::Client client{state.socket(), "collector",
                       handlers_of(service, device_codes, outbox, log)};
    std::jthread sender{[&, peer = peer_of(client)] { outbox.run(peer); }};
    static_cast<void>(os::wait_until_readable(stop_fd, base::Deadline::max()));
    log.write("collector.stopping");
    service.stop();
    (*cancellation)->cancel();
    polls.join();
    outbox.stop();
    sender.join();
    static_cast<void>(outbox.send(peer_of(client))); // control may be gone already
    return (*spool)->flush();
}

} // namespace

int run_collector_command(int argument_count, char** arguments)
{
    os::share_one_heap();
    os::raise_open_files_max();
    Options options;
    CLI::App cli{"Started by `watchpost serve`.", "watchpost collector"};
    declare(cli, options);
    CLI11_PARSE(cli, argument_count, arguments);
    const diag::Log log{"collector"};
    const auto begun = begin_child("collector", options.child);
    if (!begun) {
        log.write("collector.cannot_work", {{"error", begun.error().describe()}});
        return exit_failed;
    }
    const auto served = serve(options, begun->stop.get(), log);
    if (!served) {
        log.write("collector.cannot_work", {{"error", served.error().describe()}});
        return served.error().retry() == base::Retry::never ? node::exit_refused : exit_failed;
    }
    return 0;
}

} // namespace watchpost::app
