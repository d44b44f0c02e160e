// Reads the message data model out of a tree of JSON, strictly. Private. Not thread-safe.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/message_model.h"

namespace watchpost::model {

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
    void raw(const Json& json, const char* key, std::string& value, const char* name = "raw");
    void number(const Json& json, const char* key, std::uint64_t& value);
    void texts(const Json& json, const char* key, std::vector<std::string>& values);
    void mailboxes(const Json& json, const char* key, std::vector<Mailbox>& values);
    void optional_mailbox(const Json& json, const char* key, std::optional<Mailbox>& value);
    void fail(std::string_view where, std::string_view what);

    void read_address(const Json& json, EmailAddress& address);
    void read_mailbox(const Json& json, Mailbox& mailbox);
    void delay(const Json& json, std::optional<std::int64_t>& value);
    void read_authentication(const Json& json, AuthenticationResults& field);
    void read_hop(const Json& json, Hop& hop);
    void read_headers(const Json& json, Headers& headers);
    void read_link(const Json& json, Link& link);
    void read_body(const Json& json, Body& body);
    void read_attachment(const Json& json, Attachment& attachment);
    void read_form(const Json& json, HtmlForm& form);
    void read_scripts(const Json& json, HtmlScripts& scripts);
    void read_html(const Json& json, HtmlDocument& document);
    void read_qr_code(const Json& json, QrCode& code);
    void truth(const Json& json, const char* key, bool& value);
    void read_fields(const Json& json, const char* key, std::vector<Field>& fields);
    void read_copy_recipient(const Json& json, CopyRecipient& recipient);
    void read_arrival(const Json& json, Arrival& arrived);
    void read_journal(const Json& json, Journal& journal);
    void read_copy(const Json& json, Copy& copy);

    std::string problem_;
};

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

} // namespace watchpost::model
