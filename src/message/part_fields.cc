#include "message/part_fields.h"

#include <array>
#include <optional>
#include <utility>

#include "message/ascii.h"
#include "message/content_fields.h"

namespace watchpost::message {

namespace {

struct Filenames {
    std::string shown;
    std::string
        other; // what a program that prefers the other field shows; empty where there is none
};

Filenames choose_filename(const Parameters& type, const Parameters& disposition, DefectLog& defects)
{
    const std::string_view filename = find_parameter(disposition, "filename");
    const std::string_view name = find_parameter(type, "name");
    if (!filename.empty() && !name.empty() && filename != name) {
        defects.note(DefectId::filename_conflict, 0, name);
    }
    return {std::string{filename.empty() ? name : filename},
            std::string{filename.empty() || name == filename ? std::string_view{} : name}};
}

/// Fields of which a part or a message has one. RFC 5322 §3.6, RFC 2045 §4-6.
void check_duplicates(const Part& part, DefectLog& defects)
{
    constexpr std::array<std::string_view, 14> once{"content-type",
                                                    "content-transfer-encoding",
                                                    "content-disposition",
                                                    "content-id",
                                                    "mime-version",
                                                    "from",
                                                    "sender",
                                                    "reply-to",
                                                    "to",
                                                    "cc",
                                                    "date",
                                                    "message-id",
                                                    "subject",
                                                    "in-reply-to"};
    std::uint32_t seen = 0;
    for (const auto& field : part.header) {
        for (std::size_t i = 0; i < once.size(); ++i) {
            if (!equals_ignoring_case(field.name, once.at(i))) {
                continue;
            }
            if ((seen & (1U << i)) != 0) {
                defects.note(DefectId::duplicate_field, 0, field.name);
            }
            seen |= 1U << i;
        }
    }
}

/// The first of the fields of that name that says something: an empty one hides nothing. `last` is
/// the departure of programs that take the last.
std::optional<std::string_view> content_field(const Part& part, std::string_view name,
                                              Departure last, Departures departures,
                                              DefectLog& defects)
{
    std::optional<std::string_view> chosen;
    for (const auto& field : part.header) {
        if (!equals_ignoring_case(field.name, name) || trim(field.value).empty()) {
            continue;
        }
        if (chosen && trim(*chosen) != trim(field.value)) {
            defects.suggest(last);
        }
        if (!chosen || departures.has(last)) {
            chosen = field.value;
        }
    }
    return chosen;
}

} // namespace

void read_part_fields(Part& part, ContentType undeclared, const ReadState& state,
                      DefectLog& defects)
{
    const Limits& limits = state.limits;
    const Departures departures = state.departures;
    const auto find = [&](std::string_view name, Departure last) {
        return content_field(part, name, last, departures, defects);
    };
    if (const auto value = find("content-type", Departure::last_content_type)) {
        part.content_type = parse_content_type(*value, limits, defects, departures);
        part.type_was_declared = true;
    } else {
        part.content_type = std::move(undeclared);
    }
    if (const auto value = find("content-transfer-encoding", Departure::last_transfer_encoding)) {
        part.encoding = parse_transfer_encoding(*value, defects, departures);
    }
    Parameters disposition;
    if (const auto value = find("content-disposition", Departure::last_disposition)) {
        auto parsed = parse_disposition(*value, limits, defects, departures);
        part.disposition = std::move(parsed.type);
        disposition = std::move(parsed.parameters);
    }
    auto names = choose_filename(part.content_type.parameters, disposition, defects);
    part.filename = std::move(names.shown);
    part.other_filename = std::move(names.other);
    check_duplicates(part, defects);
}

} // namespace watchpost::message
