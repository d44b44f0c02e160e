#include "pipeline/message_record.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "diag/quote.h"
#include "verdict/finding_table.h"

namespace watchpost::pipeline {

namespace {

/// At most text_bytes_max octets of it, whole characters.
std::string cut(std::string_view text)
{
    std::string valid = diag::to_valid_utf8(text);
    if (valid.size() <= text_bytes_max) {
        return valid;
    }
    std::size_t end = text_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return valid.substr(0, end) + "…";
}

std::string to_text(const model::Mailbox& mailbox)
{
    if (mailbox.display_name.empty()) {
        return cut(mailbox.email.email);
    }
    return cut(mailbox.display_name + " <" + mailbox.email.email + ">");
}

void add_up_to(std::size_t count_max, const std::vector<model::Mailbox>& list,
               std::vector<std::string>& texts)
{
    for (const model::Mailbox& mailbox : list) {
        if (texts.size() == count_max) {
            return;
        }
        texts.push_back(to_text(mailbox));
    }
}

/// A thousand of To hide no Bcc: half of the room is theirs.
void fill_recipients(const model::Recipients& recipients, store::MessageRecord& record)
{
    const auto open_max = recipients_max - std::min(recipients.bcc.size(), recipients_max / 2);
    add_up_to(open_max, recipients.to, record.recipients);
    add_up_to(open_max, recipients.cc, record.recipients);
    const auto blind_begin = record.recipients.size();
    add_up_to(recipients_max, recipients.bcc, record.recipients);
    record.blind_recipients.assign(record.recipients.begin() +
                                       static_cast<std::ptrdiff_t>(blind_begin),
                                   record.recipients.end());
}

/// A word of the store: without spaces.
std::string to_word(std::string_view text)
{
    std::string word = cut(text);
    std::ranges::replace_if(word, [](char c) { return static_cast<unsigned char>(c) <= ' '; }, '_');
    return word;
}

/// A plain copy is the message as it was sent: nothing to tell.
void fill_copy(const model::MessageModel& message, store::MessageRecord& record)
{
    if (message.copy && message.copy->form != "plain") {
        record.copy_form = to_word(message.copy->form);
        const auto& sender = message.copy->arrived.sender;
        record.arrived_from = sender ? to_text(*sender) : std::string{};
    }
}

/// Each once, in the order of the findings. What is for information only has found nothing.
std::vector<std::string> words_of(const std::vector<verdict::Finding>& findings,
                                  std::string verdict::Finding::* member)
{
    std::vector<std::string> words;
    for (const verdict::Finding& finding : findings) {
        if (finding.importance == verdict::Importance::none || words.size() == rules_max) {
            continue;
        }
        std::string word = to_word(finding.*member);
        if (!word.empty() && std::ranges::find(words, word) == words.end()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

std::string sentence_of(const verdict::Verdict& verdict)
{
    if (verdict.findings.empty()) {
        return {};
    }
    const verdict::Finding& first = verdict.findings.front();
    const verdict::FindingRow* const row = verdict::find_row(first.id);
    return row != nullptr ? std::string{row->sentence} : cut(first.detail);
}

/// The line; where it is too long, without what the message says of itself, which is kept anyway.
std::string report_line(ScanReport& scan)
{
    std::string line = to_json_line(scan);
    if (line.size() <= report_json_bytes_max) {
        return line;
    }
    scan.verdict.not_inspected.push_back(
        {"", "", "limit_report_bytes",
         base::to_readable_bytes(line.size()) + " are more than is recorded"});
    scan.verdict.inspected = verdict::Inspected::partial;
    scan.report.message.body = {};
    scan.report.message.html.clear();
    scan.report.message.headers.fields.clear();
    scan.report.message.headers.hops.clear();
    line = to_json_line(scan);
    if (line.size() > report_json_bytes_max) {
        scan.report = {};
        line = to_json_line(scan);
    }
    return line;
}

} // namespace

std::vector<verdict::NotInspected> gaps_of(const spool::SpoolItem& item)
{
    const spool::Receipt& receipt = item.receipt;
    if (receipt.completeness == spool::Completeness::short_of_announced) {
        return {{"", "", "short_of_announced",
                 "the mail server announced " + std::to_string(receipt.announced_octets) +
                     " octets and sent " + std::to_string(receipt.octets)}};
    }
    if (receipt.completeness == spool::Completeness::too_large) {
        return {{"", "", "too_large",
                 base::to_readable_bytes(receipt.announced_octets) +
                     " were announced, more than the mailbox's message size limit"}};
    }
    return {};
}

inspect::Report report_without_content(std::string reason, std::string detail)
{
    inspect::Report report;
    report.not_inspected.push_back({"", "", std::move(reason), std::move(detail)});
    return report;
}

bool awaits_reinspection(const verdict::Verdict& verdict)
{
    return std::ranges::any_of(verdict.not_inspected, [](const verdict::NotInspected& gap) {
        return gap.reason == "engine_unavailable" || gap.reason == "inspector_unavailable";
    });
}

store::MessageRecord make_record(const spool::SpoolItem& item, ScanReport scan,
                                 base::Instant inspected_at)
{
    store::MessageRecord record;
    const spool::Receipt& receipt = item.receipt;
    record.id = receipt.is_copy() ? receipt.copy_of : item.id;
    if (receipt.is_copy()) {
        record.refetched_as = item.id;
    }
    record.mailbox = store::MailboxId::parse(item.receipt.key.mailbox).value_or(store::MailboxId{});
    record.received_at = item.receipt.received_at;
    record.inspected_at = inspected_at;
    record.octets = item.receipt.octets;
    record.sha256 = crypto::to_hex(item.receipt.sha256);
    const model::MessageModel& message = scan.report.message;
    record.message_id_field = cut(message.headers.message_id);
    record.sender = message.sender ? to_text(*message.sender) : std::string{};
    fill_recipients(message.recipients, record);
    fill_copy(message, record);
    record.subject = cut(message.subject);
    record.report_json = report_line(scan);
    record.is_detected = scan.verdict.outcome == verdict::Outcome::detected;
    record.is_partial = scan.verdict.inspected == verdict::Inspected::partial;
    record.awaits_reinspection =
        item.content == spool::ContentState::stored && awaits_reinspection(scan.verdict);
    record.importance = scan.verdict.importance;
    record.sentence = sentence_of(scan.verdict);
    record.engines = words_of(scan.verdict.findings, &verdict::Finding::engine);
    record.rules = words_of(scan.verdict.findings, &verdict::Finding::rule);
    record.content_kept = item.content == spool::ContentState::stored &&
                          (record.is_detected || record.awaits_reinspection);
    return record;
}

} // namespace watchpost::pipeline
