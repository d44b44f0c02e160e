#include "pipeline/scan_report.h"

#include <utility>

#include "crypto/sha256.h"
#include "model/json.h"
#include "model/json_text.h"

namespace watchpost::pipeline {
namespace {

using model::JsonText;

void member(JsonText& json, std::string_view key, std::string_view text)
{
    json.key(key);
    json.value(text);
}

void member(JsonText& json, std::string_view key, std::uint64_t number)
{
    json.key(key);
    json.value(number);
}

void write(JsonText& json, const verdict::NotInspected& gap)
{
    member(json, "part", gap.part);
    member(json, "engine", gap.engine);
    member(json, "reason", gap.reason);
    member(json, "detail", gap.detail);
}

void write(JsonText& json, const verdict::Finding& finding)
{
    member(json, "engine", finding.engine);
    member(json, "rule", finding.rule);
    member(json, "importance", to_string(finding.importance));
    member(json, "part", finding.part);
    member(json, "reading", finding.reading);
    member(json, "detail", finding.detail);
    member(json, "id", finding.id);
}

void write(JsonText& json, const inspect::DefectInfo& defect)
{
    member(json, "id", defect.id);
    member(json, "part", defect.part);
    member(json, "offset", defect.offset);
    member(json, "detail", defect.detail);
}

void write(JsonText& json, const inspect::PartInfo& part)
{
    member(json, "path", part.path);
    member(json, "reading", part.reading);
    member(json, "type", part.type);
    member(json, "filename", part.filename);
    member(json, "size", part.size);
    member(json, "sha256", crypto::to_hex(part.sha256));
    member(json, "real_type", part.real_type);
}

void write(JsonText& json, const inspect::ReadingInfo& reading);

template <typename T>
void list(JsonText& json, std::string_view key, const std::vector<T>& items)
{
    json.key(key);
    json.begin_array();
    for (const T& item : items) {
        json.begin_object();
        write(json, item);
        json.end_object();
    }
    json.end_array();
}

void write(JsonText& json, const inspect::ReadingInfo& reading)
{
    member(json, "name", reading.name);
    member(json, "part", reading.part);
    list(json, "adds", reading.adds);
    json.key("lacks");
    json.begin_array();
    for (const std::string& path : reading.lacks) {
        json.value(path);
    }
    json.end_array();
}

/// `key` and its list as the last member of an object that is still open.
std::string last_list(std::string_view key, const std::vector<inspect::ReadingInfo>& items)
{
    JsonText json;
    json.begin_object();
    list(json, key, items);
    json.end_object();
    return json.take().substr(1);
}

} // namespace

ScanReport conclude(std::string file, inspect::Report report, const verdict::Policy& policy)
{
    ScanReport scan;
    scan.file = std::move(file);
    scan.verdict = verdict::combine(std::exchange(report.findings, {}),
                                    std::exchange(report.not_inspected, {}), policy);
    scan.report = std::move(report);
    return scan;
}

std::string to_json_line(const ScanReport& scan)
{
    JsonText json;
    json.begin_object();
    if (!scan.file.empty()) {
        member(json, "file", scan.file);
    }
    member(json, "verdict", to_string(scan.verdict.outcome));
    member(json, "inspected", to_string(scan.verdict.inspected));
    list(json, "not_inspected", scan.verdict.not_inspected);
    member(json, "importance", to_string(scan.verdict.importance));
    list(json, "findings", scan.verdict.findings);
    list(json, "defects", scan.report.defects);
    list(json, "parts", scan.report.parts);
    // The object is still open: the model writes itself, and what came later stands behind it.
    return json.take() + R"(,"message":)" + model::to_json(scan.report.message) + ',' +
           last_list("readings", scan.report.readings);
}

std::string to_json_line(std::string_view file, const base::Error& error)
{
    JsonText json;
    json.begin_object();
    member(json, "file", file);
    json.key("error");
    json.begin_object();
    member(json, "code", base::to_string(error.code()));
    json.key("may_pass");
    json.value_bool(error.retry() == base::Retry::later);
    member(json, "message", error.describe());
    json.end_object();
    json.end_object();
    return json.take();
}

} // namespace watchpost::pipeline
