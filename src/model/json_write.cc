#include "model/json.h"
#include "model/json_text.h"

namespace watchpost::model {

namespace {

void member(JsonText& json, std::string_view key, std::string_view text)
{
    json.key(key);
    json.value(text);
}

void number_member(JsonText& json, std::string_view key, std::uint64_t number)
{
    json.key(key);
    json.value(number);
}

void truth_member(JsonText& json, std::string_view key, bool truth)
{
    json.key(key);
    json.value_bool(truth);
}

void write(JsonText& json, const std::string& text)
{
    json.value(text);
}

void write(JsonText& json, const EmailAddress& address)
{
    json.begin_object();
    member(json, "email", address.email);
    member(json, "local_part", address.local_part);
    json.key("domain");
    json.begin_object();
    member(json, "domain", address.domain);
    member(json, "root_domain", address.root_domain);
    json.end_object();
    json.end_object();
}

void write(JsonText& json, const Mailbox& mailbox)
{
    json.begin_object();
    member(json, "display_name", mailbox.display_name);
    json.key("email");
    write(json, mailbox.email);
    json.end_object();
}

void write(JsonText& json, const Field& field)
{
    json.begin_object();
    member(json, "name", field.name);
    member(json, "value", field.value);
    json.end_object();
}

/// {"raw": text}, or with another name.
void raw_member(JsonText& json, std::string_view key, std::string_view text,
                std::string_view name = "raw")
{
    json.key(key);
    json.begin_object();
    member(json, name, text);
    json.end_object();
}

void write(JsonText& json, const Hop& hop)
{
    json.begin_object();
    number_member(json, "index", hop.index);
    json.key("received");
    json.begin_object();
    raw_member(json, "source", hop.received_from);
    raw_member(json, "server", hop.received_by);
    raw_member(json, "protocol", hop.with);
    raw_member(json, "id", hop.id);
    raw_member(json, "mailbox", hop.received_for);
    member(json, "time", hop.time);
    member(json, "raw", hop.raw);
    json.key("delay_s");
    if (hop.delay_s) {
        json.value_signed(*hop.delay_s);
    } else {
        json.null();
    }
    json.end_object();
    json.end_object();
}

void write(JsonText& json, const UnwrappingStep& step)
{
    json.begin_object();
    member(json, "wrapper", step.wrapper);
    member(json, "url", step.url);
    json.end_object();
}

void write(JsonText& json, const HtmlForm& form)
{
    json.begin_object();
    member(json, "action", form.action);
    member(json, "method", form.method);
    number_member(json, "password_fields", form.password_fields);
    json.end_object();
}

void write(JsonText& json, const HtmlScripts& scripts)
{
    json.begin_object();
    number_member(json, "in_document", scripts.in_document);
    number_member(json, "loaded", scripts.loaded);
    number_member(json, "handlers", scripts.handlers);
    number_member(json, "addresses", scripts.addresses);
    number_member(json, "in_svg", scripts.in_svg);
    json.end_object();
}

void write(JsonText& json, const Attachment& attachment)
{
    json.begin_object();
    member(json, "part", attachment.part);
    member(json, "file_name", attachment.filename);
    member(json, "content_type", attachment.content_type);
    member(json, "content_id", attachment.content_id);
    member(json, "disposition", attachment.disposition);
    number_member(json, "size", attachment.size);
    member(json, "sha256", attachment.sha256);
    json.end_object();
}

void write(JsonText& json, const QrCode& code)
{
    json.begin_object();
    member(json, "part", code.part);
    member(json, "drawn_as", code.drawn_as);
    member(json, "text", code.text);
    json.end_object();
}

void write(JsonText& json, const CopyRecipient& recipient)
{
    json.begin_object();
    json.key("mailbox");
    write(json, recipient.mailbox);
    member(json, "field", recipient.field);
    member(json, "known_by", recipient.known_by);
    member(json, "expanded_from", recipient.expanded_from);
    member(json, "forwarded_from", recipient.forwarded_from);
    json.end_object();
}

void write(JsonText& json, const Link& link);             // has lists of its own
void write(JsonText& json, const HtmlDocument& document); // has lists of its own

void write(JsonText& json, const AuthenticationResult& result);
void write(JsonText& json, const AuthenticationResults& field);
void write(JsonText& json, const SenderNote& note);

template <typename T>
void list(JsonText& json, std::string_view key, const std::vector<T>& items)
{
    json.key(key);
    json.begin_array();
    for (const auto& item : items) {
        write(json, item);
    }
    json.end_array();
}

void write(JsonText& json, const Link& link)
{
    json.begin_object();
    raw_member(json, "href_url", link.href, "url");
    member(json, "display_text", link.display_text);
    member(json, "source", link.source);
    member(json, "part", link.part);
    list(json, "unwrapped", link.unwrapped);
    member(json, "written", link.written);
    raw_member(json, "display_url", link.shown_address, "url");
    truth_member(json, "mismatched", link.is_mismatched);
    json.end_object();
}

void write(JsonText& json, const HtmlDocument& document)
{
    json.begin_object();
    member(json, "part", document.part);
    member(json, "reading", document.reading);
    member(json, "display_text", document.text);
    member(json, "hidden_text", document.hidden_text);
    list(json, "hidden_by", document.hidden_by);
    number_member(json, "invisible_characters", document.invisible_characters);
    member(json, "base_url", document.base);
    member(json, "refresh_url", document.refresh);
    list(json, "forms", document.forms);
    json.key("scripts");
    write(json, document.scripts);
    number_member(json, "data_urls", document.data_addresses);
    number_member(json, "blob_urls", document.blob_addresses);
    list(json, "smuggling", document.smuggling);
    number_member(json, "objects", document.objects);
    truth_member(json, "was_cut", document.was_cut);
    json.end_object();
}

void write(JsonText& json, const AuthenticationResult& result)
{
    json.begin_object();
    member(json, "method", result.method);
    member(json, "result", result.result);
    member(json, "reason", result.reason);
    list(json, "properties", result.properties);
    json.end_object();
}

void write(JsonText& json, const AuthenticationResults& field)
{
    json.begin_object();
    member(json, "server", field.server);
    truth_member(json, "trusted", field.is_trusted);
    list(json, "results", field.results);
    json.end_object();
}

void write(JsonText& json, const SenderNote& note)
{
    json.begin_object();
    member(json, "id", note.id);
    member(json, "detail", note.detail);
    json.end_object();
}

void optional_mailbox(JsonText& json, std::string_view key, const std::optional<Mailbox>& mailbox)
{
    json.key(key);
    if (mailbox) {
        write(json, *mailbox);
    } else {
        json.null();
    }
}

void write_headers(JsonText& json, const Headers& headers)
{
    json.key("headers");
    json.begin_object();
    member(json, "message_id", headers.message_id);
    member(json, "date", headers.date);
    list(json, "reply_to", headers.reply_to);
    optional_mailbox(json, "return_path", headers.return_path);
    list(json, "in_reply_to", headers.in_reply_to);
    list(json, "references", headers.references);
    member(json, "mailer", headers.mailer);
    list(json, "hops", headers.hops);
    list(json, "fields", headers.fields);
    list(json, "sender", headers.sender);
    list(json, "sender_notes", headers.sender_notes);
    list(json, "authentication_results", headers.authentication);
    json.end_object();
}

void write_body(JsonText& json, const Body& body)
{
    json.key("body");
    json.begin_object();
    raw_member(json, "plain", body.plain);
    json.key("html");
    json.begin_object();
    member(json, "raw", body.html);
    member(json, "display_text", body.html_text);
    member(json, "hidden_text", body.hidden_text);
    json.end_object();
    truth_member(json, "was_cut", body.was_cut);
    list(json, "links", body.links);
    json.end_object();
}

void write_arrival(JsonText& json, const Arrival& arrived)
{
    json.key("arrived");
    json.begin_object();
    optional_mailbox(json, "sender", arrived.sender);
    list(json, "recipients", arrived.recipients);
    member(json, "subject", arrived.subject);
    member(json, "message_id", arrived.message_id);
    list(json, "delivered_to", arrived.delivered_to);
    json.end_object();
}

void write_journal(JsonText& json, const std::optional<Journal>& journal)
{
    json.key("journal");
    if (!journal) {
        json.null();
        return;
    }
    json.begin_object();
    member(json, "sender", journal->sender);
    member(json, "on_behalf_of", journal->on_behalf_of);
    member(json, "subject", journal->subject);
    member(json, "message_id", journal->message_id);
    member(json, "label", journal->label);
    member(json, "mailbox", journal->mailbox);
    member(json, "sent_at", journal->sent_at);
    member(json, "received_at", journal->received_at);
    list(json, "other_lines", journal->other_lines);
    json.end_object();
}

void write_copy(JsonText& json, const std::optional<Copy>& copy)
{
    json.key("copy");
    if (!copy) {
        json.null();
        return;
    }
    json.begin_object();
    member(json, "form", copy->form);
    member(json, "setting", copy->setting);
    member(json, "part", copy->part);
    list(json, "evidence", copy->evidence);
    write_arrival(json, copy->arrived);
    list(json, "recipients", copy->recipients);
    truth_member(json, "was_cut", copy->was_cut);
    write_journal(json, copy->journal);
    list(json, "other_parts", copy->other_parts);
    json.end_object();
}

} // namespace

std::string to_json(const MessageModel& message)
{
    JsonText json;
    json.begin_object();
    optional_mailbox(json, "sender", message.sender);
    json.key("recipients");
    json.begin_object();
    list(json, "to", message.recipients.to);
    list(json, "cc", message.recipients.cc);
    list(json, "bcc", message.recipients.bcc);
    json.end_object();
    json.key("subject");
    json.begin_object();
    member(json, "subject", message.subject);
    json.end_object();
    write_headers(json, message.headers);
    write_body(json, message.body);
    list(json, "attachments", message.attachments);
    write_copy(json, message.copy);
    list(json, "html_documents", message.html);
    list(json, "qr_codes", message.qr_codes);
    json.end_object();
    return json.take();
}

} // namespace watchpost::model
