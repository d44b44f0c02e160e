// Private: an alert's columns, written once for every statement that reads them.
#pragma once

#include <string>

#include "store/records.h"
#include "store/sqlite/database.h"

namespace watchpost::store::sqlite {

/// Columns and joins up to (not including) WHERE; read_alert reads a row of it.
#define WP_ALERT_COLUMNS                                                                           \
    "SELECT alerts.number, alerts.id, alerts.message_id, alerts.mailbox_id, "                      \
    "COALESCE(mailboxes.name, ''), alerts.node_id, alerts.state, alerts.importance, "              \
    "alerts.is_partial, alerts.created_at, alerts.updated_at, alerts.received_at, "                \
    "alerts.sentence, alerts.sender, alerts.recipients, alerts.subject, alerts.engines, "          \
    "alerts.assignee_id, COALESCE(users.name, ''), alerts.blind_recipients, alerts.copy_form, "    \
    "alerts.arrived_from FROM alerts "                                                             \
    "LEFT JOIN mailboxes ON mailboxes.id = alerts.mailbox_id "                                     \
    "LEFT JOIN users ON users.id = alerts.assignee_id "

struct AlertRow {
    std::int64_t number = 0;
    Alert alert;
};

[[nodiscard]] AlertRow read_alert(const Statement& row);

/// JSON array of strings, and back (what is none becomes empty).
[[nodiscard]] std::string to_json_array(const std::vector<std::string>& texts);
[[nodiscard]] std::vector<std::string> from_json_array(const std::string& json);

} // namespace watchpost::store::sqlite
