#include "app/commands/inspector.h"

#include <memory>
#include <utility>
#include <vector>

#include "app/inspection_setup.h"
#include "app/inspector_configuration.h"
#include "inspect/inspection.h"
#include "inspect/object_viewer.h"
#include "pipeline/inspector_main.h"

namespace watchpost::app {
namespace {

/// Sends home the view of one object instead of a report of all of them.
base::Result<pipeline::Prepared> prepare_viewer(const config::Settings& settings,
                                                inspect::ObjectWish wish)
{
    auto viewer = std::make_unique<inspect::ObjectViewer>(std::move(wish));
    const inspect::ObjectViewer& found = *viewer; // lives as long as the inspection
    std::vector<std::unique_ptr<inspect::Engine>> engines;
    engines.push_back(std::move(viewer));
    auto inspection =
        inspect::Inspection::prepare(to_inspection_settings(settings), std::move(engines));
    if (!inspection) {
        return base::fail(std::move(inspection.error()));
    }
    const std::shared_ptr shared{std::move(*inspection)};
    return pipeline::Prepared{[shared, &found](base::ByteView raw,
                                               const inspect::InspectionOrder& order,
                                               inspect::LeafExporter* exporter) {
        inspect::Report report;
        report.not_inspected = shared->run(raw, order, nullptr).not_inspected;
        if (found.view()) {
            exporter->export_leaf("", "", inspect::encode_view(*found.view()));
        }
        return report;
    }};
}

base::Result<pipeline::Prepared> prepare(base::ByteView configuration)
{
    auto read = decode_configuration(configuration);
    if (!read) {
        return base::fail(std::move(read.error()));
    }
    if (read->object_wish) {
        return prepare_viewer(read->settings, std::move(*read->object_wish));
    }
    auto engines = read->rule_check ? make_rule_check(*read->rule_check)
                                    : make_engines(read->settings, read->rule_files);
    if (!engines) {
        return base::fail(std::move(engines.error()));
    }
    std::uint32_t rule_count = 0;
    for (const auto& engine : *engines) {
        rule_count += engine->rule_count();
    }
    auto inspection =
        inspect::Inspection::prepare(to_inspection_settings(read->settings), std::move(*engines));
    if (!inspection) {
        return base::fail(std::move(inspection.error()));
    }
    // std::function wants to be copied, so its one inspection is shared.
    const std::shared_ptr shared{std::move(*inspection)};
    return pipeline::Prepared{
        [shared](base::ByteView raw, const inspect::InspectionOrder& order,
                 inspect::LeafExporter* exporter) { return shared->run(raw, order, exporter); },
        rule_count};
}

} // namespace

int run_inspector_command(int /*argument_count*/, char** /*arguments*/)
{
    pipeline::run_inspector(prepare);
}

} // namespace watchpost::app
