#include "inspect/inspection.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "copies/copy_reading.h"
#include "inspect/file_type.h"
#include "inspect/report_builder.h"
#include "inspect/unwrapping.h"
#include "inspect/walk.h"
#include "message/bodies.h"
#include "message/message.h"
#include "message/model_builder.h"
#include "message/partial.h"
#include "message/text_links.h"
#include "verdict/finding_table.h"

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

namespace {

void tell(const copies::Reading& reading, ReportBuilder& builder)
{
    for (const copies::Note& note : reading.notes) {
        auto finding = verdict::make_finding(note.id);
        finding.part = note.part;
        finding.detail = note.detail;
        builder.add(std::move(finding));
    }
    if (!reading.protected_part.empty()) {
        builder.add(verdict::NotInspected{reading.protected_part, "", "rights_protected", ""});
    }
}

/// A limit of what is shown of the message cuts nothing of what was inspected of it: no gap.
void add_defects(const std::vector<message::Defect>& defects, ReportBuilder& builder)
{
    for (const message::Defect& defect : defects) {
        builder.add(DefectInfo{std::string{defect.id}, defect.part, defect.offset, defect.detail});
    }
}

} // namespace

Report Inspection::run(base::ByteView raw, const InspectionOrder& order, LeafExporter* exporter)
{
    if (order.pieces.empty()) {
        return inspect(raw, order, exporter);
    }
    std::vector<base::ByteView> pieces;
    base::ByteView rest = raw;
    for (const std::uint64_t length : order.pieces) {
        const std::size_t there = std::min<std::uint64_t>(length, rest.size());
        pieces.push_back(rest.first(there));
        rest = rest.subspan(there);
    }
    const auto joined = message::join_pieces(pieces, state_->settings.message_limits);
    return inspect(joined, order, exporter);
}

Report Inspection::inspect(base::ByteView raw, const InspectionOrder& order, LeafExporter* exporter)
{
    ReportBuilder builder{state_->settings.report_limits};
    for (const auto& engine : state_->engines) {
        engine->on_message(raw, Budget{order.deadline}, builder);
    }
    const auto message = message::Message::parse(raw, state_->settings.message_limits);
    auto copy = copies::read_copy(message, order.copies);
    const auto& shown = copy.shown != nullptr ? *copy.shown : message.root();
    Walk walk{{state_->types, state_->engines, state_->settings, exporter,
               message::choose_bodies(shown).html, order.program},
              order.deadline,
              builder};
    walk.walk_message(raw, message);
    tell(copy, builder);
    add_defects(copy.defects, builder);

    std::vector<message::Defect> defects;
    message::ModelOptions options;
    options.root = copy.shown;
    options.digest_of = [&](const message::Part& part) { return walk.digest_of(part); };
    options.html_of = [&](const message::Part& part) { return walk.take_html_of(part); };
    options.defects = &defects;
    options.trusted_servers = state_->settings.trusted_servers;
    auto model = message::build_model(message, {}, options);
    copies::complete(model, std::move(copy));
    add_defects(defects, builder);
    auto& links = model.body.links;
    std::ranges::move(builder.take_links(), std::back_inserter(links));
    model.qr_codes = builder.take_qr_codes();
    unwrap_links(links, builder);
    for (const auto& engine : state_->engines) {
        engine->on_links(links, Budget{order.deadline}, builder);
    }
    Report report = builder.take();
    model.html = std::move(report.message.html);
    report.message = std::move(model);
    if (const auto piece = message::piece_of(message)) {
        std::string id{message::cut_utf8(piece->id, ReportBuilder::text_bytes_max)};
        report.pieces.push_back({std::move(id), piece->number, piece->total, piece->content});
    }
    return report;
}

} // namespace watchpost::inspect
