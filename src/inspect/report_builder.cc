#include "inspect/report_builder.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"
#include "message/text_links.h"

namespace watchpost::inspect {

void ReportBuilder::keep(std::string& text, std::size_t bytes_max)
{
    text = diag::to_valid_utf8(text);
    text.resize(message::cut_utf8(text, bytes_max).size());
}

bool ReportBuilder::has_room(std::size_t count, std::size_t count_max, std::size_t bytes,
                             bool& overflow)
{
    if (count >= count_max) {
        overflow = true;
        return false;
    }
    if (bytes > limits_.bytes_max - bytes_) {
        overflow_.bytes = true;
        return false;
    }
    bytes_ += bytes;
    return true;
}

void ReportBuilder::add(verdict::Finding finding)
{
    for (std::string* text : {&finding.engine, &finding.id, &finding.rule, &finding.part,
                              &finding.reading, &finding.detail}) {
        keep(*text);
    }
    const std::size_t bytes = finding.engine.size() + finding.id.size() + finding.rule.size() +
                              finding.part.size() + finding.reading.size() + finding.detail.size();
    if (has_room(report_.findings.size(), limits_.findings_max, bytes, overflow_.findings)) {
        report_.findings.push_back(std::move(finding));
    }
}

void ReportBuilder::add(verdict::NotInspected gap)
{
    for (std::string* text : {&gap.part, &gap.engine, &gap.reason, &gap.detail}) {
        keep(*text);
    }
    const std::size_t bytes =
        gap.part.size() + gap.engine.size() + gap.reason.size() + gap.detail.size();
    if (has_room(report_.not_inspected.size(), limits_.not_inspected_max, bytes, overflow_.gaps)) {
        report_.not_inspected.push_back(std::move(gap));
    }
}

/// Returns the octets of its texts.
std::size_t ReportBuilder::keep(PartInfo& part)
{
    std::size_t bytes = 0;
    for (std::string* text :
         {&part.path, &part.reading, &part.type, &part.real_type, &part.filename}) {
        keep(*text);
        bytes += text->size();
    }
    return bytes;
}

void ReportBuilder::add(PartInfo part)
{
    const std::size_t bytes = keep(part);
    if (has_room(report_.parts.size(), limits_.parts_max, bytes, overflow_.parts)) {
        report_.parts.push_back(std::move(part));
    }
}

void ReportBuilder::add(DefectInfo defect)
{
    for (std::string* text : {&defect.id, &defect.part, &defect.detail}) {
        keep(*text);
    }
    const std::size_t bytes = defect.id.size() + defect.part.size() + defect.detail.size();
    if (has_room(report_.defects.size(), limits_.defects_max, bytes, overflow_.defects)) {
        report_.defects.push_back(std::move(defect));
    }
}

void ReportBuilder::add(model::Link link)
{
    std::size_t bytes = 0;
    for (std::string* text :
         {&link.href, &link.written, &link.display_text, &link.shown_address, &link.part}) {
        keep(*text, link_bytes_max);
        bytes += text->size();
    }
    auto& links = report_.message.body.links;
    if (has_room(links.size(), limits_.document_links_max, bytes, overflow_.links)) {
        links.push_back(std::move(link));
    }
}

/// Their number is the scanner's limit.
void ReportBuilder::add(model::QrCode code)
{
    keep(code.part);
    keep(code.text);
    auto& codes = report_.message.qr_codes;
    bool is_over = false;
    if (has_room(codes.size(), codes.size() + 1, code.part.size() + code.text.size(), is_over)) {
        codes.push_back(std::move(code));
    }
}

void ReportBuilder::add(ReadingInfo reading)
{
    reading.adds.resize(std::min(reading.adds.size(), ReadingInfo::leaves_max));
    reading.lacks.resize(std::min(reading.lacks.size(), ReadingInfo::leaves_max));
    keep(reading.name);
    keep(reading.part);
    std::size_t bytes = reading.name.size() + reading.part.size();
    for (PartInfo& part : reading.adds) {
        bytes += keep(part);
    }
    for (std::string& path : reading.lacks) {
        keep(path);
        bytes += path.size();
    }
    if (has_room(report_.readings.size(), limits_.readings_max, bytes, overflow_.readings)) {
        report_.readings.push_back(std::move(reading));
    }
}

void ReportBuilder::add(model::HtmlDocument document)
{
    std::size_t bytes = 0;
    for (std::string* text : {&document.part, &document.reading, &document.text,
                              &document.hidden_text, &document.base, &document.refresh}) {
        keep(*text);
        bytes += text->size();
    }
    for (model::HtmlForm& form : document.forms) {
        keep(form.action, link_bytes_max);
        bytes += form.action.size() + form.method.size();
    }
    auto& documents = report_.message.html;
    if (has_room(documents.size(), limits_.html_documents_max, bytes, overflow_.html_documents)) {
        documents.push_back(std::move(document));
    }
}

std::vector<model::Link> ReportBuilder::take_links()
{
    return std::exchange(report_.message.body.links, {});
}

std::vector<model::QrCode> ReportBuilder::take_qr_codes()
{
    return std::exchange(report_.message.qr_codes, {});
}

/// These few lines stand outside the limits: decode_report() leaves room for them.
void ReportBuilder::tell(bool happened, std::string_view reason, std::size_t most)
{
    if (happened) {
        report_.not_inspected.push_back(
            {"", "", std::string{reason},
             "more than " + std::to_string(most) + "; the rest is not written down"});
    }
}

Report ReportBuilder::take()
{
    tell(overflow_.parts, "limit_report_parts", limits_.parts_max);
    tell(overflow_.findings, "limit_report_findings", limits_.findings_max);
    tell(overflow_.defects, "limit_report_defects", limits_.defects_max);
    tell(overflow_.gaps, "limit_report_not_inspected", limits_.not_inspected_max);
    tell(overflow_.links, "limit_report_links", limits_.document_links_max);
    tell(overflow_.readings, "limit_report_readings", limits_.readings_max);
    tell(overflow_.html_documents, "limit_report_html", limits_.html_documents_max);
    tell(overflow_.bytes, "limit_report_bytes", limits_.bytes_max);
    bytes_ = 0;
    overflow_ = {};
    return std::exchange(report_, {});
}

} // namespace watchpost::inspect
