// What control and the collector tell each other, as JSON documents and back; docs/adr/0011.
//
// Both ends use this file. Parsers refuse (protocol_violation) what the encoders do not write;
// fields that they do not know are passed over. Functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "collector/device_codes.h"
#include "collector/mailbox_status.h"
#include "collector/step_report.h"

namespace watchpost::collector {

// Methods. Notices unless marked as calls.
inline constexpr std::string_view mailboxes_method = "mailboxes";
inline constexpr std::string_view poll_now_method = "poll_now";                   // call
inline constexpr std::string_view polls_method = "polls";                         // call
inline constexpr std::string_view server_method = "server";                       // call
inline constexpr std::string_view stuck_method = "stuck_messages";                // call
inline constexpr std::string_view try_again_method = "try_again";                 // call
inline constexpr std::string_view fetch_again_method = "fetch_again";             // call
inline constexpr std::string_view test_connection_method = "test_connection";     // call
inline constexpr std::string_view begin_device_code_method = "begin_device_code"; // call
inline constexpr std::string_view ask_device_code_method = "ask_device_code";     // call
inline constexpr std::string_view settled_method = "settled";
inline constexpr std::string_view mailbox_status_method = "mailbox_status";
inline constexpr std::string_view collected_method = "collected";
inline constexpr std::string_view unsettled_method = "unsettled"; // call
inline constexpr std::string_view collector_status_method = "collector_status";

inline constexpr std::size_t ids_per_document_max = 500;

/// A mailbox of the store as the collector gets it.
struct Assignment {
    std::string id; // of the mailbox; the ledger's name for it
    std::string name;
    std::string settings_json;   // MailboxSettings without the password
    std::string sealed_password; // to the collector's key
    std::uint64_t version = 0;   // raised by every Apply
    std::uint32_t generation = 1;

    friend bool operator==(const Assignment&, const Assignment&) = default;
};

struct TestRequest {
    std::string settings_json;
    std::string sealed_password;
};

struct TryAgain {
    std::string mailbox;
    std::vector<std::string> marks; // of messages; none: all
};

struct FetchAgainCall {
    std::string mailbox;
    FetchAgainWish wish;
};

struct StatusOfMailbox {
    std::string mailbox; // its id
    MailboxStatus status;
};

struct CollectorStatus {
    std::uint64_t spool_octets = 0;
    std::uint64_t spool_octets_max = 0; // 0: no limit
    bool is_paused = false;             // for want of room: a warning says of which
    std::vector<std::string> warnings;

    friend bool operator==(const CollectorStatus&, const CollectorStatus&) = default;
};

/// {"items":[…]}; settings that are no JSON are sent as null and refused at the other end.
[[nodiscard]] std::string encode_mailboxes(const std::vector<Assignment>& assignments);
[[nodiscard]] base::Result<std::vector<Assignment>> parse_mailboxes(const std::string& json);

/// {"mailbox":…}, of all calls that are about one mailbox and nothing else.
[[nodiscard]] std::string encode_mailbox(std::string_view mailbox);
[[nodiscard]] base::Result<std::string> parse_mailbox(const std::string& json);

[[nodiscard]] std::string encode_try_again(const TryAgain& request);
[[nodiscard]] base::Result<TryAgain> parse_try_again(const std::string& json);

[[nodiscard]] std::string encode_fetch_again(const FetchAgainCall& call);
[[nodiscard]] base::Result<FetchAgainCall> parse_fetch_again(const std::string& json);

[[nodiscard]] std::string encode_test_request(const TestRequest& request);
[[nodiscard]] base::Result<TestRequest> parse_test_request(const std::string& json);
[[nodiscard]] std::string encode_test_report(const TestReport& report);
[[nodiscard]] base::Result<TestReport> parse_test_report(const std::string& json);

[[nodiscard]] std::string encode_device_id(const std::string& id);
[[nodiscard]] base::Result<std::string> parse_device_id(const std::string& json);
[[nodiscard]] std::string encode_device_state(const DeviceState& state);
[[nodiscard]] base::Result<DeviceState> parse_device_state(const std::string& json);

[[nodiscard]] std::string encode_mailbox_status(const StatusOfMailbox& status);
[[nodiscard]] base::Result<StatusOfMailbox> parse_mailbox_status(const std::string& json);

[[nodiscard]] std::string encode_collected(std::uint64_t count);
[[nodiscard]] base::Result<std::uint64_t> parse_collected(const std::string& json);

/// {"ids":[…]}, of settled and unsettled; {"recorded":[…]}, the answer to unsettled. Texts of ids
/// as they are: whoever reads them parses them.
[[nodiscard]] std::string encode_ids(const std::vector<std::string>& ids);
[[nodiscard]] base::Result<std::vector<std::string>> parse_ids(const std::string& json);
[[nodiscard]] std::string encode_recorded(const std::vector<std::string>& ids);
[[nodiscard]] base::Result<std::vector<std::string>> parse_recorded(const std::string& json);

[[nodiscard]] std::string encode_collector_status(const CollectorStatus& status);
[[nodiscard]] base::Result<CollectorStatus> parse_collector_status(const std::string& json);

} // namespace watchpost::collector
