#include "message/reading_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "message/text_charsets.h"

namespace watchpost::message {

namespace {

using enum Departure;

constexpr std::array profiles{
    Profile{"evolution",
            "Evolution's library Camel 3.46",
            {plain_parameter, decoded_boundary, prefix_is_delimiter}},
    Profile{"gmime",
            "GMime 3.2 (notmuch, Balsa, Pan)",
            {last_content_type, last_transfer_encoding, plain_parameter, literal_boundary,
             decoded_boundary, base64_ends_at_padding}},
    Profile{"python_email",
            "Python 3.11's email package with its default policy",
            {plain_parameter, decoded_boundary, pieces_end_at_gap, message_is_not_decoded,
             base64_ends_at_padding, broken_base64_is_text, cr_ends_line, header_ends_without_colon,
             blank_before_colon_is_no_field}},
    Profile{"mime_tools",
            "Perl's MIME::Parser 5.510 (amavis, MIMEDefang)",
            {last_parameter, closing_stands_alone}},
    Profile{"munpack",
            "munpack 1.6",
            {last_content_type, last_transfer_encoding, plain_parameter, pieces_end_at_gap,
             boundary_makes_multipart, guessed_boundary, prefix_is_delimiter, outer_boundary_first,
             base64_ends_at_padding}},
    Profile{"last_wins",
            "whoever lets each field and parameter replace the one before",
            {last_content_type, last_transfer_encoding, last_disposition, last_parameter}},
};

static_assert(profiles.size() <= ReadingPlan::profiles_max);

std::string name_of_set(Departures departures)
{
    std::string name;
    for (const DepartureRow& row : departure_table()) {
        if (departures.has(row.departure)) {
            name += (name.empty() ? "" : "`, `") + std::string{row.name};
        }
    }
    return name;
}

} // namespace

std::span<const Profile> profile_table() noexcept
{
    return profiles;
}

ReadingPlan::ReadingPlan(Departures suggested) : strict_{suggested}, suggested_{suggested}
{
    known_.insert(Departures{});
    add_variants({}, suggested);
}

/// Profiles come last: only then is it known which of their departures the message leaves open.
std::optional<Reading> ReadingPlan::next()
{
    if (waiting_.empty()) {
        return next_profile();
    }
    Reading reading = std::move(waiting_.front());
    waiting_.pop_front();
    return reading;
}

/// One that reads the message as an earlier reading does is passed over.
std::optional<Reading> ReadingPlan::next_profile()
{
    while (next_profile_ < profiles.size()) {
        const Profile& profile = profiles.at(next_profile_++);
        const auto effective = profile.departures.both(suggested_);
        if (known_.insert(effective).second) {
            return Reading{std::string{profile.name}, effective};
        }
    }
    return std::nullopt;
}

/// What the strict reading left open has a variant of its own; only what is new is combined.
void ReadingPlan::learn(const Reading& reading, Departures suggested)
{
    suggested_.add(suggested);
    add_variants(reading, suggested.without(strict_).without(reading.departures));
}

void ReadingPlan::add_variants(const Reading& base, Departures suggested)
{
    for (const DepartureRow& row : departure_table()) {
        if (!suggested.has(row.departure)) {
            continue;
        }
        Departures departures = base.departures;
        departures.add(row.departure);
        if (known_.contains(departures)) {
            continue;
        }
        if (variants_ == variants_max) {
            was_cut_ = true;
            return;
        }
        ++variants_;
        known_.insert(departures);
        waiting_.push_back(
            {base.name + (base.name.empty() ? "" : "+") + std::string{row.name}, departures});
    }
}

std::vector<std::string> explain_reading(std::string_view name)
{
    std::vector<std::string> sentences;
    while (!name.empty()) {
        const auto end = std::min(name.find_first_of("+>"), name.size());
        const auto word = name.substr(0, end);
        name.remove_prefix(std::min(end + 1, name.size()));
        const auto row = std::ranges::find(departure_table(), word, &DepartureRow::name);
        const auto* const profile = std::ranges::find(profiles, word, &Profile::name);
        if (row != departure_table().end()) {
            sentences.emplace_back(row->sentence);
        } else if (profile != profiles.end()) {
            sentences.push_back("Read by " + std::string{profile->who} + ".");
        } else if (word != strict_reading) {
            return {};
        }
    }
    return sentences;
}

std::string readings_page()
{
    std::string page = "# Readings\n\n"
                       "Where two programs could read a message differently, Watchpost takes both "
                       "readings: each is taken apart and inspected,\nand what differs is shown. "
                       "The strict reading comes first; a message that leaves nothing open has "
                       "only that one.\nDecision: [ADR 0016](adr/0016-readings.md). Made from "
                       "`src/message/departure_table.cc` and `reading_plan.cc`;\na test fails "
                       "where they differ.\n\n## Departures from the strict reading\n\n"
                       "Each makes a reading of its own where the message has one of the "
                       "[defects](defects.md) beside it, at most " +
                       std::to_string(ReadingPlan::variants_max) +
                       " of them.\n\n| word | standard | what such a program does | taken where "
                       "the message has |\n|---|---|---|---|\n";
    for (const DepartureRow& row : departure_table()) {
        page += "| `" + std::string{row.name} + "` | " + std::string{row.standard} + " | " +
                std::string{row.sentence} + " | ";
        std::string seen;
        for (const DefectRow& defect : defect_table()) {
            if (suggested_by(defect.id).has(row.departure)) {
                seen += (seen.empty() ? "`" : ", `") + std::string{defect.name} + '`';
            }
        }
        page += (seen.empty() ? "two such fields that differ" : seen) + " |\n";
    }
    page += "\n## Profiles\n\nSeveral departures together, at most " +
            std::to_string(ReadingPlan::profiles_max) +
            ". A profile is read where the message leaves departures of it open and no earlier "
            "reading had the same. What\na program does was measured, and is told as well as "
            "departures can: `tools/measure_readings` gives it the\nmessages of "
            "`tests/fixtures/structures`.\n\n| "
            "profile | who reads so | departures |\n|---|---|---|\n";
    for (const Profile& profile : profiles) {
        page += "| `" + std::string{profile.name} + "` | " + std::string{profile.who} + " | " +
                "`" + name_of_set(profile.departures) + "` |\n";
    }
    page +=
        "\n## Charsets\n\nA text is read in each charset that a program may take it in: that of "
        "its Content-Type, of a byte order mark, of a\n`<meta>` or XML declaration near the "
        "start (HTML), and what its NUL octets look like; UTF-16 and UTF-32 without a mark in "
        "both\norders. The first of these that is known is what the model shows. Where ASCII "
        "comes out otherwise than it stands in the octets\n(UTF-16, UTF-32, UTF-7, ISO-2022, "
        "HZ, EBCDIC …) the decoded text is a leaf below the text, `1!text in utf-7.txt`, at "
        "most " +
        std::to_string(TextVersions::versions_max) +
        " of a\ntext and 16 MiB each, beside the octets. So it is for attachments and members "
        "of archives that are texts. Texts whose charset\nleaves ASCII alone are inspected "
        "once.\n";
    return page;
}

} // namespace watchpost::message
