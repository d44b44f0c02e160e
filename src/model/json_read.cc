#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include "model/json.h"

namespace watchpost::model {

namespace {

using Json = nlohmann::json;

/// Takes the members of one object by name. The first thing that is not as it should be is kept as
/// the error, with the path to it; after it everything reads as empty.
class ModelReader {
public:
    MessageModel read(const Json& json);
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
    template <typename Members>
    void object(const Json& json, std::string_view where, std::size_t count, Members members);
    template <typename T, typename ReadItem>
    void list(const Json& json, const char* key, std::vector<T>& items, ReadItem read_item);
    const Json* find(const Json& json, const char* key);
    void text(const Json& json, const char* key, std::string& value);
    void raw(const Json& json, const char* key, std::string& value);
    void number(const Json& json, const char* key, std::uint64_t& value);
    void texts(const Json& json, const char* key, std::vector<std::string>& values);
    void mailboxes(const Json& json, const char* key, std::vector<Mailbox>& values);
    void optional_mailbox(const Json& json, const char* key, std::optional<Mailbox>& value);
    void fail(std::string_view where, std::string_view what);

    void read_address(const Json& json, EmailAddress& address);
    void read_mailbox(const Json& json, Mailbox& mailbox);
    void read_hop(const Json& json, Hop& hop);
    void read_headers(const Json& json, Headers& headers);
    void read_link(const Json& json, Link& link);
    void read_body(const Json& json, Body& body);
    void read_attachment(const Json& json, Attachment& attachment);

    std::string problem_;
};

void ModelReader::fail(std::string_view where, std::string_view what)
{
    if (problem_.empty()) {
        problem_ = std::string{where} + ": " + std::string{what};
    }
}

/// An object with exactly `count` members, each of which `members` asks for.
template <typename Members>
void ModelReader::object(const Json& json, std::string_view where, std::size_t count,
                         Members members)
{
    if (!json.is_object()) {
        fail(where, "is no object");
    } else if (json.size() != count) {
        fail(where, "has a missing or an unknown member");
    } else {
        members();
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

void ModelReader::raw(const Json& json, const char* key, std::string& value)
{
    if (const Json* const found = find(json, key)) {
        object(*found, key, 1, [&] { text(*found, "raw", value); });
    }
}

template <typename T, typename ReadItem>
void ModelReader::list(const Json& json, const char* key, std::vector<T>& items, ReadItem read_item)
{
    const Json* const found = find(json, key);
    if (found == nullptr || !found->is_array()) {
        fail(key, "is no list");
        return;
    }
    items.reserve(found->size());
    for (const auto& item : *found) {
        read_item(item, items.emplace_back());
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

void ModelReader::read_hop(const Json& json, Hop& hop)
{
    object(json, "hops", 2, [&] {
        std::uint64_t index = 0;
        number(json, "index", index);
        hop.index = static_cast<std::uint32_t>(index);
        if (hop.index != index) {
            fail("index", "is too large");
        }
        if (const Json* const received = find(json, "received")) {
            object(*received, "received", 7, [&] {
                raw(*received, "source", hop.received_from);
                raw(*received, "server", hop.received_by);
                raw(*received, "protocol", hop.with);
                raw(*received, "id", hop.id);
                raw(*received, "mailbox", hop.received_for);
                text(*received, "time", hop.time);
                text(*received, "raw", hop.raw);
            });
        }
    });
}

void ModelReader::read_headers(const Json& json, Headers& headers)
{
    object(json, "headers", 9, [&] {
        text(json, "message_id", headers.message_id);
        text(json, "date", headers.date);
        mailboxes(json, "reply_to", headers.reply_to);
        optional_mailbox(json, "return_path", headers.return_path);
        texts(json, "in_reply_to", headers.in_reply_to);
        texts(json, "references", headers.references);
        text(json, "mailer", headers.mailer);
        list(json, "hops", headers.hops, [&](const Json& item, Hop& hop) { read_hop(item, hop); });
        list(json, "fields", headers.fields, [&](const Json& item, Field& field) {
            object(item, "fields", 2, [&] {
                text(item, "name", field.name);
                text(item, "value", field.value);
            });
        });
    });
}

void ModelReader::read_link(const Json& json, Link& link)
{
    object(json, "links", 4, [&] {
        if (const Json* const url = find(json, "href_url")) {
            object(*url, "href_url", 1, [&] { text(*url, "url", link.href); });
        }
        text(json, "display_text", link.display_text);
        text(json, "source", link.source);
        text(json, "part", link.part);
    });
}

void ModelReader::read_body(const Json& json, Body& body)
{
    object(json, "body", 4, [&] {
        raw(json, "plain", body.plain);
        if (const Json* const html = find(json, "html")) {
            object(*html, "html", 2, [&] {
                text(*html, "raw", body.html);
                text(*html, "display_text", body.html_text);
            });
        }
        const Json* const was_cut = find(json, "was_cut");
        if (was_cut != nullptr && was_cut->is_boolean()) {
            body.was_cut = was_cut->get<bool>();
        } else {
            fail("was_cut", "is neither true nor false");
        }
        list(json, "links", body.links,
             [&](const Json& item, Link& link) { read_link(item, link); });
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

MessageModel ModelReader::read(const Json& json)
{
    MessageModel message;
    object(json, "message", 6, [&] {
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
    });
    return message;
}

/// Reads the text once without building anything, and stops at the first thing that the shape does
/// not have: so no deep and no huge tree is ever built. A doubled key has to be refused here, since
/// the tree keeps only the last one.
class Guard final : public nlohmann::json_sax<Json> {
public:
    explicit Guard(const JsonLimits& limits) : limits_{limits} {}

    bool null() override { return take_value(); }
    bool boolean(bool /*value*/) override { return take_value(); }
    bool number_integer(number_integer_t /*value*/) override { return take_value(); }
    bool number_unsigned(number_unsigned_t /*value*/) override { return take_value(); }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return false; }
    bool string(string_t& /*value*/) override { return take_value(); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_array(std::size_t /*size*/) override { return open(); }
    bool end_array() override { return close(); }
    bool start_object(std::size_t /*size*/) override { return open(); }
    bool end_object() override { return close(); }
    bool key(string_t& name) override
    {
        auto& names = keys_.back();
        const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
        if (!is_new || names.size() >= members_max) {
            return false;
        }
        names.push_back(name);
        return true;
    }
    bool parse_error(std::size_t /*place*/, const std::string& /*token*/,
                     const Json::exception& /*error*/) override
    {
        return false;
    }

private:
    static constexpr std::size_t members_max = 16; // no object of the shape has more

    bool take_value() { return ++values_ <= limits_.values_max; }
    bool open()
    {
        keys_.emplace_back();
        return keys_.size() <= limits_.depth_max && take_value();
    }
    bool close()
    {
        keys_.pop_back();
        return true;
    }

    const JsonLimits& limits_;
    std::vector<std::vector<std::string>> keys_; // of the objects and lists that are open
    std::size_t values_ = 0;
};

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
