#include "store/sqlite/alert_rows.h"

#include <nlohmann/json.hpp>

#include "store/sqlite/words.h"

namespace watchpost::store::sqlite {

AlertRow read_alert(const Statement& row)
{
    AlertRow read;
    Alert& alert = read.alert;
    read.number = row.number(0);
    alert.id = AlertId::parse(row.text(1)).value_or(AlertId{});
    alert.message = MessageId::parse(row.text(2)).value_or(MessageId{});
    alert.mailbox = MailboxId::parse(row.text(3)).value_or(MailboxId{});
    alert.mailbox_name = row.text(4);
    alert.node = NodeId::parse(row.text(5)).value_or(NodeId{});
    alert.state = static_cast<AlertState>(row.number(6));
    alert.importance = static_cast<verdict::Importance>(row.number(7));
    alert.is_partial = row.flag(8);
    alert.created_at = row.instant(9);
    alert.updated_at = row.instant(10);
    alert.received_at = row.instant(11);
    alert.sentence = row.text(12);
    alert.sender = row.text(13);
    alert.recipients = from_json_array(row.text(14));
    alert.subject = row.text(15);
    alert.engines = split_words(row.text(16));
    if (!row.is_null(17)) {
        alert.assignee = UserId::parse(row.text(17));
    }
    alert.assignee_name = row.text(18);
    alert.blind_recipients = from_json_array(row.text(19));
    alert.copy_form = row.text(20);
    alert.arrived_from = row.text(21);
    return read;
}

std::string to_json_array(const std::vector<std::string>& texts)
{
    return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> from_json_array(const std::string& json)
{
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    std::vector<std::string> texts;
    if (parsed.is_array()) {
        for (const auto& item : parsed) {
            if (item.is_string()) {
                texts.push_back(item.get<std::string>());
            }
        }
    }
    return texts;
}

} // namespace watchpost::store::sqlite
