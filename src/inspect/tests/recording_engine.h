// Engines of our making and a run with them: what the walk shows to an engine, as lines of text.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inspect/inspection.h"

namespace watchpost::inspect::test {

using Lines = std::vector<std::string>;

inline std::string to_word(Origin origin)
{
    switch (origin) {
    case Origin::body:
        return "body";
    case Origin::attachment:
        return "attachment";
    case Origin::message:
        return "message";
    case Origin::archive_member:
        return "member";
    }
    return "?";
}

/// Notes each call; a leaf that holds `alarm` is a finding.
class RecordingEngine final : public Engine {
public:
    explicit RecordingEngine(Lines& lines, std::string alarm = "")
        : lines_{lines}
        , alarm_{std::move(alarm)}
    {
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "fake"; }

    void on_message(base::ByteView raw, const Budget&, FindingSink&) override
    {
        lines_.push_back("raw " + std::to_string(raw.size()));
    }

    void on_leaf(const Leaf& leaf, const Budget&, FindingSink& sink) override
    {
        lines_.push_back(std::string{leaf.path} + ' ' + to_word(leaf.origin) + ' ' +
                         std::string{leaf.filename});
        if (!alarm_.empty() && base::as_text(leaf.bytes).find(alarm_) != std::string_view::npos) {
            sink.add(verdict::Finding{"fake", "fake.alarm", "alarm", verdict::Importance::high,
                                      std::string{leaf.path}, "strict", "seen"});
        }
    }

    void on_reference(const Referrer& document, const unpack::Reference& reference,
                      FindingSink&) override
    {
        lines_.push_back(std::string{unpack::to_string(reference.kind)} + ' ' +
                         std::string{document.path} + ' ' + std::string{reference.target});
    }

    void on_links(const std::vector<model::Link>& links, const Budget&, FindingSink&) override
    {
        for (const model::Link& link : links) {
            for (const model::UnwrappingStep& step : link.unwrapped) {
                lines_.push_back("leads " + link.part + ' ' + step.url);
            }
        }
    }

    void on_unopened(const Unopened& container, FindingSink&) override
    {
        lines_.push_back("unopened " + std::string{container.path} + ' ' +
                         std::string{container.filename} + ' ' + std::string{container.reason});
    }

private:
    Lines& lines_; // outlives the engine: both are the test's
    std::string alarm_;
};

struct Run {
    Report report;
    Lines engine_saw;

    [[nodiscard]] Lines paths() const
    {
        Lines found;
        for (const PartInfo& part : report.parts) {
            found.push_back(part.path);
        }
        return found;
    }

    [[nodiscard]] Lines gaps() const
    {
        Lines found;
        for (const auto& gap : report.not_inspected) {
            found.push_back(gap.part + ' ' + gap.reason);
        }
        return found;
    }
};

inline base::Deadline far_away()
{
    return std::chrono::steady_clock::now() + std::chrono::hours{1};
}

inline Run run(std::string_view message, const InspectionSettings& settings = {},
               base::Deadline deadline = far_away(), LeafExporter* exporter = nullptr,
               model::CopySetting copies = model::CopySetting::automatic)
{
    Run result;
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(std::make_unique<RecordingEngine>(result.engine_saw, "ALARM"));
    const auto inspection = Inspection::prepare(settings, std::move(engines)).value();
    result.report = inspection->run(base::as_bytes(message), {deadline, copies}, exporter);
    return result;
}

} // namespace watchpost::inspect::test
