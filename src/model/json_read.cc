#include <utility>

#include "model/json.h"
#include "model/json_reader.h"

namespace watchpost::model {

void ModelReader::fail(std::string_view where, std::string_view what)
{
    if (problem_.empty()) {
        problem_ = std::string{where} + ": " + std::string{what};
    }
}

bool ModelReader::take_values(std::string_view where, std::size_t count)
{
    if (count > values_left_) {
        values_left_ = 0;
        fail(where, "comes after too many values");
        return false;
    }
    values_left_ -= count;
    return true;
}

std::optional<Json> ModelReader::find(const Json& json, const char* key)
{
    Json found;
    if (json.at_key(key).get(found) != simdjson::SUCCESS) {
        fail(key, "is missing");
        return std::nullopt;
    }
    return found;
}

void ModelReader::text_of(const Json& json, std::string_view where, std::string& value)
{
    std::string_view found;
    if (json.get_string().get(found) == simdjson::SUCCESS) {
        value = found;
    } else {
        fail(where, "is no text");
    }
}

void ModelReader::text(const Json& json, const char* key, std::string& value)
{
    if (const auto found = find(json, key)) {
        text_of(*found, key, value);
    }
}

void ModelReader::number(const Json& json, const char* key, std::uint64_t& value)
{
    const auto found = find(json, key);
    if (!found || found->get_uint64().get(value) != simdjson::SUCCESS) {
        fail(key, "is no whole number");
    }
}

void ModelReader::raw(const Json& json, const char* key, std::string& value, const char* name)
{
    if (const auto found = find(json, key)) {
        object(*found, key, 1, [&] { text(*found, name, value); });
    }
}

void ModelReader::texts(const Json& json, const char* key, std::vector<std::string>& values)
{
    list(json, key, values,
         [&](const Json& item, std::string& value) { text_of(item, key, value); });
}

void ModelReader::read_address(const Json& json, EmailAddress& address)
{
    object(json, "email", 3, [&] {
        text(json, "email", address.email);
        text(json, "local_part", address.local_part);
        if (const auto domain = find(json, "domain")) {
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
        if (const auto email = find(json, "email")) {
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
    const auto found = find(json, key);
    if (found && !found->is_null()) {
        read_mailbox(*found, value.emplace());
    }
}

void ModelReader::truth(const Json& json, const char* key, bool& value)
{
    const auto found = find(json, key);
    if (!found || found->get_bool().get(value) != simdjson::SUCCESS) {
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
        if (const auto mailbox = find(json, "mailbox")) {
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
        if (const auto arrived = find(json, "arrived")) {
            read_arrival(*arrived, copy.arrived);
        }
        list(json, "recipients", copy.recipients,
             [&](const Json& item, CopyRecipient& r) { read_copy_recipient(item, r); });
        truth(json, "was_cut", copy.was_cut);
        const auto journal = find(json, "journal");
        if (journal && !journal->is_null()) {
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
        if (const auto recipients = find(json, "recipients")) {
            object(*recipients, "recipients", 3, [&] {
                mailboxes(*recipients, "to", message.recipients.to);
                mailboxes(*recipients, "cc", message.recipients.cc);
                mailboxes(*recipients, "bcc", message.recipients.bcc);
            });
        }
        if (const auto subject = find(json, "subject")) {
            object(*subject, "subject", 1, [&] { text(*subject, "subject", message.subject); });
        }
        if (const auto headers = find(json, "headers")) {
            read_headers(*headers, message.headers);
        }
        if (const auto body = find(json, "body")) {
            read_body(*body, message.body);
        }
        list(json, "attachments", message.attachments,
             [&](const Json& item, Attachment& a) { read_attachment(item, a); });
        list(json, "html_documents", message.html,
             [&](const Json& item, HtmlDocument& document) { read_html(item, document); });
        list(json, "qr_codes", message.qr_codes,
             [&](const Json& item, QrCode& code) { read_qr_code(item, code); });
        const auto copy = find(json, "copy");
        if (copy && !copy->is_null()) {
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
    simdjson::dom::parser parser;
    Json json;
    // The outermost one counts as a level of simdjson's own.
    auto error = parser.allocate(text.size(), limits.depth_max + 1);
    if (error == simdjson::SUCCESS) {
        error = parser.parse(text.data(), text.size()).get(json);
    }
    if (error != simdjson::SUCCESS) {
        return damaged(std::string{"not JSON, or nested too deep: "} +
                       simdjson::error_message(error));
    }
    ModelReader reader{limits.values_max};
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
