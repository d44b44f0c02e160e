#include "app/commands/check.h"

#include <cstdio>
#include <string_view>

#include "app/collect/collect_output.h"
#include "app/collect/command_tokens.h"
#include "app/collect/device_code_run.h"
#include "app/collect/interruption.h"
#include "app/collect/pop3_options.h"
#include "collector/connection_test.h"
#include "collector/net_transport.h"

namespace watchpost::app {
namespace {

constexpr int exit_failed = 2;

base::Result<int> check(const Pop3Options& options)
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
    CommandTokens tokens{options, (*interruption)->cancellation()};
    const auto test = collector::test_connection(
        **transport, options.settings, options.credentials, options.limits,
        collector::LoginLimiter::refusals_max, tokens.login());
    const auto text = options.is_json ? to_json(test, options.settings) + "\n" : to_text(test);
    std::fputs(text.c_str(), stdout);
    return test.error ? exit_failed : 0;
}

} // namespace

int run_check(int argument_count, char** arguments)
{
    const std::string_view what = argument_count > 1 ? arguments[1] : "";
    if (what == "device-code") {
        return run_device_code(argument_count - 1, arguments + 1);
    }
    if (what != "pop3") {
        const bool is_help = what == "--help" || what == "-h";
        std::fputs(
            "Usage: watchpost check pop3 OPTIONS, or watchpost check device-code OPTIONS; --help "
            "behind either tells them\n",
            is_help ? stdout : stderr);
        return is_help ? 0 : exit_failed;
    }
    const auto parsed = parse_pop3_options(Pop3Command::check, argument_count - 1, arguments + 1);
    if (parsed && std::holds_alternative<HelpText>(*parsed)) {
        std::fputs(std::get<HelpText>(*parsed).text.c_str(), stdout);
        return 0;
    }
    const auto done = parsed ? check(std::get<Pop3Options>(*parsed))
                             : base::Result<int>{base::fail(parsed.error())};
    if (!done) {
        std::fprintf(stderr, "watchpost check pop3: %s\n", done.error().describe().c_str());
        return exit_failed;
    }
    return *done;
}

} // namespace watchpost::app
