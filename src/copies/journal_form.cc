#include "copies/journal_form.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "diag/quote.h"
#include "message/ascii.h"
#include "message/body_text.h"

namespace watchpost::copies {

using message::Part;
using message::PartKind;

namespace {

bool is_plain_text(const Part& part)
{
    return part.kind == PartKind::leaf && part.content_type.type == "text" &&
           part.content_type.subtype == "plain" && part.disposition != "attachment";
}

/// Parts in document order, those of multiparts only, until `visit` says that it is enough.
template <typename Visit>
void visit_parts(const Part& root, Visit visit)
{
    std::vector<const Part*> waiting{&root};
    while (!waiting.empty()) {
        const Part* const part = waiting.back();
        waiting.pop_back();
        if (part->kind != PartKind::multipart) {
            if (!visit(*part)) {
                return;
            }
            continue;
        }
        for (const auto& child : part->children | std::views::reverse) {
            waiting.push_back(child.get());
        }
    }
}

const Part* first_text(const Part& root)
{
    const Part* found = nullptr;
    visit_parts(root, [&](const Part& part) {
        found = is_plain_text(part) ? &part : nullptr;
        return found == nullptr;
    });
    return found;
}

/// Microsoft's rights management: the content is in message.rpmsg.
bool is_rights_protected(const Part& attached)
{
    const Part* const root = opened(attached);
    bool is_protected = false;
    if (root != nullptr) {
        visit_parts(*root, [&](const Part& part) {
            is_protected =
                part.content_type.media_type() == "application/x-microsoft-rpmsg-message";
            return !is_protected;
        });
    }
    return is_protected;
}

/// What a delivery status report brings back, where that is a message of its own.
const Part* returned_message(const Part& root)
{
    if (root.kind != PartKind::multipart || root.content_type.subtype != "report" ||
        !message::equals_ignoring_case(root.content_type.parameter("report-type"),
                                       "delivery-status")) {
        return nullptr;
    }
    const auto messages = attached_messages(root);
    return messages.empty() ? nullptr : opened(*messages.back());
}

/// As Exchange brings a report back: a text, the status, the report. RFC 3464 §2
std::string fault_of_status_report(const Part& root)
{
    const auto& parts = root.children;
    if (parts.size() != 3 || !is_plain_text(*parts[0]) ||
        parts[1]->content_type.media_type() != "message/delivery-status" ||
        parts[2]->kind != PartKind::message) {
        return "came inside a delivery status report that is not of a text, the status and the "
               "message";
    }
    return {};
}

/// Report decryption attaches a protected message twice: as it was sent and in clear.
void choose(const std::vector<const Part*>& messages, JournalForm& form)
{
    const auto clear = std::ranges::find_if_not(
        messages, [](const Part* part) { return is_rights_protected(*part); });
    form.is_protected = clear == messages.end();
    form.attached = form.is_protected ? messages.front() : *clear;
    std::ranges::copy_if(messages, std::back_inserter(form.others),
                         [&](const Part* part) { return part != form.attached; });
}

/// Messages of the delivery status report besides the one that it brought back.
void add_messages_beside(const Part& returned, const Part& whole, JournalForm& form)
{
    std::ranges::copy_if(attached_messages(whole), std::back_inserter(form.others),
                         [&](const Part* part) { return opened(*part) != &returned; });
}

/// A text, then nothing but the message, or its two copies of report decryption.
std::string fault_of_shape(const Part& root, const JournalForm& form)
{
    if (root.kind != PartKind::multipart || root.content_type.subtype != "mixed") {
        return "is no multipart/mixed";
    }
    if (root.children.front().get() != form.report) {
        return "does not begin with its text";
    }
    const bool has_only_messages =
        std::all_of(std::next(root.children.begin()), root.children.end(),
                    [](const auto& part) { return part->kind == PartKind::message; });
    if (!has_only_messages) { // a multipart with a message in it may have anything beside it
        return "has parts besides its text and the message";
    }
    if (form.others.size() > 1 ||
        (!form.others.empty() &&
         (form.is_protected || !is_rights_protected(*form.others.front())))) {
        return "has several messages attached";
    }
    return {};
}

std::string contradiction_of(const JournalForm& form)
{
    const std::string attached = message_id_of(*opened(*form.attached));
    const std::string& named = form.text.fields.message_id;
    if (attached.empty() || named.empty() || attached == named) {
        return {};
    }
    return "the report is about the Message-ID " + diag::quote(named) +
           ", the attached message has " + diag::quote(attached);
}

/// Without both Message-IDs nothing ties the report to the message.
bool is_tied(const JournalForm& form)
{
    return !form.text.fields.message_id.empty() && !message_id_of(*opened(*form.attached)).empty();
}

void read_text(const Limits& limits, JournalForm& form)
{
    constexpr std::size_t defects_max = 10;
    message::DefectList list{defects_max};
    message::DefectLog defects{list, form.report->path};
    bool was_cut = false;
    const auto text =
        message::read_body_text(*form.report, limits.report_bytes_max, defects, was_cut);
    form.text = parse_journal_report(text, limits);
    if (was_cut) {
        defects.note(message::DefectId::limit_journal_bytes, text.size());
    }
    if (form.text.was_cut) {
        defects.note(message::DefectId::limit_journal_recipients, 0);
    }
    form.text.was_cut = form.text.was_cut || was_cut;
    // Those of the text itself are noted where it is read as a body of the message.
    std::ranges::copy_if(list.all(), std::back_inserter(form.defects),
                         [](const auto& defect) { return message::is_limit(defect.id); });
}

} // namespace

const Part* opened(const Part& attached)
{
    return attached.children.empty() ? nullptr : attached.children.front().get();
}

std::vector<const Part*> attached_messages(const Part& root)
{
    std::vector<const Part*> messages;
    visit_parts(root, [&](const Part& part) {
        if (part.kind == PartKind::message) {
            messages.push_back(&part);
        }
        return true;
    });
    return messages;
}

bool claims_to_be_journal(const Part& root, const CopyFields& fields)
{
    if (fields.journal_marker != nullptr) {
        return true;
    }
    const Part* const returned = returned_message(root);
    return returned != nullptr && find_copy_fields(*returned).journal_marker != nullptr;
}

JournalForm find_journal(const Part& whole, const Limits& limits)
{
    JournalForm form;
    const Part* const returned = returned_message(whole);
    form.was_undeliverable = returned != nullptr;
    const Part& root = returned != nullptr ? *returned : whole;
    const auto messages = attached_messages(root);
    form.report = root.kind == PartKind::multipart ? first_text(root) : nullptr;
    if (form.report == nullptr) {
        form.obstacle = "it has no report text";
    } else if (messages.empty()) {
        form.obstacle = "no message is attached to it";
    } else {
        choose(messages, form);
        read_text(limits, form);
        if (opened(*form.attached) == nullptr) {
            form.obstacle = "the attached message could not be opened";
        } else if (form.text.recipients.empty() && form.text.fields.message_id.empty()) {
            form.obstacle = "its text is no journal report: it " + form.text.fault;
        }
    }
    if (!form.obstacle.empty()) {
        return form;
    }
    form.fault = fault_of_shape(root, form);
    if (returned != nullptr) {
        if (form.fault.empty()) {
            form.fault = fault_of_status_report(whole);
        }
        add_messages_beside(*returned, whole, form);
    }
    if (form.fault.empty()) {
        form.fault = form.text.fault;
    }
    if (form.fault.empty() && !is_tied(form)) {
        form.fault = "or its message has no Message-ID: nothing says that the two belong together";
    }
    form.contradiction = contradiction_of(form);
    return form;
}

} // namespace watchpost::copies
