#include <utility>

#include "model/json.h"
#include "model/json_guard.h"
#include "model/json_reader.h"

namespace watchpost::model {

void ModelReader::fail(std::string_view where, std::string_view what)
{
    if (problem_.empty()) {
        problem_ = std::string{where} + ": " + std::string{what};
    }
}

const Json* ModelReader::find(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end()) {
        fail(key, "is missing");
        return nullptr;
    }
    return &*found;
}

void ModelReader::text(const Json& json, const char* key, std::string& value)
{
    const Json* const found = find(json, key);
    if (found != nullptr && found->is_string()) {
        value = found->get_ref<const std::string&>();
    } else {
        fail(key, "is no text");
    }
}

void ModelReader::number(const Json& json, const char* key, std::uint64_t& value)
{
    const Json* const found = find(json, key);
    if (found != nullptr && found->is_number_unsigned()) {
        value = found->get<std::uint64_t>();
    } else {
        fail(key, "is no whole number");
    }
}

void ModelReader::raw(const Json& json, const char* key, std::string& value, const char* name)
{
    if (const Json* const found = find(json, key)) {
        object(*found, key, 1, [&] { text(*found, name, value); });
    }
}

void ModelReader::texts(const Json& json, const char* key, std::vector<std::string>& values)
{
    list(json, key, values, [&](const Json& item, std::string& value) {
        if (item.is_string()) {
            value = item.get_ref<const std::string&>();
        } else {
            fail(key, "holds something that is no text");
        }
    });
}

void ModelReader::read_address(const Json& json, EmailAddress& address)
{
    object(json, "email", 3, [&] {
        text(json, "email", address.email);
        text(json, "local_part", address.local_part);
        if (const Json* const domain = find(json, "domain")) {
            object(*domain, "domain", 2, [&] {
                text(*domain, "domain", address.domain);
                text(*domain, "root_domain", address.root_domain);
            });
        }
    });
}

void ModelReader::read_mailbox(const Json& json, Mailbox& mailbox)
{
    object(json, "mailbox", 2, [&] {
        text(json, "display_name", mailbox.display_name);
        if (const Json* const email = find(json, "email")) {
            read_address(*email, mailbox.email);
        }
    });
}

void ModelReader::mailboxes(const Json& json, const char* key, std::vector<Mailbox>& values)
{
    list(json, key, values,
         [&](const Json& item, Mailbox& mailbox) { read_mailbox(item, mailbox); });
}

void ModelReader::optional_mailbox(const Json& json, const char* key, std::optional<Mailbox>& value)
{
    const Json* const found = find(json, key);
    if (found != nullptr && !found->is_null()) {
        read_mailbox(*found, value.emplace());
    }
}

void ModelReader::truth(const Json& json, const char* key, bool& value)
{
    const Json* const found = find(json, key);
    if (found != nullptr && found->is_boolean()) {
        value = found->get<bool>();
    } else {
        fail(key, "is neither true nor false");
    }
}

void ModelReader::read_fields(const Json& json, const char* key, std::vector<Field>& fields)
{
    list(json, key, fields, [&](const Json& item, Field& field) {
        object(item, key, 2, [&] {
            text(item, "name", field.name);
            text(item, "value", field.value);
        });
    });
}

void ModelReader::read_attachment(const Json& json, Attachment& attachment)
{
    object(json, "attachments", 7, [&] {
        text(json, "part", attachment.part);
        text(json, "file_name", attachment.filename);
        text(json, "content_type", attachment.content_type);
        text(json, "content_id", attachment.content_id);
        text(json, "disposition", attachment.disposition);
        number(json, "size", attachment.size);
        text(json, "sha256", attachment.sha256);
    });
}

void ModelReader::read_qr_code(const Json& json, QrCode& code)
{
    object(json, "qr_codes", 3, [&] {
        text(json, "part", code.part);
        text(json, "drawn_as", code.drawn_as);
        text(json, "text", code.text);
    });
}

void ModelReader::read_copy_recipient(const Json& json, CopyRecipient& recipient)
{
    object(json, "copy.recipients", 5, [&] {
        if (const Json* const mailbox = find(json, "mailbox")) {
            read_mailbox(*mailbox, recipient.mailbox);
        }
        text(json, "field", recipient.field);
        text(json, "known_by", recipient.known_by);
        text(json, "expanded_from", recipient.expanded_from);
        text(json, "forwarded_from", recipient.forwarded_from);
    });
}

void ModelReader::read_arrival(const Json& json, Arrival& arrived)
{
    object(json, "arrived", 5, [&] {
        optional_mailbox(json, "sender", arrived.sender);
        mailboxes(json, "recipients", arrived.recipients);
        text(json, "subject", arrived.subject);
        text(json, "message_id", arrived.message_id);
        read_fields(json, "delivered_to", arrived.delivered_to);
    });
}

void ModelReader::read_journal(const Json& json, Journal& journal)
{
    object(json, "journal", 9, [&] {
        text(json, "sender", journal.sender);
        text(json, "on_behalf_of", journal.on_behalf_of);
        text(json, "subject", journal.subject);
        text(json, "message_id", journal.message_id);
        text(json, "label", journal.label);
        text(json, "mailbox", journal.mailbox);
        text(json, "sent_at", journal.sent_at);
        text(json, "received_at", journal.received_at);
        texts(json, "other_lines", journal.other_lines);
    });
}

void ModelReader::read_copy(const Json& json, Copy& copy)
{
    object(json, "copy", 9, [&] {
        text(json, "form", copy.form);
        text(json, "setting", copy.setting);
        text(json, "part", copy.part);
        texts(json, "evidence", copy.evidence);
        if (const Json* const arrived = find(json, "arrived")) {
            read_arrival(*arrived, copy.arrived);
        }
        list(json, "recipients", copy.recipients,
             [&](const Json& item, CopyRecipient& r) { read_copy_recipient(item, r); });
        truth(json, "was_cut", copy.was_cut);
        const Json* const journal = find(json, "journal");
        if (journal != nullptr && !journal->is_null()) {
            read_journal(*journal, copy.journal.emplace());
        }
        texts(json, "other_parts", copy.other_parts);
    });
}

MessageModel ModelReader::read(const Json& json)
{
    MessageModel message;
    object(json, "message", 9, [&] {
        optional_mailbox(json, "sender", message.sender);
        if (const Json* const recipients = find(json, "recipients")) {
            object(*recipients, "recipients", 3, [&] {
                mailboxes(*recipients, "to", message.recipients.to);
                mailboxes(*recipients, "cc", message.recipients.cc);
                mailboxes(*recipients, "bcc", message.recipients.bcc);
            });
        }
        if (const Json* const subject = find(json, "subject")) {
            object(*subject, "subject", 1, [&] { text(*subject, "subject", message.subject); });
        }
        if (const Json* const headers = find(json, "headers")) {
            read_headers(*headers, message.headers);
        }
        if (const Json* const body = find(json, "body")) {
            read_body(*body, message.body);
        }
        list(json, "attachments", message.attachments,
             [&](const Json& item, Attachment& a) { read_attachment(item, a); });
        list(json, "html_documents", message.html,
             [&](const Json& item, HtmlDocument& document) { read_html(item, document); });
        list(json, "qr_codes", message.qr_codes,
             [&](const Json& item, QrCode& code) { read_qr_code(item, code); });
        const Json* const copy = find(json, "copy");
        if (copy != nullptr && !copy->is_null()) {
            read_copy(*copy, message.copy.emplace());
        }
    });
    return message;
}

namespace {

base::Failure damaged(std::string what)
{
    return base::fail(
        base::Error{base::ErrorCode::damaged, base::Retry::never, std::move(what)}.during(
            "read a message data model"));
}

base::Result<MessageModel> read_text(std::string_view text, const JsonLimits& limits)
{
    Guard guard{limits};
    if (!Json::sax_parse(text.begin(), text.end(), &guard)) {
        return damaged("not JSON, nested too deep, too many values, or a member stands twice");
    }
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    ModelReader reader;
    auto message = reader.read(json);
    if (!reader.problem().empty()) {
        return damaged(reader.problem());
    }
    return message;
}

} // namespace

base::Result<MessageModel> from_json(std::string_view json, const JsonLimits& limits)
{
    if (json.size() > limits.bytes_max) {
        return base::fail(
            base::Error{base::ErrorCode::limit_exceeded, base::Retry::never, "JSON too large"}
                .during("read a message data model"));
    }
    return read_text(json, limits);
}

} // namespace watchpost::model
