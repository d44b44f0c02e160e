// Headers: hops, results of authentication, notes about the sender.
#include "model/json_reader.h"

namespace watchpost::model {

void ModelReader::read_authentication(const Json& json, AuthenticationResults& field)
{
    object(json, "authentication_results", 3, [&] {
        text(json, "server", field.server);
        truth(json, "trusted", field.is_trusted);
        list(json, "results", field.results, [&](const Json& item, AuthenticationResult& result) {
            object(item, "results", 4, [&] {
                text(item, "method", result.method);
                text(item, "result", result.result);
                text(item, "reason", result.reason);
                read_fields(item, "properties", result.properties);
            });
        });
    });
}

void ModelReader::read_hop(const Json& json, Hop& hop)
{
    object(json, "hops", 2, [&] {
        std::uint64_t index = 0;
        number(json, "index", index);
        hop.index = static_cast<std::uint32_t>(index);
        if (hop.index != index) {
            fail("index", "is too large");
        }
        if (const auto received = find(json, "received")) {
            object(*received, "received", 8, [&] {
                raw(*received, "source", hop.received_from);
                raw(*received, "server", hop.received_by);
                raw(*received, "protocol", hop.with);
                raw(*received, "id", hop.id);
                raw(*received, "mailbox", hop.received_for);
                text(*received, "time", hop.time);
                delay(*received, hop.delay_s);
                text(*received, "raw", hop.raw);
            });
        }
    });
}

void ModelReader::delay(const Json& json, std::optional<std::int64_t>& value)
{
    const auto found = find(json, "delay_s");
    if (found && !found->is_null() &&
        found->get_int64().get(value.emplace()) != simdjson::SUCCESS) {
        fail("delay_s", "is no whole number");
    }
}

void ModelReader::read_headers(const Json& json, Headers& headers)
{
    object(json, "headers", 12, [&] {
        text(json, "message_id", headers.message_id);
        text(json, "date", headers.date);
        mailboxes(json, "reply_to", headers.reply_to);
        optional_mailbox(json, "return_path", headers.return_path);
        texts(json, "in_reply_to", headers.in_reply_to);
        texts(json, "references", headers.references);
        text(json, "mailer", headers.mailer);
        list(json, "hops", headers.hops, [&](const Json& item, Hop& hop) { read_hop(item, hop); });
        read_fields(json, "fields", headers.fields);
        mailboxes(json, "sender", headers.sender);
        list(json, "sender_notes", headers.sender_notes, [&](const Json& item, SenderNote& note) {
            object(item, "sender_notes", 2, [&] {
                text(item, "id", note.id);
                text(item, "detail", note.detail);
            });
        });
        list(json, "authentication_results", headers.authentication,
             [&](const Json& item, AuthenticationResults& field) {
                 read_authentication(item, field);
             });
    });
}

} // namespace watchpost::model
