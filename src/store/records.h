// What the store takes and gives: plain structs, one group a subject. Texts are valid UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/ids.h"
#include "verdict/finding.h"

namespace watchpost::store {

// --- Messages and alerts -------------------------------------------------------------------------

enum class AlertState : std::uint8_t { fresh, in_process, processed };

[[nodiscard]] std::string_view
to_string(AlertState state) noexcept; // "new", "in_process", "processed"
[[nodiscard]] std::optional<AlertState> parse_alert_state(std::string_view text) noexcept;

/// One inspected message as the pipeline hands it over. Recorded once a spool id, however often it
/// comes.
struct MessageRecord {
    MessageId id;
    std::optional<MessageId>
        refetched_as; // its spool id when it was fetched again: id is the first
    MailboxId mailbox;
    base::Instant received_at{};
    base::Instant inspected_at{};
    std::uint64_t octets = 0;
    std::string sha256; // hexadecimal, of the raw message
    std::string message_id_field;
    std::string sender;
    std::vector<std::string> recipients;       // To, Cc and Bcc
    std::vector<std::string> blind_recipients; // those of them that are Bcc
    std::string subject;
    std::string copy_form;    // "journal_report" … (docs/copies.md); empty: came as it was sent
    std::string arrived_from; // who sent the carrier, with a copy_form
    bool is_detected = false;
    bool is_partial = false;
    bool awaits_reinspection = false; // an engine that is on was down
    verdict::Importance importance = verdict::Importance::none;
    std::string sentence;             // of the most important finding
    std::vector<std::string> engines; // that found something
    std::vector<std::string> rules;
    std::string report_json; // the line of `scan --json`, without the file name
    bool content_kept = false;
};

/// A recorded message that waits for an engine that was down.
struct AwaitingMessage {
    MessageId id;
    MailboxId mailbox;

    friend bool operator==(const AwaitingMessage&, const AwaitingMessage&) = default;
};

struct Recorded {
    bool is_new = false; // the message was not recorded before, or its alert was raised or reopened
    std::optional<AlertId> alert; // raised now, or before
};

struct Alert {
    AlertId id;
    MessageId message;
    MailboxId mailbox;
    std::string mailbox_name;
    NodeId node;
    AlertState state = AlertState::fresh;
    verdict::Importance importance = verdict::Importance::low;
    bool is_partial = false;
    base::Instant created_at{};
    base::Instant updated_at{};
    base::Instant received_at{};
    std::string sentence;
    std::string sender;
    std::vector<std::string> recipients;
    std::vector<std::string> blind_recipients;
    std::string subject;
    std::string copy_form;
    std::string arrived_from;
    std::vector<std::string> engines;
    std::optional<UserId> assignee;
    std::string assignee_name;
};

enum class AlertAction : std::uint8_t {
    raised,
    assigned,
    commented,
    closed,
    reopened,
    raw_downloaded,
    inspected_again,
    object_downloaded
};

struct HistoryEntry {
    base::Instant at{};
    AlertAction action = AlertAction::raised;
    std::optional<UserId> user;
    std::string user_name;
    std::optional<UserId> assignee;
    std::string assignee_name;
    std::string comment;
};

struct AlertDetail {
    Alert alert;
    std::uint64_t octets = 0;
    std::string sha256;
    bool content_kept = false;
    std::string report_json;
    std::vector<HistoryEntry> history; // oldest first
};

enum class AlertOrder : std::uint8_t { created_desc, created_asc, importance_desc };

/// All filters that are set must hold; words are matched by prefix in the full-text index.
struct AlertQuery {
    std::vector<AlertState> states; // empty: any
    std::vector<verdict::Importance> importances;
    std::vector<std::string> engines;
    std::optional<bool> is_partial;
    std::optional<UserId> assignee;
    bool is_unassigned = false;
    std::string sender_words;
    std::string recipient_words;
    std::string subject_words;
    std::string any_words;
    std::optional<base::Instant> created_from;
    std::optional<base::Instant> created_to;
    AlertOrder order = AlertOrder::created_desc;
    std::string cursor; // next_cursor of the page before; another query's cursor is refused
    std::uint32_t limit = 50;
};

struct AlertPage {
    static constexpr std::uint64_t total_max = 1'000; // counted no further: shown as "1,000+"

    std::vector<Alert> items;
    std::string next_cursor; // empty on the last page
    std::uint64_t total = 0;
    bool total_is_capped = false;
};

/// A step in an alert's life. The store checks that the state allows it (ErrorCode::busy
/// otherwise).
struct AlertChange {
    AlertAction action = AlertAction::commented;
    std::optional<UserId> assignee; // for assigned
    std::string comment;
};

// --- Accounts ------------------------------------------------------------------------------------

enum class Role : std::uint8_t {
    administrator,
    senior_security_officer,
    security_officer,
    security_auditor
};

[[nodiscard]] std::string_view to_string(Role role) noexcept;
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;

struct User {
    UserId id;
    std::string name; // unique, case-sensitive
    std::vector<Role> roles;
    bool is_enabled = true;
    bool must_change_password = false;
    std::string password_hash;
    base::Instant created_at{};
    std::optional<base::Instant> last_sign_in_at;
    std::uint32_t failed_sign_ins = 0;
    std::optional<base::Instant> locked_until;
    std::uint64_t session_epoch = 0; // raised to end all sessions of the account
};

// --- Mailboxes -----------------------------------------------------------------------------------

/// A POP3 integration as it was applied. `settings_json` is the MailboxSettings of the API without
/// the password.
struct MailboxRecord {
    MailboxId id;
    NodeId node;
    std::string name;
    std::string settings_json;
    std::string sealed_password; // boxes for the collector's key (SealedSecrets); empty: none set
    std::uint64_t version = 0;   // raised by every Apply; a stale one is refused (ErrorCode::busy)
    std::uint32_t generation = 1;
};

// --- YARA files, settings, audit ----------------------------------------------------------------

struct YaraFile {
    YaraFileId id;
    std::string name; // unique
    std::string source;
    std::uint32_t rule_count = 0;
    verdict::Importance importance = verdict::Importance::high;
    base::Instant created_at{};
    std::optional<UserId> created_by;
    std::string created_by_name;
};

struct AuditRow {
    base::Instant at{};
    Actor actor;
    std::string action; // "mailbox.applied", "user.added", "session.refused" …
    std::string object; // id or name of what was changed
    std::string detail; // JSON, never a secret
};

} // namespace watchpost::store
