#include "copies/journal_report.h"

#include <array>
#include <optional>
#include <utility>

#include "diag/quote.h"
#include "message/address.h"
#include "message/ascii.h"
#include "message/message_id.h"
#include "message/model_builder.h"
#include "message/text_links.h"

namespace watchpost::copies {

using message::cut_utf8;
using message::is_blank;
using message::starts_ignoring_case;
using message::trim;

namespace {

constexpr std::string_view known_by = "journal_report";
constexpr std::size_t origin_bytes_max = 1024;

struct FieldRow {
    std::string_view name; // lower case, with the colon
    std::string model::Journal::* member;
};

constexpr std::array field_rows{FieldRow{"sender:", &model::Journal::sender},
                                FieldRow{"on-behalf-of:", &model::Journal::on_behalf_of},
                                FieldRow{"subject:", &model::Journal::subject},
                                FieldRow{"message-id:", &model::Journal::message_id},
                                FieldRow{"label:", &model::Journal::label},
                                FieldRow{"mailbox:", &model::Journal::mailbox},
                                FieldRow{"sentutc:", &model::Journal::sent_at},
                                FieldRow{"receivedutc:", &model::Journal::received_at}};
constexpr std::size_t sender_row = 0;
constexpr std::size_t on_behalf_row = 1;
constexpr std::size_t subject_row = 2;
constexpr std::size_t message_id_row = 3;
constexpr std::size_t mailbox_row = 5;

struct RecipientRow {
    std::string_view name;
    std::string_view field; // CopyRecipient::field
};

constexpr std::array recipient_rows{RecipientRow{"to:", "to"}, RecipientRow{"cc:", "cc"},
                                    RecipientRow{"bcc:", "bcc"},
                                    RecipientRow{"recipient:", "envelope"}};
constexpr std::string_view list_name = "recipients:"; // Exchange 2003: one address a line follows

/// A recipient line's pieces: `To: member@x, Expanded: list@x`.
struct Pieces {
    std::string_view address;
    std::string_view expanded;
    std::string_view forwarded;
};

/// Where the next ", Expanded:" or ", Forwarded:" begins, outside of quotes; npos: nowhere.
std::size_t find_redirection(std::string_view text) noexcept
{
    bool is_quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && is_quoted) {
            ++at;
        } else if (text[at] == '"') {
            is_quoted = !is_quoted;
        } else if (text[at] == ',' && !is_quoted) {
            const auto rest = trim(text.substr(at + 1));
            if (starts_ignoring_case(rest, "expanded:") ||
                starts_ignoring_case(rest, "forwarded:")) {
                return at;
            }
        }
    }
    return std::string_view::npos;
}

Pieces split(std::string_view value) noexcept
{
    Pieces pieces;
    std::size_t at = find_redirection(value);
    pieces.address = trim(value.substr(0, at));
    while (at != std::string_view::npos) {
        auto rest = trim(value.substr(at + 1));
        const bool is_expanded = starts_ignoring_case(rest, "expanded:");
        rest.remove_prefix(is_expanded ? 9 : 10);
        at = find_redirection(rest);
        (is_expanded ? pieces.expanded : pieces.forwarded) = trim(rest.substr(0, at));
        value = rest;
    }
    return pieces;
}

/// The address alone, without display name; the text where there is none.
std::string address_of(std::string_view text)
{
    auto list = message::parse_addresses(text, 1);
    if (list.addresses.empty()) {
        return std::string{text == "<>" ? std::string_view{} : text};
    }
    return message::to_mailbox(std::move(list.addresses.front())).email.email;
}

/// Kept with each address of its line: a longer one is no address (RFC 5321 §4.5.3.1).
std::string origin_of(std::string_view text)
{
    return std::string{cut_utf8(address_of(text), origin_bytes_max)};
}

class ReportReader {
public:
    explicit ReportReader(const Limits& limits) : limits_{limits} {}

    JournalReport read(std::string_view text);

private:
    void take(std::string_view line);
    void take_field(std::size_t row, std::string_view value, std::string_view line);
    void take_recipient(std::string_view field, std::string_view value, std::string_view line);
    void take_other(std::string_view line, std::string_view what);
    void add(model::CopyRecipient recipient);
    void note_fault(std::string fault);
    void check_complete();

    const Limits& limits_;
    JournalReport report_;
    std::array<bool, field_rows.size()> seen_{};
    std::size_t last_row_ = sender_row; // of the fields
    bool is_in_list_ = false;           // behind "Recipients:"
};

/// Lines that begin with a blank go on with the one before.
JournalReport ReportReader::read(std::string_view text)
{
    std::string line;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        auto piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (piece.ends_with('\r')) {
            piece.remove_suffix(1);
        }
        if (!line.empty() && !piece.empty() && is_blank(piece.front())) {
            line += ' ';
            line += trim(piece);
            continue;
        }
        take(line);
        line = trim(piece);
    }
    take(line);
    check_complete();
    return std::move(report_);
}

void ReportReader::take(std::string_view line)
{
    if (line.empty()) {
        return;
    }
    for (std::size_t row = 0; row < field_rows.size(); ++row) {
        const auto name = field_rows.at(row).name;
        if (starts_ignoring_case(line, name)) {
            return take_field(row, trim(line.substr(name.size())), line);
        }
    }
    for (const auto& row : recipient_rows) {
        if (starts_ignoring_case(line, row.name)) {
            return take_recipient(row.field, trim(line.substr(row.name.size())), line);
        }
    }
    if (starts_ignoring_case(line, list_name)) {
        is_in_list_ = true;
        line = trim(line.substr(list_name.size()));
        if (line.empty()) {
            return;
        }
    }
    if (is_in_list_) {
        return take_recipient("envelope", line, line);
    }
    take_other(line, "has a line that no report has");
}

void ReportReader::take_field(std::size_t row, std::string_view value, std::string_view line)
{
    const std::string name{field_rows.at(row).name.substr(0, field_rows.at(row).name.size() - 1)};
    if (seen_.at(row)) {
        report_.is_disordered = true;
        if (row >= message_id_row) { // the first may be the subject's, and what stood behind it
            report_.recipients.clear();
        }
        return take_other(line, "has \"" + name + "\" twice");
    }
    if (row != sender_row && !seen_.at(sender_row)) {
        report_.is_disordered = true;
        note_fault("does not begin with the sender");
    }
    seen_.at(row) = true;
    last_row_ = row;
    const auto kept = cut_utf8(value, limits_.field_bytes_max);
    auto& member = report_.fields.*field_rows.at(row).member;
    if (row == message_id_row) {
        auto ids = message::parse_message_ids(kept, 1);
        member = ids.empty() ? std::string{} : std::move(ids.front());
    } else if (row == sender_row || row == on_behalf_row || row == mailbox_row) {
        member = address_of(kept);
    } else {
        member = kept;
    }
}

void ReportReader::take_recipient(std::string_view field, std::string_view value,
                                  std::string_view line)
{
    if (!seen_.at(message_id_row)) {
        report_.is_disordered = true;
        return take_other(line, "names a recipient before the Message-ID");
    }
    if (last_row_ == subject_row) {
        report_.is_disordered = true;
        return take_other(line, "names a recipient right behind the subject");
    }
    const Pieces pieces = split(value);
    const std::size_t room =
        limits_.recipients_max - std::min(report_.recipients.size(), limits_.recipients_max);
    auto list = message::parse_addresses(pieces.address, room + 1);
    if (list.addresses.empty() || list.addresses.front().local_part.empty()) {
        return take_other(line, "has a recipient without an address");
    }
    if (list.had_to_guess || list.addresses.front().domain.empty()) {
        note_fault("has a recipient that is no address: " + diag::quote(line, 80));
    }
    if (list.addresses.size() > 1 && !is_in_list_) {
        note_fault("names several recipients in one line");
    }
    const auto expanded_from = origin_of(pieces.expanded);
    const auto forwarded_from = origin_of(pieces.forwarded);
    for (auto& address : list.addresses) {
        add({message::to_mailbox(std::move(address)), std::string{field}, std::string{known_by},
             expanded_from, forwarded_from});
    }
}

void ReportReader::add(model::CopyRecipient recipient)
{
    if (report_.recipients.size() < limits_.recipients_max) {
        report_.recipients.push_back(std::move(recipient));
    } else {
        report_.was_cut = true;
    }
}

void ReportReader::take_other(std::string_view line, std::string_view what)
{
    note_fault(std::string{what} + ": " + diag::quote(line, 80));
    auto& lines = report_.fields.other_lines;
    if (lines.size() < limits_.other_lines_max) {
        lines.emplace_back(cut_utf8(line, limits_.other_line_bytes_max));
    }
}

void ReportReader::note_fault(std::string fault)
{
    if (report_.fault.empty()) {
        report_.fault = std::move(fault);
    }
}

void ReportReader::check_complete()
{
    if (!seen_.at(sender_row)) {
        note_fault("names no sender");
    }
    if (!seen_.at(message_id_row)) {
        note_fault("names no Message-ID");
    }
    if (report_.recipients.empty()) {
        note_fault("names no recipient");
    }
}

} // namespace

JournalReport parse_journal_report(std::string_view text, const Limits& limits)
{
    return ReportReader{limits}.read(text);
}

} // namespace watchpost::copies
