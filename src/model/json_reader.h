// Reads the message data model out of a tree of JSON, strictly. Private. Not thread-safe.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/message_model.h"

namespace watchpost::model {

using Json = simdjson::dom::element;

/// Takes the members of one object by name. The first thing that is not as it should be is kept as
/// the error, with the path to it; after it everything reads as empty.
class ModelReader {
public:
    /// Of objects, lists and what is in them; with more, the text is refused.
    explicit ModelReader(std::size_t values_max) : values_left_{values_max} {}

    MessageModel read(const Json& json);
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
    template <typename Members>
    void object(const Json& json, std::string_view where, std::size_t count, Members members);
    template <typename T, typename ReadItem>
    void list(const Json& json, const char* key, std::vector<T>& items, ReadItem read_item);
    std::optional<Json> find(const Json& json, const char* key);
    void text(const Json& json, const char* key, std::string& value);
    void text_of(const Json& json, std::string_view where, std::string& value);
    bool take_values(std::string_view where, std::size_t count);
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
    std::size_t values_left_;
};

/// An object with exactly `count` members, each of which `members` asks for: so a doubled one
/// leaves another one missing.
template <typename Members>
void ModelReader::object(const Json& json, std::string_view where, std::size_t count,
                         Members members)
{
    simdjson::dom::object found;
    if (json.get_object().get(found) != simdjson::SUCCESS) {
        fail(where, "is no object");
    } else if (found.size() != count) {
        fail(where, "has a missing or an unknown member");
    } else if (take_values(where, count)) {
        members();
    }
}

template <typename T, typename ReadItem>
void ModelReader::list(const Json& json, const char* key, std::vector<T>& items, ReadItem read_item)
{
    const auto found = find(json, key);
    simdjson::dom::array list;
    if (!found || found->get_array().get(list) != simdjson::SUCCESS) {
        fail(key, "is no list");
        return;
    }
    if (!take_values(key, list.size())) {
        return;
    }
    items.reserve(list.size());
    for (const Json item : list) {
        read_item(item, items.emplace_back());
        if (!problem_.empty()) {
            return;
        }
    }
}

} // namespace watchpost::model
