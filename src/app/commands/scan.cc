#include "app/commands/scan.h"

#include <cstdio>
#include <string>
#include <utility>

#include "app/inspection_setup.h"
#include "app/scan/scan_options.h"
#include "app/scan/scan_output.h"
#include "app/scan/scan_run.h"
#include "app/scan/scan_source.h"
#include "diag/quote.h"
#include "pipeline/inspector_pool.h"

namespace watchpost::app {
namespace {

constexpr int exit_failed = 3;
constexpr std::size_t ahead_per_inspector = 4;

base::Result<int> scan(const ScanOptions& options)
{
    ScanOutput output{options.format};
    const auto& settings = options.settings;
    if (settings.engines.clamav == config::Switch::automatic && !uses_clamav(settings)) {
        output.tell_note("ClamAV is not asked: there is no clamd at " +
                         diag::quote(settings.clamav.socket.native()) +
                         " (--clamd names its socket)");
    }
    auto pool_settings = to_pool_settings(settings);
    const std::size_t ahead_max = ahead_per_inspector * pool_settings.inspectors;
    auto pool = pipeline::InspectorPool::make(std::move(pool_settings));
    if (!pool) {
        return base::fail(std::move(pool.error()));
    }
    ScanRun run{**pool, output, ahead_max, options.copies};
    const TakeItem take = [&](ScanItem item) { return run.take(std::move(item)); };
    for_each_message(options.paths, take);
    if (!options.spool.empty()) {
        if (auto done = for_each_spooled(options.spool, take); !done) {
            run.finish();
            return base::fail(std::move(done.error()));
        }
    }
    run.finish();
    return output.finish();
}

int report_failure(const base::Error& error)
{
    std::fprintf(stderr, "watchpost scan: %s\n", error.describe().c_str());
    return exit_failed;
}

} // namespace

int run_scan(int argument_count, char** arguments)
{
    auto parsed = parse_scan_options(argument_count, arguments);
    if (!parsed) {
        return report_failure(parsed.error());
    }
    if (const auto* help = std::get_if<HelpWanted>(&*parsed)) {
        std::fputs(help->text.c_str(), stdout);
        return 0;
    }
    const auto code = scan(std::get<ScanOptions>(*parsed));
    return code ? *code : report_failure(code.error());
}

} // namespace watchpost::app
