// What the REST handlers ask of the running service: the collector, the pipeline, the supervisor.
//
// Implemented by control over its links to those processes; tests bring a second one. Calls block
// until the answer is there or their deadline passes (ErrorCode::timed_out), or the process is away
// (ErrorCode::busy, Retry::later). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "collector/device_codes.h"
#include "collector/fetch_again.h"
#include "collector/mailbox_password.h"
#include "collector/mailbox_status.h"
#include "collector/poll_history.h"
#include "collector/step_report.h"
#include "inspect/object_view.h"
#include "store/records.h"

namespace watchpost::api {

// As the collector tells them; the shapes of the contract.
using collector::DeviceState;
using collector::FetchAgainWish;
using collector::MailboxState;
using collector::MailboxStatus;
using collector::PollList;
using collector::PollRecord;
using collector::SecretKind;
using collector::StepOutcome;
using collector::StuckMessage;
using TestStep = collector::StepReport;
using ConnectionTest = collector::TestReport;

struct FieldError {
    std::string field; // the property of MailboxSettings
    std::string message;
};

struct ProcessStatus {
    std::string name;
    int pid = 0;
    std::string state; // "starting", "running", "restarting", "stopped"
    std::uint32_t restarts = 0;
    std::optional<base::Instant> since;
    std::string last_exit;
};

struct EngineStatus {
    std::string name;
    std::string state; // "on", "off", "down"
    std::string version;
    std::string last_error;
};

struct ServiceStatus {
    std::string version;
    base::Instant started_at{};
    std::vector<ProcessStatus> processes;
    std::vector<EngineStatus> engines;
    std::uint64_t backlog = 0;
    std::uint64_t awaiting_reinspection = 0;
    std::optional<base::Instant> oldest_at;
    std::uint64_t disk_free_bytes = 0;
    std::uint64_t disk_total_bytes = 0;
    std::uint64_t spool_bytes = 0;
    std::uint64_t spool_bytes_max = 0; // 0: no limit
    bool is_collecting_paused = false; // for want of room
    std::vector<std::string> warnings;
};

class Backend {
public:
    virtual ~Backend() = default;
    Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    /// Checks MailboxSettings (JSON of the API) as the collector would: every field that is wrong.
    [[nodiscard]] virtual std::vector<FieldError>
    check_mailbox(const std::string& settings_json) const = 0;
    /// Suites that a cipher string results in; the error says what OpenSSL minds.
    [[nodiscard]] virtual base::Result<std::vector<std::string>>
    cipher_suites(const std::string& ciphers) const = 0;
    /// Seals a secret to the collector's public key, for these settings alone.
    [[nodiscard]] virtual std::string seal_secret(SecretKind kind, const std::string& settings_json,
                                                  std::string_view secret) const = 0;
    /// The stored mailboxes changed: the collector takes them over at once, running polls drain.
    virtual void mailboxes_changed() = 0;
    [[nodiscard]] virtual MailboxStatus mailbox_status(store::MailboxId id) const = 0;
    [[nodiscard]] virtual base::Result<void> poll_now(store::MailboxId id) = 0;
    /// The last polls, as the collector keeps them.
    [[nodiscard]] virtual base::Result<PollList> polls(store::MailboxId id) = 0;
    /// MailServer of the contract, as the collector keeps it; {} before the first log-in.
    [[nodiscard]] virtual base::Result<std::string> mail_server(store::MailboxId id) = 0;
    /// Messages that the server cannot give out.
    [[nodiscard]] virtual base::Result<std::vector<StuckMessage>>
    stuck_messages(store::MailboxId id) = 0;
    /// Durable with the collector on return; the poll that begins with it is due at once.
    [[nodiscard]] virtual base::Result<void> fetch_again(store::MailboxId id,
                                                         const FetchAgainWish& wish) = 0;
    /// They are asked for again, at once; none named: all.
    [[nodiscard]] virtual base::Result<void> try_again(store::MailboxId id,
                                                       const std::vector<std::string>& marks) = 0;
    [[nodiscard]] virtual base::Result<ConnectionTest>
    test_connection(const std::string& settings_json, const std::string& sealed_secrets) = 0;
    /// A device code for a refresh token, and whether it was entered.
    [[nodiscard]] virtual base::Result<DeviceState>
    begin_device_code(const std::string& settings_json, const std::string& sealed_secrets) = 0;
    [[nodiscard]] virtual base::Result<DeviceState> ask_device_code(const std::string& id) = 0;

    /// Compiles a rule file in the sandbox: the number of its rules, or the compiler's messages.
    [[nodiscard]] virtual base::Result<std::uint32_t> check_yara(const std::string& name,
                                                                 const std::string& source) = 0;
    /// The stored rule files changed: inspectors take them over before the next message.
    virtual void yara_files_changed() = 0;
    [[nodiscard]] virtual std::uint32_t builtin_yara_rule_count() const = 0;

    /// The raw message as kept; not_found where retention removed it. At most `bytes_max`.
    [[nodiscard]] virtual base::Result<std::string> kept_content(store::MessageId id,
                                                                 std::uint64_t bytes_max) = 0;

    /// One object of the kept message, taken out anew in the sandbox. not_found where the message
    /// is no longer kept or does not have it; busy (later), timed_out, engine_failed.
    [[nodiscard]] virtual base::Result<inspect::ObjectView>
    view_object(store::MessageId id, const inspect::ObjectWish& wish) = 0;

    [[nodiscard]] virtual ServiceStatus status() const = 0;
};

} // namespace watchpost::api
