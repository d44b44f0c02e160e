#include <algorithm>
#include <array>
#include <utility>

#include "api/call.h"
#include "api/problem.h"

namespace watchpost::api {

http::Response not_found()
{
    return to_response({404, "not_found", "There is no such thing."});
}

Handler find_handler(std::string_view operation) noexcept
{
    static constexpr std::array handlers{
        std::pair{std::string_view{"signIn"}, &sign_in},
        std::pair{std::string_view{"getSession"}, &get_session},
        std::pair{std::string_view{"signOut"}, &sign_out},
        std::pair{std::string_view{"changeOwnPassword"}, &change_own_password},
        std::pair{std::string_view{"listAlerts"}, &list_alerts},
        std::pair{std::string_view{"getAlert"}, &get_alert},
        std::pair{std::string_view{"assignAlert"}, &assign_alert},
        std::pair{std::string_view{"commentAlert"}, &comment_alert},
        std::pair{std::string_view{"closeAlert"}, &close_alert},
        std::pair{std::string_view{"reopenAlert"}, &reopen_alert},
        std::pair{std::string_view{"downloadRawMessage"}, &download_raw_message},
        std::pair{std::string_view{"viewObject"}, &view_object},
        std::pair{std::string_view{"downloadObject"}, &download_object},
        std::pair{std::string_view{"listOfficers"}, &list_officers},
        std::pair{std::string_view{"listSensors"}, &list_sensors},
        std::pair{std::string_view{"getSensor"}, &get_sensor},
        std::pair{std::string_view{"listMailboxes"}, &list_mailboxes},
        std::pair{std::string_view{"addMailbox"}, &add_mailbox},
        std::pair{std::string_view{"getMailbox"}, &get_mailbox},
        std::pair{std::string_view{"applyMailbox"}, &apply_mailbox},
        std::pair{std::string_view{"removeMailbox"}, &remove_mailbox},
        std::pair{std::string_view{"pollNow"}, &poll_now},
        std::pair{std::string_view{"listPolls"}, &list_polls},
        std::pair{std::string_view{"getMailServer"}, &get_mail_server},
        std::pair{std::string_view{"listStuckMessages"}, &list_stuck_messages},
        std::pair{std::string_view{"tryAgain"}, &try_again},
        std::pair{std::string_view{"fetchAgain"}, &fetch_again},
        std::pair{std::string_view{"endFetchAgain"}, &end_fetch_again},
        std::pair{std::string_view{"testConnection"}, &test_connection},
        std::pair{std::string_view{"beginDeviceCode"}, &begin_device_code},
        std::pair{std::string_view{"askDeviceCode"}, &ask_device_code},
        std::pair{std::string_view{"checkCipherString"}, &check_cipher_string},
        std::pair{std::string_view{"listYaraRules"}, &list_yara_rules},
        std::pair{std::string_view{"addYaraRules"}, &add_yara_rules},
        std::pair{std::string_view{"getYaraRules"}, &get_yara_rules},
        std::pair{std::string_view{"removeYaraRules"}, &remove_yara_rules},
        std::pair{std::string_view{"listUsers"}, &list_users},
        std::pair{std::string_view{"addUser"}, &add_user},
        std::pair{std::string_view{"changeUser"}, &change_user},
        std::pair{std::string_view{"getSettings"}, &get_settings},
        std::pair{std::string_view{"applySettings"}, &apply_settings},
        std::pair{std::string_view{"getTlsCertificate"}, &get_tls_certificate},
        std::pair{std::string_view{"uploadTlsCertificate"}, &upload_tls_certificate},
        std::pair{std::string_view{"getStatus"}, &get_status},
        std::pair{std::string_view{"streamEvents"}, &stream_events},
    };
    const auto* const found =
        std::ranges::find(handlers, operation, [](const auto& row) { return row.first; });
    return found == handlers.end() ? nullptr : found->second;
}

} // namespace watchpost::api
