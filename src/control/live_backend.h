// The API's Backend over the links to collector and pipeline. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>

#include "api/backend.h"
#include "control/rule_files.h"
#include "control/service_board.h"
#include "diag/log.h"
#include "hub/listener.h"
#include "secrets/sealed_box.h"
#include "store/store.h"

namespace watchpost::control {

class LiveBackend final : public api::Backend {
public:
    /// All of them outlive it; attach() comes before the first call.
    LiveBackend(const store::Store& store, ServiceBoard& board, RuleFiles& rules,
                const secrets::PublicKey& collector_key, const diag::Log& log)
        : store_{store}
        , board_{board}
        , rules_{rules}
        , collector_key_{collector_key}
        , log_{log}
    {
    }

    void attach(hub::Listener& listener) noexcept { listener_ = &listener; }

    [[nodiscard]] std::vector<api::FieldError>
    check_mailbox(const std::string& settings_json) const override;
    [[nodiscard]] base::Result<std::vector<std::string>>
    cipher_suites(const std::string& ciphers) const override;
    [[nodiscard]] std::string seal_secret(api::SecretKind kind, const std::string& settings_json,
                                          std::string_view secret) const override;
    void mailboxes_changed() override;
    [[nodiscard]] api::MailboxStatus mailbox_status(store::MailboxId id) const override;
    [[nodiscard]] base::Result<void> poll_now(store::MailboxId id) override;
    [[nodiscard]] base::Result<api::PollList> polls(store::MailboxId id) override;
    [[nodiscard]] base::Result<std::string> mail_server(store::MailboxId id) override;
    [[nodiscard]] base::Result<std::vector<api::StuckMessage>>
    stuck_messages(store::MailboxId id) override;
    [[nodiscard]] base::Result<void> fetch_again(store::MailboxId id,
                                                 const api::FetchAgainWish& wish) override;
    [[nodiscard]] base::Result<void> try_again(store::MailboxId id,
                                               const std::vector<std::string>& marks) override;
    [[nodiscard]] base::Result<api::ConnectionTest>
    test_connection(const std::string& settings_json, const std::string& sealed_secrets) override;
    [[nodiscard]] base::Result<api::DeviceState>
    begin_device_code(const std::string& settings_json, const std::string& sealed_secrets) override;
    [[nodiscard]] base::Result<api::DeviceState> ask_device_code(const std::string& id) override;
    [[nodiscard]] base::Result<std::uint32_t> check_yara(const std::string& name,
                                                         const std::string& source) override;
    void yara_files_changed() override;
    [[nodiscard]] std::uint32_t builtin_yara_rule_count() const override;
    [[nodiscard]] base::Result<std::string> kept_content(store::MessageId id,
                                                         std::uint64_t bytes_max) override;
    [[nodiscard]] base::Result<inspect::ObjectView>
    view_object(store::MessageId id, const inspect::ObjectWish& wish) override;
    [[nodiscard]] api::ServiceStatus status() const override;

    /// Tells again what could not be told for a reason of our own (a full disk); nothing where
    /// nothing is owed.
    void repeat_what_failed();

    /// How copies arrive in each mailbox, to the pipeline.
    void tell_copy_settings();

    /// The pipeline opens no file of a list before that one any more.
    void rules_are_in_use(std::uint64_t revision);

private:
    [[nodiscard]] base::Result<api::DeviceState> ask_about_device_code(std::string_view method,
                                                                       const std::string& json);
    [[nodiscard]] base::Result<std::string> ask_collector(std::string_view method,
                                                          const std::string& json);
    [[nodiscard]] base::Result<void> tell_mailboxes();
    [[nodiscard]] base::Result<void> tell_copies();
    [[nodiscard]] base::Result<void> tell_rules();
    [[nodiscard]] bool note(const std::string& step, const base::Result<void>& outcome);

    const store::Store& store_;
    ServiceBoard& board_;
    RuleFiles& rules_;
    secrets::PublicKey collector_key_;
    const diag::Log& log_;
    hub::Listener* listener_ = nullptr;
    // One after the other, so that the newest list is told last; of those below.
    std::mutex telling_;
    bool owes_mailboxes_ = false;
    bool owes_copies_ = false;
    bool owes_rules_ = false;
    std::uint64_t rules_revision_ = 0; // of the list that was told last
};

} // namespace watchpost::control
