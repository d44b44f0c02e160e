// An API over a real store, with a double of the running service and a short way to ask it.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "api/api.h"
#include "diag/log.h"
#include "os/unique_fd.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::api {

/// Answers what a test puts in and remembers what it was told.
class BackendDouble final : public Backend {
public:
    [[nodiscard]] std::vector<FieldError> check_mailbox(const std::string& json) const override
    {
        const auto settings = nlohmann::json::parse(json);
        return settings.value("server", "").empty()
                   ? std::vector<FieldError>{{"server", "A value is needed."}}
                   : std::vector<FieldError>{};
    }
    [[nodiscard]] base::Result<std::vector<std::string>>
    cipher_suites(const std::string& ciphers) const override
    {
        if (ciphers == "NONSENSE") {
            return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                              "no cipher match");
        }
        return std::vector<std::string>{"TLS_AES_256_GCM_SHA384"};
    }
    [[nodiscard]] std::string seal_secret(SecretKind /*kind*/, const std::string& /*settings*/,
                                          std::string_view secret) const override
    {
        return "sealed:" + std::string{secret};
    }
    [[nodiscard]] base::Result<DeviceState> begin_device_code(const std::string& settings,
                                                              const std::string& sealed) override
    {
        device_settings = settings;
        tested_password = sealed;
        return DeviceState{.id = "flow",
                           .user_code = "ABCD-EFGH",
                           .verification_uri = "https://login.example/device",
                           .expires_in_s = 900,
                           .interval_s = 5};
    }
    [[nodiscard]] base::Result<DeviceState> ask_device_code(const std::string& id) override
    {
        return DeviceState{.outcome = DeviceState::Outcome::granted,
                           .sealed_token =
                               collector::to_sealed_token(device_settings, "box-of-" + id)};
    }
    void mailboxes_changed() override { ++mailbox_changes; }
    [[nodiscard]] MailboxStatus mailbox_status(store::MailboxId /*id*/) const override
    {
        return mailbox;
    }
    [[nodiscard]] base::Result<void> poll_now(store::MailboxId /*id*/) override { return {}; }
    [[nodiscard]] base::Result<PollList> polls(store::MailboxId /*id*/) override
    {
        return poll_list;
    }
    [[nodiscard]] base::Result<std::string> mail_server(store::MailboxId /*id*/) override
    {
        return server;
    }
    [[nodiscard]] base::Result<std::vector<StuckMessage>>
    stuck_messages(store::MailboxId /*id*/) override
    {
        return stuck;
    }
    [[nodiscard]] base::Result<void> fetch_again(store::MailboxId /*id*/,
                                                 const FetchAgainWish& wish) override
    {
        fetched_again = wish;
        return {};
    }
    [[nodiscard]] base::Result<void> try_again(store::MailboxId /*id*/,
                                               const std::vector<std::string>& marks) override
    {
        tried_again = marks;
        return {};
    }
    [[nodiscard]] base::Result<ConnectionTest> test_connection(const std::string& /*settings*/,
                                                               const std::string& sealed) override
    {
        tested_password = sealed;
        return ConnectionTest{true, {{"resolve", StepOutcome::ok, "127.0.0.1"}}, 3, 4'096};
    }
    [[nodiscard]] base::Result<std::uint32_t> check_yara(const std::string& /*name*/,
                                                         const std::string& source) override
    {
        if (source == "broken") {
            return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                              "line 1: syntax error");
        }
        return 2U;
    }
    void yara_files_changed() override { ++yara_changes; }
    [[nodiscard]] std::uint32_t builtin_yara_rule_count() const override { return builtin_rules; }
    [[nodiscard]] base::Result<std::string> kept_content(store::MessageId id,
                                                         std::uint64_t /*bytes_max*/) override
    {
        const auto found = content.find(id.to_string());
        if (found == content.end()) {
            return base::fail(base::ErrorCode::not_found, base::Retry::never, "removed");
        }
        return found->second;
    }
    [[nodiscard]] base::Result<inspect::ObjectView>
    view_object(store::MessageId id, const inspect::ObjectWish& wish) override
    {
        if (!content.contains(id.to_string())) {
            return base::fail(base::ErrorCode::not_found, base::Retry::never, "removed");
        }
        wished = wish;
        return view_of(wish.form);
    }
    [[nodiscard]] ServiceStatus status() const override { return service; }

    std::uint32_t builtin_rules = 0;
    int mailbox_changes = 0;
    int yara_changes = 0;
    std::string device_settings;
    std::string tested_password;
    MailboxStatus mailbox;
    PollList poll_list;
    std::string server = "{}";
    std::vector<StuckMessage> stuck;
    std::vector<std::string> tried_again;
    std::optional<FetchAgainWish> fetched_again;
    ServiceStatus service;
    std::map<std::string, std::string> content;
    std::optional<inspect::ObjectWish> wished;
    std::function<base::Result<inspect::ObjectView>(inspect::ViewForm)> view_of =
        [](inspect::ViewForm form) -> base::Result<inspect::ObjectView> {
        inspect::ObjectView view;
        view.form = form;
        view.real_type = "text/plain";
        view.size = 5;
        view.content = {std::byte{'h'}, std::byte{'e'}, std::byte{'l'}, std::byte{'l'},
                        std::byte{'o'}};
        return view;
    };
};

class CertificateDouble final : public CertificateStore {
public:
    [[nodiscard]] ConsoleCertificate current() const override { return certificate; }
    [[nodiscard]] base::Result<ConsoleCertificate> replace(const std::string& pem,
                                                           const std::string& /*key*/) override
    {
        if (pem == "broken") {
            return base::fail(base::ErrorCode::invalid_argument, base::Retry::never, "no PEM");
        }
        return certificate;
    }
    ConsoleCertificate certificate{
        "CN=localhost", "CN=localhost", {"localhost"}, {}, {}, std::string(64, 'a'), true};
};

/// What came back, with its body as JSON where it is some.
struct Reply {
    int status = 0;
    nlohmann::json json;
    http::Response raw;

    [[nodiscard]] std::string code() const
    {
        return json.is_object() ? json.value("code", "") : "";
    }
};

/// A cookie and its CSRF token.
struct Jar {
    std::string cookie;
    std::string csrf;
};

class ApiTest : public testing::Test {
protected:
    static constexpr const char* password = "correct horse battery";

    ApiTest() { start_api(nullptr); }

    /// Anew, as after a restart; `to` may be null.
    void start_api(const diag::Log* to)
    {
        ApiSettings settings;
        settings.product_version = "1.2.3";
        settings.password_cost = cheap();
        api = std::make_unique<Api>(settings, writer, backend, certificates, nullptr, to);
    }
    void start_logging() { start_api(&log); }
    [[nodiscard]] std::string logged() const
    {
        return watchpost::test::read_file(folder.path() / "log");
    }

    static secrets::PasswordCost cheap() { return {1, std::size_t{8} << 10U}; }

    store::User add_user(const std::string& name, std::vector<store::Role> roles)
    {
        store::User user;
        user.id = store::UserId::make();
        user.name = name;
        user.roles = std::move(roles);
        user.password_hash = secrets::hash_password(password, cheap());
        user.created_at = base::now();
        EXPECT_TRUE(writer.run([&](store::Store& target) { return target.add_user(user, {}); }));
        return user;
    }

    store::AlertId raise(const std::string& subject = "Invoice",
                         store::MessageRecord record = {}) // how it arrived, if not as it was sent
    {
        record.id = store::MessageId::make();
        record.received_at = base::now();
        record.inspected_at = record.received_at;
        record.subject = subject;
        record.sender = "mallory@evil.example";
        record.recipients = {"alice@example.org"};
        record.is_detected = true;
        record.importance = verdict::Importance::high;
        record.sentence = "Malware was found.";
        record.engines = {"yara"};
        record.report_json =
            R"({"findings":[{"id":"yara.match","engine":"yara","rule":"r","importance":"high",)"
            R"("part":"1","reading":"strict","detail":"d"}],"not_inspected":[],"defects":[],)"
            R"("parts":[],"message":{}})";
        record.content_kept = true;
        backend.content[record.id.to_string()] = "Subject: x\r\n\r\n";
        return writer.run([&](store::Store& target) { return target.record(record); })
            .value()
            .alert.value();
    }

    Reply ask(const Jar& jar, const std::string& method, const std::string& path,
              const std::string& body = {}, http::NamedValues query = {})
    {
        http::Request request;
        request.method = method;
        request.path = "/api/v1" + path;
        request.query = std::move(query);
        request.body = body;
        request.peer_address = "192.0.2.1";
        request.headers = {{"cookie", "watchpost_session=" + jar.cookie},
                           {"x-csrf-token", jar.csrf},
                           {"content-type", "application/json"}};
        auto response = api->answer(std::move(request));
        return {response.status, nlohmann::json::parse(response.body, nullptr, false),
                std::move(response)};
    }

    Reply try_to_sign_in(const std::string& name, const std::string& secret = password)
    {
        return ask({}, "POST", "/session",
                   nlohmann::json{{"user", name}, {"password", secret}}.dump());
    }

    Jar sign_in(const std::string& name, const std::string& secret = password)
    {
        const auto reply = try_to_sign_in(name, secret);
        EXPECT_EQ(reply.status, 200) << reply.json;
        for (const auto& [header, value] : reply.raw.headers) {
            if (header == "set-cookie") {
                const auto begin = value.find('=') + 1;
                return {value.substr(begin, value.find(';') - begin), reply.json["csrf_token"]};
            }
        }
        return {};
    }

    Jar officer()
    {
        add_user("officer", {store::Role::senior_security_officer});
        return sign_in("officer");
    }
    Jar administrator()
    {
        add_user("root", {store::Role::administrator});
        return sign_in("root");
    }

    watchpost::test::TempDir folder;
    std::unique_ptr<store::Store> store =
        store::open_sqlite_store((folder.path() / "watchpost.sqlite").string()).value();
    store::Writer writer{*store};
    BackendDouble backend;
    CertificateDouble certificates;
    os::UniqueFd log_file{
        ::open((folder.path() / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    diag::Log log{"control", log_file.get()};
    std::unique_ptr<Api> api;
};

} // namespace watchpost::api
