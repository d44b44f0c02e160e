#include "copies/copy_reading.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "copies/copy_fields.h"
#include "copies/journal_form.h"
#include "diag/quote.h"
#include "message/ascii.h"
#include "message/defect_table.h"

namespace watchpost::copies {

using message::Part;
using model::CopySetting;

namespace {

class CopyReader {
public:
    CopyReader(const message::Message& message, CopySetting setting, const Limits& limits)
        : root_{message.root()}
        , setting_{setting}
        , limits_{limits}
        , fields_{find_copy_fields(root_)}
    {
    }

    Reading read();

private:
    void read_automatic();
    void read_plain();
    void read_journal();
    void read_redirect();
    void read_attached();
    void take_journal(JournalForm form);
    void note_faults(const JournalForm& form);
    void note_other_sender(const JournalForm& form);
    void take_redirect();
    void take_plain();
    void take_original_recipients(model::Copy& copy);
    void miss(std::string_view form, const std::string& why);
    void note(std::string_view id, std::string part, std::string detail); // already quoted
    model::Copy& begin(std::string_view form);
    model::Copy& begin_carried(std::string_view form);

    const Part& root_;
    CopySetting setting_;
    const Limits& limits_;
    CopyFields fields_;
    Reading reading_;
};

void CopyReader::note(std::string_view id, std::string part, std::string detail)
{
    reading_.notes.push_back({id, std::move(part), std::move(detail)});
}

model::Copy& CopyReader::begin(std::string_view form)
{
    auto& copy = reading_.copy.emplace();
    copy.form = form;
    copy.setting = to_string(setting_);
    copy.arrived.delivered_to = delivered_to(fields_, limits_);
    return copy;
}

/// A plain copy is what arrived; others came around it or by somebody else.
model::Copy& CopyReader::begin_carried(std::string_view form)
{
    auto& copy = begin(form);
    fill_arrival(root_, limits_, copy.arrived);
    return copy;
}

/// Not the form that was set: shown as it came, and said so.
void CopyReader::miss(std::string_view form, const std::string& why)
{
    note("copies.unexpected_form", "",
         "the mailbox is set to " + std::string{form} + ", but " + why);
    take_plain();
}

Reading CopyReader::read()
{
    switch (setting_) {
    case CopySetting::automatic:
        read_automatic();
        break;
    case CopySetting::plain:
        read_plain();
        break;
    case CopySetting::journal:
        read_journal();
        break;
    case CopySetting::redirected:
        read_redirect();
        break;
    case CopySetting::attached:
        read_attached();
        break;
    }
    return std::move(reading_);
}

/// A forward as attachment is never taken by itself: people forward mail every day, and then the
/// forwarder is the sender.
void CopyReader::read_automatic()
{
    if (!claims_to_be_journal(root_, fields_)) {
        if (fields_.resent_from != nullptr) {
            take_redirect();
        } else if (!fields_.is_empty()) {
            take_plain();
        }
        return;
    }
    auto form = find_journal(root_, limits_);
    const bool is_strict =
        form.obstacle.empty() && form.fault.empty() && form.contradiction.empty();
    if (is_strict) {
        return take_journal(std::move(form));
    }
    if (!form.contradiction.empty()) {
        note("copies.journal_report_contradicts", "", form.contradiction);
    } else {
        note("copies.journal_report_damaged", "",
             form.obstacle.empty() ? "it " + form.fault : form.obstacle);
    }
    take_plain();
}

void CopyReader::read_plain()
{
    if (claims_to_be_journal(root_, fields_)) {
        note("copies.journal_report_ignored", "",
             "the mailbox is set to plain copies: the message is shown as it came");
    }
    take_plain();
}

/// The operator vouches for the form: servers on the way may have added a part or dropped a field.
void CopyReader::read_journal()
{
    auto form = find_journal(root_, limits_);
    if (!form.obstacle.empty()) {
        return miss("journal reports", form.obstacle);
    }
    if (!form.contradiction.empty()) {
        note("copies.journal_report_contradicts", form.report->path, form.contradiction);
    } else {
        note_faults(form);
    }
    take_journal(std::move(form));
}

/// A server that drops the marker alters nothing else: with it gone, any other fault is telling.
void CopyReader::note_faults(const JournalForm& form)
{
    const bool is_marked = claims_to_be_journal(root_, fields_);
    if (is_marked && form.fault.empty()) {
        return;
    }
    const bool is_damaged = form.text.is_disordered || (!is_marked && !form.fault.empty());
    note(is_damaged ? "copies.journal_report_damaged" : "copies.journal_report_altered",
         form.report->path,
         form.fault.empty() ? "its header does not call it a journal report"
         : is_marked        ? "it " + form.fault
                            : "its header does not call it a journal report, and it " + form.fault);
}

/// Nothing where one of the two names nobody, or where the report's own fields are in doubt.
void CopyReader::note_other_sender(const JournalForm& form)
{
    const auto& fields = form.text.fields;
    const auto named = addresses_of(*opened(*form.attached), {"from", "sender"}, limits_);
    const auto is_of_report = [&](const model::Mailbox& mailbox) {
        const std::string_view email = mailbox.email.email;
        return message::equals_ignoring_case(email, fields.sender) ||
               message::equals_ignoring_case(email, fields.on_behalf_of);
    };
    const bool is_in_doubt = form.text.is_disordered || !form.contradiction.empty();
    if (is_in_doubt || fields.sender.empty() || named.empty() ||
        std::ranges::any_of(named, is_of_report)) {
        return;
    }
    note("copies.journal_sender_differs", form.report->path,
         "the report names \"" + diag::quote(fields.sender, 320) + "\", the message \"" +
             diag::quote(named.front().email.email, 320) + "\"");
}

void CopyReader::take_journal(JournalForm form)
{
    note_other_sender(form);
    auto& copy = begin_carried("journal_report");
    const Part& shown = *opened(*form.attached);
    if (fields_.journal_marker != nullptr) {
        copy.evidence.push_back("field " + diag::quote(fields_.journal_marker->name));
    }
    if (form.was_undeliverable) {
        copy.evidence.emplace_back("a delivery status report brought it back: the server could "
                                   "not deliver it to its journal mailbox");
    }
    copy.evidence.push_back("the report in part " + form.report->path + " names " +
                            std::to_string(form.text.recipients.size()) + " recipients");
    if (form.contradiction.empty() && !form.text.fields.message_id.empty()) {
        copy.evidence.push_back("the message in part " + form.attached->path +
                                " has the Message-ID that the report names");
    }
    copy.part = form.attached->path;
    copy.was_cut = form.text.was_cut;
    for (const Part* const part : form.others) {
        if (copy.other_parts.size() < limits_.other_parts_max) {
            copy.other_parts.push_back(part->path);
        }
    }
    if (form.is_protected) {
        reading_.protected_part = form.attached->path;
    }
    if (!form.text.fields.sender.empty()) {
        reading_.senders = addresses_in(form.text.fields.sender, limits_);
    }
    copy.recipients = std::move(form.text.recipients);
    copy.journal = std::move(form.text.fields);
    reading_.defects = std::move(form.defects);
    reading_.shown = &shown;
}

void CopyReader::read_redirect()
{
    if (fields_.resent_from == nullptr) {
        return miss("redirected copies", "the message has no field Resent-From");
    }
    take_redirect();
}

/// RFC 5322 §3.6.6: the message is the sender's own; the Resent fields say who sent it on.
void CopyReader::take_redirect()
{
    auto& copy = begin_carried("redirect");
    copy.evidence.emplace_back("field Resent-From");
    auto senders = addresses_in(fields_.resent_from->value, limits_);
    copy.arrived.sender = senders.empty() ? std::nullopt : std::optional{senders.front()};
    copy.arrived.recipients = addresses_of(root_, {"resent-to", "resent-cc"}, limits_);
}

void CopyReader::read_attached()
{
    const auto messages = attached_messages(root_);
    if (messages.empty()) {
        return miss("forwards as attachments", "no message is attached");
    }
    if (opened(*messages.front()) == nullptr) {
        return miss("forwards as attachments", "the attached message could not be opened");
    }
    auto& copy = begin_carried("attached_message");
    copy.evidence.push_back("the message attached as part " + messages.front()->path);
    copy.part = messages.front()->path;
    for (std::size_t i = 1; i < messages.size() && i <= limits_.other_parts_max; ++i) {
        copy.other_parts.push_back(messages[i]->path);
    }
    if (messages.size() > 1) {
        note("copies.several_messages", "",
             std::to_string(messages.size()) + " messages are attached; the first is shown");
    }
    reading_.shown = opened(*messages.front());
}

void CopyReader::take_plain()
{
    auto& copy = begin("plain");
    for (const message::HeaderField* const field : fields_.delivered_to) {
        copy.evidence.push_back("field " + diag::quote(field->name));
    }
    for (const message::HeaderField* const field : fields_.original_to) {
        copy.evidence.push_back("field " + diag::quote(field->name));
    }
    if (setting_ == CopySetting::plain) {
        take_original_recipients(copy);
    }
}

/// Delivered-To and the like name the collected mailbox; X-Gm-Original-To names whom the message
/// was for. The sender can write it, too: only the operator knows that a server replaces it.
void CopyReader::take_original_recipients(model::Copy& copy)
{
    for (const message::HeaderField* const field : fields_.original_to) {
        for (auto& mailbox : addresses_in(field->value, limits_)) {
            if (copy.recipients.size() == limits_.recipients_max) {
                copy.was_cut = true;
                reading_.defects.push_back(
                    {name_of(message::DefectId::limit_journal_recipients), "", 0, ""});
                return;
            }
            copy.recipients.push_back({std::move(mailbox), "envelope", "X-Gm-Original-To", {}, {}});
        }
    }
}

/// The list that each address stands in already.
using Places = std::unordered_map<std::string, std::vector<model::Mailbox>*>;

std::string key_of(std::string_view email)
{
    return message::lower_case(email);
}

/// One that the header does not name is blind, unless a list that it names was expanded to it.
std::vector<model::Mailbox>& place_of(const model::CopyRecipient& recipient, const Places& places,
                                      model::Recipients& recipients)
{
    if (recipient.field == "to") {
        return recipients.to;
    }
    if (recipient.field == "cc") {
        return recipients.cc;
    }
    if (recipient.field == "envelope") {
        for (const auto* origin : {&recipient.expanded_from, &recipient.forwarded_from}) {
            const auto place = places.find(key_of(*origin));
            if (place != places.end()) {
                return *place->second;
            }
        }
    }
    return recipients.bcc;
}

void add_recipients(const std::vector<model::CopyRecipient>& known, model::Recipients& recipients)
{
    Places places;
    for (auto* list : {&recipients.to, &recipients.cc, &recipients.bcc}) {
        for (const auto& mailbox : *list) {
            places.try_emplace(key_of(mailbox.email.email), list);
        }
    }
    for (const auto& recipient : known) {
        auto key = key_of(recipient.mailbox.email.email);
        if (!places.contains(key)) {
            auto& list = place_of(recipient, places, recipients);
            list.push_back(recipient.mailbox);
            places.emplace(std::move(key), &list);
        }
    }
}

} // namespace

Reading read_copy(const message::Message& message, CopySetting setting, const Limits& limits)
{
    return CopyReader{message, setting, limits}.read();
}

void complete(model::MessageModel& model, Reading reading)
{
    if (!reading.copy) {
        return;
    }
    if (!model.sender && !reading.senders.empty()) {
        model.sender = std::move(reading.senders.front());
    }
    add_recipients(reading.copy->recipients, model.recipients);
    model.copy = std::move(reading.copy);
}

} // namespace watchpost::copies
