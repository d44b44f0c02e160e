// The REST API of schema/openapi.yaml, and the console's files beside it.
//
// handle() may be called on the loop thread: it hands the request to threads of its own, apart by
// what they wait for (request_pools.h). Every request is signed in, permitted
// (permissions.h) and checked before a handler sees it. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "api/asset_source.h"
#include "api/backend.h"
#include "api/certificate_store.h"
#include "api/sessions.h"
#include "base/error.h"
#include "diag/log.h"
#include "http/message.h"
#include "http/server.h"
#include "secrets/password.h"
#include "store/writer.h"

namespace watchpost::api {

struct ApiSettings {
    std::string product_version;
    bool is_demo = false;
    SessionLimits sessions;
    secrets::PasswordCost password_cost;
    std::uint32_t failed_sign_ins_max = 5; // in a row; then the name is locked …
    std::chrono::minutes lock_time{15};    // … for so long
    std::size_t event_streams_max = 200;
};

class Api {
public:
    /// All of them outlive the API; `assets` and `log` may be null.
    Api(const ApiSettings& settings, store::Writer& writer, Backend& backend,
        CertificateStore& certificates, const AssetSource* assets, const diag::Log* log = nullptr);
    ~Api(); // waits for what is being answered; what waits for its turn gets 503
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    void handle(http::Request request, http::Responder responder);

    /// Answers on the calling thread; blocks.
    [[nodiscard]] http::Response answer(http::Request request);

    // For the live updates.
    void on_alert(store::AlertId id);
    void on_mailbox(store::MailboxId id);
    void on_mailboxes(); // all of them: whoever collects them has come or gone
    void on_status();

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// The contract's Status, for `watchpost status --json`.
[[nodiscard]] std::string status_as_json(const ServiceStatus& status);

/// The answer of listMailboxes, for `watchpost mailbox list`.
[[nodiscard]] base::Result<std::string> mailboxes_as_json(const store::Store& store,
                                                          const Backend& backend);

/// What fetchAgain and endFetchAgain do, for `watchpost mailbox fetch-again` too; with its audit
/// row.
[[nodiscard]] base::Result<void> ask_to_fetch_again(store::Writer& writer, Backend& backend,
                                                    store::MailboxId id, const FetchAgainWish& wish,
                                                    const store::Actor& actor);

/// The account "admin" with a password that has to be changed, where there is no account yet: its
/// password, to be shown once.
[[nodiscard]] base::Result<std::optional<std::string>>
make_first_account(store::Writer& writer, const secrets::PasswordCost& cost = {});

/// A new one-time password for an account; ends its sessions and its lock.
[[nodiscard]] base::Result<std::string> reset_password(store::Writer& writer,
                                                       const std::string& name,
                                                       const store::Actor& actor,
                                                       const secrets::PasswordCost& cost = {});

} // namespace watchpost::api
