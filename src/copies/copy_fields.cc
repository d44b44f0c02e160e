#include "copies/copy_fields.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "message/address.h"
#include "message/ascii.h"
#include "message/encoded_word.h"
#include "message/message_id.h"
#include "message/model_builder.h"
#include "message/text_links.h"

namespace watchpost::copies {

using message::equals_ignoring_case;
using message::HeaderField;

namespace {

constexpr std::size_t envelope_fields_max = 20; // of each kind: nobody sets more

/// What the server that delivered the message writes above it: Postfix, Exim, Sendmail, Dovecot.
constexpr std::array<std::string_view, 5> envelope_fields{
    "delivered-to", "envelope-to", "return-path", "x-envelope-to", "x-original-to"};

/// Exchange 2007 and later; Exchange 2003 and others that write its form, one of them with its
/// famous slip of the pen.
bool is_journal_marker(const HeaderField& field)
{
    return equals_ignoring_case(field.name, "x-ms-journal-report") ||
           ((equals_ignoring_case(field.name, "content-identifier") ||
             equals_ignoring_case(field.name, "content-identifer")) &&
            equals_ignoring_case(message::trim(field.value), "exjournalreport"));
}

void keep(std::vector<const HeaderField*>& fields, const HeaderField& field)
{
    if (fields.size() < envelope_fields_max) {
        fields.push_back(&field);
    }
}

} // namespace

CopyFields find_copy_fields(const message::Part& root)
{
    CopyFields found;
    bool is_above_received = true;
    for (const HeaderField& field : root.header) {
        const char first = field.name.empty() ? '\0' : message::to_lower(field.name.front());
        if (first != 'c' && first != 'd' && first != 'e' && first != 'r' && first != 'x') {
            continue;
        }
        if (equals_ignoring_case(field.name, "received")) {
            is_above_received = false;
        } else if (found.journal_marker == nullptr && is_journal_marker(field)) {
            found.journal_marker = &field;
        } else if (found.resent_from == nullptr &&
                   equals_ignoring_case(field.name, "resent-from")) {
            found.resent_from = &field;
        } else if (equals_ignoring_case(field.name, "x-gm-original-to")) {
            keep(found.original_to, field);
        } else if (is_above_received && std::ranges::any_of(envelope_fields, [&](auto name) {
                       return equals_ignoring_case(field.name, name);
                   })) {
            keep(found.delivered_to, field);
        }
    }
    return found;
}

std::vector<model::Mailbox> addresses_in(std::string_view value, const Limits& limits)
{
    auto list = message::parse_addresses(message::cut_utf8(value, limits.field_bytes_max),
                                         limits.addresses_max);
    std::vector<model::Mailbox> mailboxes;
    mailboxes.reserve(list.addresses.size());
    for (auto& address : list.addresses) {
        mailboxes.push_back(message::to_mailbox(std::move(address)));
    }
    return mailboxes;
}

std::vector<model::Mailbox> addresses_of(const message::Part& root,
                                         std::initializer_list<std::string_view> fields,
                                         const Limits& limits)
{
    std::vector<model::Mailbox> mailboxes;
    for (const auto field : fields) {
        if (const auto value = root.field(field)) {
            std::ranges::move(addresses_in(*value, limits), std::back_inserter(mailboxes));
        }
    }
    return mailboxes;
}

std::string text_of(const message::Part& root, std::string_view field, const Limits& limits)
{
    const auto value = root.field(field);
    return value ? message::decode_text(message::cut_utf8(*value, limits.field_bytes_max)).text
                 : std::string{};
}

std::string message_id_of(const message::Part& root)
{
    const auto value = root.field("message-id");
    auto ids = value ? message::parse_message_ids(*value, 1) : std::vector<std::string>{};
    return ids.empty() ? std::string{} : std::move(ids.front());
}

void fill_arrival(const message::Part& root, const Limits& limits, model::Arrival& arrived)
{
    auto senders = addresses_of(root, {"from"}, limits);
    if (!senders.empty()) {
        arrived.sender = std::move(senders.front());
    }
    arrived.recipients = addresses_of(root, {"to", "cc"}, limits);
    arrived.subject = text_of(root, "subject", limits);
    arrived.message_id = message_id_of(root);
}

std::vector<model::Field> delivered_to(const CopyFields& fields, const Limits& limits)
{
    std::vector<model::Field> noted;
    noted.reserve(fields.delivered_to.size());
    for (const HeaderField* const field : fields.delivered_to) {
        noted.push_back(
            {std::string{field->name},
             message::decode_text(message::cut_utf8(field->value, limits.field_bytes_max)).text});
    }
    return noted;
}

} // namespace watchpost::copies
