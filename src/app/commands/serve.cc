#include "app/commands/serve.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "app/service/child_process.h"
#include "app/service/serve_options.h"
#include "control/messages.h"
#include "hub/client.h"
#include "node/collector_keys.h"
#include "node/supervisor.h"
#include "os/file_system.h"
#include "os/user.h"

namespace watchpost::app {
namespace {

using base::Result;

constexpr mode_t service_mask = 027; // the group of the service's users reads, others do not

os::SpawnRequest request_for(const std::string& command, const ServeOptions& options,
                             const os::User& user, std::vector<int> fds)
{
    os::SpawnRequest request;
    request.program = "/proc/self/exe"; // the very program that runs, also while it is replaced
    request.arguments = {"watchpost", command, "--state", options.state.string()};
    const auto run_as = run_as_arguments(user);
    request.arguments.insert(request.arguments.end(), run_as.begin(), run_as.end());
    for (const char* const name : {"WATCHPOST_CRASH_POINT", "TZ", "LANG"}) {
        if (const char* const value = std::getenv(name)) {
            request.environment.push_back(std::string{name} + "=" + value);
        }
    }
    request.fds = std::move(fds);
    return request;
}

void add_settings(os::SpawnRequest& request, const ServeOptions& options)
{
    if (!options.settings.empty()) {
        request.arguments.insert(request.arguments.end(),
                                 {"--settings", options.settings.string()});
    }
}

node::ChildPlan plan_control(const ServeOptions& options)
{
    auto request =
        request_for("control", options, options.users.control, {-1, STDOUT_FILENO, STDERR_FILENO});
    const auto add = [&](std::string name, std::string value) {
        request.arguments.push_back(std::move(name));
        request.arguments.push_back(std::move(value));
    };
    add("--address", options.address);
    add("--port", std::to_string(options.port));
    add("--collector-user", std::to_string(options.users.collector.uid));
    add("--pipeline-user", std::to_string(options.users.pipeline.uid));
    for (const auto& warning : options.warnings) {
        add("--warning", warning);
    }
    if (options.is_demo) {
        request.arguments.emplace_back("--demo");
    }
    return {"control", std::move(request)};
}

/// The private half of the mailbox key goes to the collector alone, as descriptor 3.
node::ChildPlan plan_collector(const ServeOptions& options, int key)
{
    auto request = request_for("collector", options, options.users.collector,
                               {-1, STDOUT_FILENO, STDERR_FILENO, key});
    request.arguments.insert(request.arguments.end(), {"--key-fd", "3"});
    add_settings(request, options);
    return {"collector", std::move(request)};
}

node::ChildPlan plan_pipeline(const ServeOptions& options)
{
    auto request = request_for("pipeline", options, options.users.pipeline,
                               {-1, STDOUT_FILENO, STDERR_FILENO});
    add_settings(request, options);
    return {"pipeline", std::move(request)};
}

Result<std::unique_ptr<os::Lock>> lock_state(const node::StateFolder& folder)
{
    auto keys = os::open_folder(folder.keys());
    if (!keys) {
        return base::fail(std::move(keys.error()));
    }
    return (*keys)->lock("watchpost.lock");
}

/// Before anything changes its owner: another service may be at work there.
Result<std::unique_ptr<os::Lock>> prepare_and_lock(const node::StateFolder& folder,
                                                   const node::ServiceUsers& users)
{
    std::error_code ignored; // then the folder is not there yet
    const bool was_there = std::filesystem::exists(folder.keys(), ignored);
    auto lock = was_there ? lock_state(folder) : Result<std::unique_ptr<os::Lock>>{nullptr};
    if (!lock) {
        return lock;
    }
    if (auto prepared = node::prepare(folder, users); !prepared) {
        return base::fail(std::move(prepared.error()));
    }
    return was_there ? std::move(lock) : lock_state(folder);
}

/// Opened anew for each start of the collector would need rights that we give up; so it is kept,
/// and the collector reads it from its beginning.
Result<os::UniqueFd> open_key(const node::StateFolder& folder)
{
    os::UniqueFd key{::open(folder.collector_key().c_str(), O_RDONLY | O_CLOEXEC)};
    if (!key.is_open()) {
        return base::fail(base::system_error("open " + folder.collector_key().string(), errno));
    }
    return key;
}

/// Root without its other capabilities is a stranger to the state folder, unless it is of its
/// group.
Result<void> join_group(gid_t group)
{
    if (::geteuid() == 0 && ::setgroups(1, &group) != 0) {
        return base::fail(base::system_error("join the group of the service", errno));
    }
    return {};
}

Result<int> supervise(const ServeOptions& options, const diag::Log& log, int stop)
{
    const node::StateFolder folder{options.state};
    const auto lock = prepare_and_lock(folder, options.users);
    if (!lock) {
        return base::fail(lock.error());
    }
    if (auto keys = node::ensure_collector_keys(folder); !keys) {
        return base::fail(std::move(keys.error()));
    }
    const auto key = open_key(folder);
    if (!key) {
        return base::fail(key.error());
    }
    if (auto joined = join_group(options.users.control.gid); !joined) {
        return base::fail(std::move(joined.error()));
    }
    if (auto kept = os::keep_supervisor_capabilities(); !kept) {
        return base::fail(std::move(kept.error()));
    }
    std::vector<node::ChildStatus> last;
    std::mutex lock_of_last;
    hub::Handlers handlers;
    hub::Client* reporter = nullptr;
    const auto report = [&] {
        const std::lock_guard guard{lock_of_last};
        if (reporter != nullptr) {
            static_cast<void>(
                reporter->notify(control::processes_method, control::encode_processes(last)));
        }
    };
    handlers.on_connected = report;
    hub::Client client{folder.socket(), std::string{control::supervisor_role}, handlers};
    {
        const std::lock_guard guard{lock_of_last};
        reporter = &client;
    }
    node::Supervisor supervisor{
        {plan_control(options), plan_collector(options, key->get()), plan_pipeline(options)},
        log,
        [&](const std::vector<node::ChildStatus>& children) {
            {
                const std::lock_guard guard{lock_of_last};
                last = children;
            }
            report();
        }};
    return supervisor.run(stop);
}

int refuse(const base::Error& error)
{
    std::fprintf(stderr, "watchpost serve: %s\n", error.describe().c_str());
    return node::exit_refused;
}

} // namespace

int run_serve(int argument_count, char** arguments)
{
    const auto parsed = parse_serve_options(argument_count, arguments);
    if (!parsed) {
        return refuse(parsed.error());
    }
    if (const auto* help = std::get_if<ServeHelp>(&*parsed)) {
        std::fputs(help->text.c_str(), stdout);
        return 0;
    }
    ::umask(service_mask);
    const auto stop = stop_signals();
    if (!stop) {
        return refuse(stop.error());
    }
    const diag::Log log{"supervisor"};
    const auto code = supervise(std::get<ServeOptions>(*parsed), log, stop->get());
    return code ? *code : refuse(code.error());
}

} // namespace watchpost::app
