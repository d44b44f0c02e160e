#include "collector/poll_report.h"

#include <array>
#include <string_view>
#include <utility>

namespace watchpost::collector {

void PollReport::add_note(std::string note)
{
    if (notes.size() < notes_max) {
        notes.push_back(notes.size() + 1 < notes_max ? std::move(note)
                                                     : "there were more such notes");
    }
}

std::string describe_counts(const PollReport& report)
{
    std::string text = std::to_string(report.collected) +
                       (report.collected == 1 ? " message" : " messages") + " collected, " +
                       std::to_string(report.octets) + " octets";
    const std::array<std::pair<std::uint64_t, std::string_view>, 11> others{{
        {report.known, "known before"},
        {report.duplicates, "known by content"},
        {report.renamed, "known under another UID"},
        {report.cut_short, "shorter than announced"},
        {report.too_large, "too large"},
        {report.fetched_again, "fetched again"},
        {report.before_first_poll, "there before the first poll, not fetched"},
        {report.refused, "refused by the server"},
        {report.deleted, "deleted at the server"},
        {report.delete_pending, "to be deleted at the next poll"},
        {report.left, "left"},
    }};
    for (const auto& [count, what] : others) {
        if (count > 0) {
            text += "; " + std::to_string(count) + " " + std::string{what};
        }
    }
    return text;
}

} // namespace watchpost::collector
