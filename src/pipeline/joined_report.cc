#include "pipeline/joined_report.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "verdict/finding_table.h"

namespace watchpost::pipeline {
namespace {

template <typename T>
void append(std::vector<T>& all, std::vector<T> more, const std::string& name)
{
    for (T& item : more) {
        item.part = item.part.empty() ? name : name + '!' + item.part;
    }
    std::ranges::move(more, std::back_inserter(all));
}

std::string list_of(const std::vector<std::string>& messages)
{
    std::string list;
    for (const std::string& message : messages) {
        list += (list.empty() ? "" : ", ") + message;
    }
    return list;
}

/// The gap of the whole message: pieces that are attached stay what they are.
bool is_of_message(const verdict::NotInspected& gap)
{
    return gap.reason == "partial_message" && (gap.part.empty() || gap.part == "1");
}

} // namespace

void attach_joined(inspect::Report& own, inspect::Report joined,
                   const std::vector<std::string>& messages, std::size_t way)
{
    const std::string name = way == 1 ? "joined" : "joined " + std::to_string(way);
    std::erase_if(own.not_inspected, is_of_message);
    auto finding = verdict::make_finding("structure.joined_message");
    finding.part = name;
    finding.detail = "of " + std::to_string(messages.size()) + " messages: " + list_of(messages);
    own.findings.push_back(std::move(finding));
    for (inspect::PartInfo& part : joined.parts) {
        part.path.insert(0, name + '!');
    }
    for (inspect::ReadingInfo& reading : joined.readings) {
        for (inspect::PartInfo& part : reading.adds) {
            part.path.insert(0, name + '!');
        }
        for (std::string& path : reading.lacks) {
            path.insert(0, name + '!');
        }
    }
    std::ranges::move(joined.parts, std::back_inserter(own.parts));
    append(own.readings, std::move(joined.readings), name);
    append(own.findings, std::move(joined.findings), name);
    append(own.not_inspected, std::move(joined.not_inspected), name);
    append(own.defects, std::move(joined.defects), name);
    append(own.message.body.links, std::move(joined.message.body.links), name);
    append(own.message.html, std::move(joined.message.html), name);
}

void tell_pieces(inspect::Report& own, const std::string& what)
{
    for (verdict::NotInspected& gap : own.not_inspected) {
        if (is_of_message(gap)) {
            gap.detail += (gap.detail.empty() ? "" : ": ") + what;
        }
    }
}

} // namespace watchpost::pipeline
