#include "app/commands/inspector.h"

#include <memory>
#include <utility>

#include "app/inspection_setup.h"
#include "app/inspector_configuration.h"
#include "inspect/inspection.h"
#include "pipeline/inspector_main.h"

namespace watchpost::app {
namespace {

base::Result<pipeline::Inspect> prepare(base::ByteView configuration)
{
    auto settings = decode_settings(configuration);
    if (!settings) {
        return base::fail(std::move(settings.error()));
    }
    auto engines = make_engines(*settings);
    if (!engines) {
        return base::fail(std::move(engines.error()));
    }
    auto inspection =
        inspect::Inspection::prepare(to_inspection_settings(*settings), std::move(*engines));
    if (!inspection) {
        return base::fail(std::move(inspection.error()));
    }
    // std::function wants to be copied, so its one inspection is shared.
    return [shared = std::shared_ptr{std::move(*inspection)}](
               base::ByteView raw, base::Deadline deadline, inspect::LeafExporter* exporter) {
        return shared->run(raw, deadline, exporter);
    };
}

} // namespace

int run_inspector_command(int /*argument_count*/, char** /*arguments*/)
{
    pipeline::run_inspector(prepare);
}

} // namespace watchpost::app
