#include "api/permissions.h"

#include <algorithm>
#include <array>

namespace watchpost::api {

namespace {

constexpr bool yes = true;
constexpr bool no = false;

// Administrator, Senior security officer, Security officer, Security auditor.
constexpr std::array table{
    Permission{"signIn", "POST", "/session", yes, yes, yes, yes}, // by anybody
    Permission{"getSession", "GET", "/session", yes, yes, yes, yes},
    Permission{"signOut", "DELETE", "/session", yes, yes, yes, yes},
    Permission{"changeOwnPassword", "POST", "/session/password", yes, yes, yes, yes},
    Permission{"listAlerts", "GET", "/alerts", no, yes, yes, yes},
    Permission{"getAlert", "GET", "/alerts/{alert_id}", no, yes, yes, yes},
    Permission{"assignAlert", "POST", "/alerts/{alert_id}/assign", no, yes, yes, no},
    Permission{"commentAlert", "POST", "/alerts/{alert_id}/comment", no, yes, yes, no},
    Permission{"closeAlert", "POST", "/alerts/{alert_id}/close", no, yes, yes, no},
    Permission{"reopenAlert", "POST", "/alerts/{alert_id}/reopen", no, yes, yes, no},
    Permission{"downloadRawMessage", "GET", "/alerts/{alert_id}/raw", no, yes, yes, yes},
    Permission{"viewObject", "GET", "/alerts/{alert_id}/object", no, yes, yes, yes},
    Permission{"downloadObject", "GET", "/alerts/{alert_id}/object/zip", no, yes, yes, yes},
    Permission{"listOfficers", "GET", "/officers", no, yes, yes, yes},
    Permission{"listSensors", "GET", "/sensors", yes, no, no, yes},
    Permission{"getSensor", "GET", "/sensors/{sensor_id}", yes, no, no, yes},
    Permission{"listMailboxes", "GET", "/sensors/{sensor_id}/mailboxes", yes, no, no, yes},
    Permission{"addMailbox", "POST", "/sensors/{sensor_id}/mailboxes", yes, no, no, no},
    Permission{"getMailbox", "GET", "/sensors/{sensor_id}/mailboxes/{mailbox_id}", yes, no, no,
               yes},
    Permission{"applyMailbox", "PUT", "/sensors/{sensor_id}/mailboxes/{mailbox_id}", yes, no, no,
               no},
    Permission{"removeMailbox", "DELETE", "/sensors/{sensor_id}/mailboxes/{mailbox_id}", yes, no,
               no, no},
    Permission{"pollNow", "POST", "/sensors/{sensor_id}/mailboxes/{mailbox_id}/poll", yes, no, no,
               no},
    Permission{"listPolls", "GET", "/sensors/{sensor_id}/mailboxes/{mailbox_id}/polls", yes, no, no,
               yes},
    Permission{"getMailServer", "GET", "/sensors/{sensor_id}/mailboxes/{mailbox_id}/server", yes,
               no, no, yes},
    Permission{"fetchAgain", "POST", "/sensors/{sensor_id}/mailboxes/{mailbox_id}/fetch-again", yes,
               no, no, no},
    Permission{"endFetchAgain", "DELETE", "/sensors/{sensor_id}/mailboxes/{mailbox_id}/fetch-again",
               yes, no, no, no},
    Permission{"listStuckMessages", "GET",
               "/sensors/{sensor_id}/mailboxes/{mailbox_id}/stuck-messages", yes, no, no, yes},
    Permission{"tryAgain", "POST",
               "/sensors/{sensor_id}/mailboxes/{mailbox_id}/stuck-messages/try-again", yes, no, no,
               no},
    Permission{"testConnection", "POST", "/sensors/{sensor_id}/mailbox-test", yes, no, no, no},
    Permission{"beginDeviceCode", "POST", "/sensors/{sensor_id}/device-code", yes, no, no, no},
    Permission{"askDeviceCode", "POST", "/sensors/{sensor_id}/device-code/ask", yes, no, no, no},
    Permission{"checkCipherString", "GET", "/cipher-suites", yes, no, no, no},
    Permission{"listYaraRules", "GET", "/yara-rules", no, yes, yes, yes},
    Permission{"addYaraRules", "POST", "/yara-rules", no, yes, no, no},
    Permission{"getYaraRules", "GET", "/yara-rules/{yara_id}", no, yes, yes, yes},
    Permission{"removeYaraRules", "DELETE", "/yara-rules/{yara_id}", no, yes, no, no},
    Permission{"listUsers", "GET", "/users", yes, no, no, yes},
    Permission{"addUser", "POST", "/users", yes, no, no, no},
    Permission{"changeUser", "PATCH", "/users/{user_id}", yes, no, no, no},
    Permission{"getSettings", "GET", "/settings", yes, no, no, yes},
    Permission{"applySettings", "PUT", "/settings", yes, no, no, no},
    Permission{"getTlsCertificate", "GET", "/tls-certificate", yes, no, no, yes},
    Permission{"uploadTlsCertificate", "PUT", "/tls-certificate", yes, no, no, no},
    Permission{"getStatus", "GET", "/status", yes, yes, yes, yes},
    Permission{"streamEvents", "GET", "/events", yes, yes, yes, yes},
};

} // namespace

bool Permission::is_for(store::Role role) const noexcept
{
    switch (role) {
    case store::Role::administrator:
        return administrator;
    case store::Role::senior_security_officer:
        return senior_security_officer;
    case store::Role::security_officer:
        return security_officer;
    case store::Role::security_auditor:
        return security_auditor;
    }
    return false;
}

bool Permission::is_for(const std::vector<store::Role>& roles) const noexcept
{
    return std::ranges::any_of(roles, [this](store::Role role) { return is_for(role); });
}

std::span<const Permission> permission_table() noexcept
{
    return table;
}

} // namespace watchpost::api
