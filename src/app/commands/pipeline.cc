#include "app/commands/pipeline.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/engine_watch.h"
#include "app/inspection_setup.h"
#include "app/service/child_process.h"
#include "config/settings_file.h"
#include "diag/log.h"
#include "hub/client.h"
#include "inspect/engines/yara/yara_engine.h"
#include "node/state_folder.h"
#include "node/supervisor.h"
#include "os/wait.h"
#include "pipeline/service.h"

namespace watchpost::app {

namespace {

using base::Result;
using std::chrono::steady_clock;

constexpr int exit_failed = 1;
constexpr std::chrono::seconds call_time_max{60};
constexpr std::chrono::seconds status_every{1};
constexpr std::chrono::seconds status_at_least_every{30};
constexpr std::chrono::seconds stop_time_max{5};

struct Arguments {
    ChildOptions child;
    std::filesystem::path settings; // empty: the defaults
};

void declare(CLI::App& cli, Arguments& arguments)
{
    declare(cli, arguments.child);
    cli.add_option("--settings", arguments.settings, "Settings file");
}

/// Control, over the hub.
class ControlSink final : public pipeline::RecordSink {
public:
    explicit ControlSink(hub::Client& client) : client_{client} {} // outlives this

    Result<store::Recorded> record(const store::MessageRecord& record,
                                   pipeline::Inspection inspection) override
    {
        return call("record", pipeline::to_json(pipeline::RecordCall{record, inspection}))
            .and_then(pipeline::parse_recorded);
    }
    Result<std::vector<store::MessageId>>
    recorded(const std::vector<store::MessageId>& ids) override
    {
        return call("recorded", pipeline::ids_to_json("ids", ids))
            .and_then(
                [](const std::string& json) { return pipeline::parse_ids("recorded", json); });
    }
    Result<std::vector<store::AwaitingMessage>> awaiting(std::uint32_t limit) override
    {
        return call("awaiting_reinspection", pipeline::limit_to_json(limit))
            .and_then(pipeline::parse_awaiting);
    }

private:
    Result<std::string> call(std::string_view method, const std::string& json)
    {
        auto answer = client_.call(method, json, steady_clock::now() + call_time_max);
        return answer ? Result<std::string>{std::move(answer->json)}
                      : base::fail(std::move(answer.error()));
    }

    hub::Client& client_;
};

/// The service and its link to control.
class PipelineProcess {
public:
    PipelineProcess(const Arguments& arguments, const config::Settings& settings,
                    std::uint32_t builtin_rule_count, const diag::Log& log)
        : settings_{settings}
        , content_{node::StateFolder{arguments.child.state}.content()}
        , builtin_rule_count_{builtin_rule_count}
        , log_{log}
        , engines_{settings, log}
        , client_{std::make_unique<hub::Client>(node::StateFolder{arguments.child.state}.socket(),
                                                "pipeline", handlers())}
        , sink_{*client_}
        , service_{service_settings(arguments), sink_, log}
    {
        is_ready_.set_value();
    }
    ~PipelineProcess()
    {
        service_.stop(steady_clock::now()); // it uses the link …
        client_.reset();                    // … whose handlers use it
    }
    PipelineProcess(const PipelineProcess&) = delete;
    PipelineProcess& operator=(const PipelineProcess&) = delete;

    void run(int stop_fd)
    {
        do {
            tell_status();
        } while (!os::wait_until_readable(stop_fd, steady_clock::now() + status_every));
        log_.write("pipeline.stopping");
        service_.stop(steady_clock::now() + stop_time_max);
        tell_status();
    }

private:
    pipeline::ServiceSettings service_settings(const Arguments& arguments) const
    {
        pipeline::ServiceSettings made;
        made.spool = node::StateFolder{arguments.child.state}.spool();
        made.content = content_;
        made.in_flight_max = 3 * to_pool_settings(settings_).inspectors;
        made.make_pool = [this](const std::vector<pipeline::RuleFile>& files) {
            return pipeline::InspectorPool::make(to_pool_settings(settings_, files));
        };
        return made;
    }

    hub::Handlers handlers()
    {
        return {.on_call =
                    [this](std::string_view method, const hub::Document& request) {
                        return answer(method, request.json);
                    },
                .on_notice = [this](std::string_view method,
                                    const std::string& json) { take_notice(method, json); },
                .on_connected =
                    [this] {
                        ready_.wait();
                        service_.work();
                        is_new_link_ = true;
                    },
                .on_lost = {}};
    }

    void take_notice(std::string_view method, const std::string& json)
    {
        ready_.wait();
        if (method == "work") {
            service_.work();
            return;
        }
        if (method == "copies_changed") {
            if (auto copies = pipeline::parse_copies(json)) {
                service_.set_copies(std::move(*copies));
            } else {
                log_.write("pipeline.copies_refused", {{"error", copies.error().describe()}});
            }
            return;
        }
        if (method == "rules_changed") {
            auto rules = pipeline::parse_rule_list(json);
            if (rules) {
                service_.set_rules(std::move(*rules));
            } else {
                log_.write("pipeline.rules_refused", {{"error", rules.error().describe()}});
            }
        }
    }

    Result<hub::Document> answer(std::string_view method, const std::string& json)
    {
        if (method == "check_rules") {
            const auto check = pipeline::parse_rule_check(json);
            const auto count = check ? check_rules(*check) : base::fail(check.error());
            return count ? Result<hub::Document>{{pipeline::rule_count_to_json(*count), {}}}
                         : base::fail(count.error());
        }
        if (method == "read_content") {
            const auto id = pipeline::parse_message(json);
            auto file = id ? pipeline::open_kept(content_, *id) : base::fail(id.error());
            if (!file) {
                return base::fail(std::move(file.error()));
            }
            hub::Document document;
            document.fds.push_back(std::move(*file));
            return document;
        }
        if (method == "view_object") {
            return view(json);
        }
        return base::fail(base::ErrorCode::unsupported, base::Retry::never,
                          "the pipeline does not know this call");
    }

    Result<hub::Document> view(const std::string& json) const
    {
        auto call = pipeline::parse_object_call(json);
        auto file = call ? pipeline::open_kept(content_, call->message) : base::fail(call.error());
        if (!file) {
            return base::fail(std::move(file.error()));
        }
        auto found = view_object(settings_, std::move(call->wish),
                                 pipeline::MessageInput::from_own_file(std::move(*file)));
        if (!found) {
            return base::fail(std::move(found.error()));
        }
        hub::Document document;
        document.fds.push_back(std::move(*found));
        return document;
    }

    void tell_status()
    {
        const auto now = steady_clock::now();
        auto status = service_.status();
        status.engines = engines_.look(now);
        status.builtin_rule_count = builtin_rule_count_;
        service_.set_engines_up(engines_.are_up());
        if (engines_.take_appeared()) {
            service_.reload();
        }
        const std::string json = pipeline::to_json(status);
        const bool is_due = now - told_at_ >= status_at_least_every;
        if ((is_new_link_.exchange(false) || is_due || json != told_) &&
            client_->notify("pipeline_status", json)) {
            told_ = json;
            told_at_ = now;
        }
    }

    const config::Settings& settings_;
    std::filesystem::path content_;
    std::uint32_t builtin_rule_count_;
    const diag::Log& log_;
    EngineWatch engines_;
    std::string told_;
    base::Deadline told_at_{};
    std::atomic<bool> is_new_link_{false};
    std::promise<void> is_ready_; // the service is there, for the handlers of the link
    std::shared_future<void> ready_{is_ready_.get_future()};
    std::unique_ptr<hub::Client> client_;
    ControlSink sink_;
    pipeline::Service service_;
};

int serve(const Arguments& arguments, int stop_fd, const diag::Log& log)
{
    auto settings = arguments.settings.empty() ? Result<config::Settings>{config::Settings{}}
                                               : config::read_settings_file(arguments.settings);
    const auto builtin = inspect::builtin_rule_count();
    if (!settings || !builtin) {
        const auto& error = settings ? builtin.error() : settings.error();
        log.write("pipeline.cannot_work", {{"error", error.describe()}});
        return node::exit_refused;
    }
    PipelineProcess process{arguments, *settings, *builtin, log};
    process.run(stop_fd);
    return 0;
}

} // namespace

int run_pipeline_command(int argument_count, char** arguments)
{
    Arguments typed;
    CLI::App cli{"Started by `watchpost serve`.", "watchpost pipeline"};
    declare(cli, typed);
    CLI11_PARSE(cli, argument_count, arguments);
    const diag::Log log{"pipeline"};
    const auto begun = begin_child("pipeline", typed.child);
    if (!begun) {
        log.write("pipeline.cannot_work", {{"error", begun.error().describe()}});
        return exit_failed;
    }
    return serve(typed, begun->stop.get(), log);
}

} // namespace watchpost::app
