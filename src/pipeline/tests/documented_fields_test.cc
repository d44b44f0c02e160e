// docs/message-data-model.md names each field of the line of `scan --json`, and no other.
#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pipeline/scan_report.h"

namespace watchpost::pipeline {
namespace {

using Json = nlohmann::json;
using Paths = std::set<std::string>;

/// Every list has an item, every optional member is there.
inspect::Report full_report()
{
    inspect::Report report;
    report.parts.emplace_back();
    report.findings.push_back({"e", "yara.match", "r", verdict::Importance::high, "", "", ""});
    report.not_inspected.emplace_back();
    report.defects.emplace_back();
    report.readings.push_back({"n", "", {inspect::PartInfo{}}, {"1"}});
    auto& message = report.message;
    const model::Mailbox mailbox;
    message.sender = mailbox;
    message.recipients = {{mailbox}, {mailbox}, {mailbox}};
    auto& headers = message.headers;
    headers.reply_to = headers.sender = {mailbox};
    headers.return_path = mailbox;
    headers.in_reply_to = headers.references = {"id"};
    headers.hops.emplace_back();
    headers.fields.emplace_back();
    headers.sender_notes.emplace_back();
    headers.authentication.push_back({"", false, {{"", "", "", {model::Field{}}}}});
    message.body.links.emplace_back().unwrapped.emplace_back();
    message.attachments.emplace_back();
    auto& html = message.html.emplace_back();
    html.hidden_by = html.smuggling = {"x"};
    html.forms.emplace_back();
    message.qr_codes.emplace_back();
    auto& copy = message.copy.emplace();
    copy.evidence = copy.other_parts = {"x"};
    copy.arrived.sender = mailbox;
    copy.arrived.recipients = {mailbox};
    copy.arrived.delivered_to.emplace_back();
    copy.recipients.emplace_back();
    copy.journal.emplace().other_lines = {"x"};
    return report;
}

/// "message.headers.hops[].index" of all that is neither object nor list.
void collect(const Json& json, const std::string& path, Paths& paths)
{
    if (json.is_object()) {
        for (const auto& [key, value] : json.items()) {
            collect(value, path.empty() ? key : path + '.' + key, paths);
        }
    } else if (json.is_array()) {
        EXPECT_FALSE(json.empty()) << path << ": full_report() has none of them";
        for (const Json& item : json) {
            collect(item, path + "[]", paths);
        }
    } else {
        paths.insert(path);
    }
}

/// The first column of the table below that heading.
Paths documented(const std::string& heading)
{
    std::ifstream file{WATCHPOST_SOURCE_DIR "/docs/message-data-model.md"};
    Paths paths;
    bool is_in_table = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) {
            is_in_table = line == "## " + heading;
        } else if (is_in_table && line.starts_with("| `")) {
            paths.insert(line.substr(3, line.find('`', 3) - 3));
        }
    }
    return paths;
}

TEST(DocumentedFields, AreThoseOfTheLineOfScan)
{
    Paths paths;
    collect(Json::parse(to_json_line(conclude("a.eml", full_report()))), "", paths);
    EXPECT_GT(paths.size(), 150U);
    EXPECT_THAT(documented("Every field"), testing::ContainerEq(paths));
}

} // namespace
} // namespace watchpost::pipeline
