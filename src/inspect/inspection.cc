#include "inspect/inspection.h"

#include <utility>

#include "inspect/file_type.h"
#include "inspect/report_builder.h"
#include "inspect/walk.h"
#include "message/message.h"
#include "message/model_builder.h"

namespace watchpost::inspect {

struct Inspection::State {
    InspectionSettings settings;
    std::vector<std::unique_ptr<Engine>> engines;
    FileTypes types;
};

Inspection::Inspection(std::unique_ptr<State> state) : state_{std::move(state)} {}
Inspection::~Inspection() = default;

base::Result<std::unique_ptr<Inspection>>
Inspection::prepare(InspectionSettings settings, std::vector<std::unique_ptr<Engine>> engines)
{
    unpack::warm_up();
    auto types = FileTypes::load();
    if (!types) {
        return base::fail(std::move(types.error()).during("prepare the inspection"));
    }
    auto state =
        std::make_unique<State>(State{std::move(settings), std::move(engines), std::move(*types)});
    return std::unique_ptr<Inspection>{new Inspection{std::move(state)}};
}

Report Inspection::run(base::ByteView raw, base::Deadline deadline, LeafExporter* exporter)
{
    ReportBuilder builder{state_->settings.report_limits};
    for (const auto& engine : state_->engines) {
        engine->on_message(raw, Budget{deadline}, builder);
    }
    const auto message = message::Message::parse(raw, state_->settings.message_limits);
    Walk walk{{state_->types, state_->engines, state_->settings, exporter}, deadline, builder};
    walk.walk_message(message, "");

    std::vector<message::Defect> defects;
    message::ModelOptions options;
    options.digest_of = [&](const message::Part& part) { return walk.digest_of(part); };
    options.defects = &defects;
    auto model = message::build_model(message, {}, options);
    // A limit of the model cuts what is shown of the message, not what was inspected of it: no gap.
    for (const message::Defect& defect : defects) {
        builder.add(DefectInfo{std::string{defect.id}, defect.part, defect.offset, defect.detail});
    }
    Report report = builder.take();
    report.message = std::move(model);
    return report;
}

} // namespace watchpost::inspect
