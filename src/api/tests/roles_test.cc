// Each cell of role x operation against the running API, and that whatever it answers has the shape
// of the contract.
#include <array>
#include <map>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api.h"
#include "api/permissions.h"
#include "api/tests/contract.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::api {
namespace {

class QuietBackend : public Backend {
public:
    [[nodiscard]] std::vector<FieldError> check_mailbox(const std::string&) const override
    {
        return {{"server", "A value is needed."}};
    }
    [[nodiscard]] base::Result<std::vector<std::string>>
    cipher_suites(const std::string&) const override
    {
        return std::vector<std::string>{"TLS_AES_256_GCM_SHA384"};
    }
    [[nodiscard]] std::string seal_password(std::string_view) const override { return "sealed"; }
    void mailboxes_changed() override {}
    [[nodiscard]] MailboxStatus mailbox_status(store::MailboxId) const override { return {}; }
    [[nodiscard]] base::Result<void> poll_now(store::MailboxId) override { return {}; }
    [[nodiscard]] base::Result<ConnectionTest> test_connection(const std::string&,
                                                               const std::string&) override
    {
        return ConnectionTest{};
    }
    [[nodiscard]] base::Result<std::uint32_t> check_yara(const std::string&,
                                                         const std::string&) override
    {
        return 1U;
    }
    void yara_files_changed() override {}
    [[nodiscard]] std::uint32_t builtin_yara_rule_count() const override { return 3; }
    [[nodiscard]] base::Result<std::string> kept_content(store::MessageId, std::uint64_t) override
    {
        return std::string{"Subject: x\r\n\r\n"};
    }
    [[nodiscard]] ServiceStatus status() const override { return {}; }
};

class OneCertificate : public CertificateStore {
public:
    [[nodiscard]] ConsoleCertificate current() const override { return {}; }
    [[nodiscard]] base::Result<ConsoleCertificate> replace(const std::string&,
                                                           const std::string&) override
    {
        return ConsoleCertificate{};
    }
};

// Written from the permission table of the answered product, not from ours. A: Administrator,
// S: Senior security officer, O: Security officer, V: Security auditor.
const std::map<std::string, std::string> allowed{{"getSession", "ASOV"},
                                                 {"signOut", "ASOV"},
                                                 {"changeOwnPassword", "ASOV"},
                                                 {"listAlerts", "SOV"},
                                                 {"getAlert", "SOV"},
                                                 {"assignAlert", "SO"},
                                                 {"commentAlert", "SO"},
                                                 {"closeAlert", "SO"},
                                                 {"reopenAlert", "SO"},
                                                 {"downloadRawMessage", "SOV"},
                                                 {"listOfficers", "SOV"},
                                                 {"listSensors", "AV"},
                                                 {"getSensor", "AV"},
                                                 {"listMailboxes", "AV"},
                                                 {"addMailbox", "A"},
                                                 {"getMailbox", "AV"},
                                                 {"applyMailbox", "A"},
                                                 {"removeMailbox", "A"},
                                                 {"pollNow", "A"},
                                                 {"testConnection", "A"},
                                                 {"checkCipherString", "A"},
                                                 {"listYaraRules", "SOV"},
                                                 {"addYaraRules", "S"},
                                                 {"getYaraRules", "SOV"},
                                                 {"removeYaraRules", "S"},
                                                 {"listUsers", "AV"},
                                                 {"addUser", "A"},
                                                 {"changeUser", "A"},
                                                 {"getSettings", "AV"},
                                                 {"applySettings", "A"},
                                                 {"getTlsCertificate", "AV"},
                                                 {"uploadTlsCertificate", "A"},
                                                 {"getStatus", "ASOV"},
                                                 {"streamEvents", "ASOV"}};

std::string header_of(const http::Response& response, std::string_view name)
{
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

class ApiRoles : public testing::Test {
protected:
    const secrets::PasswordCost cost{1, 8192};
    watchpost::test::TempDir folder;
    std::unique_ptr<store::Store> store =
        store::open_sqlite_store((folder.path() / "watchpost.sqlite").string()).value();
    store::Writer writer{*store};
    QuietBackend backend;
    OneCertificate certificates;
    Api api{settings(), writer, backend, certificates, nullptr};
    test::Contract contract;

    [[nodiscard]] ApiSettings settings() const
    {
        ApiSettings all;
        all.product_version = "1.0";
        all.password_cost = cost;
        return all;
    }

    void add_account(const std::string& name, store::Role role)
    {
        store::User user;
        user.id = store::UserId::make();
        user.name = name;
        user.roles = {role};
        user.password_hash = secrets::hash_password("right password", cost);
        user.created_at = base::now();
        ASSERT_TRUE(writer.run([&](store::Store& to) { return to.add_user(user, {}); }));
    }

    http::Response sign_in(const std::string& name)
    {
        http::Request request;
        request.method = "POST";
        request.headers = {{"content-type", "application/json"}};
        request.path = "/api/v1/session";
        request.body = R"({"user":")" + name + R"(","password":"right password"})";
        return api.answer(request);
    }

    http::Response ask(const Permission& row, const std::string& name)
    {
        const auto session = sign_in(name);
        http::Request request;
        request.method = row.method;
        request.path = "/api/v1";
        bool is_inside = false;
        for (const char c : row.pattern) {
            is_inside = is_inside || c == '{';
            if (!is_inside) {
                request.path += c;
            } else if (c == '}') {
                request.path += "01ARZ3NDEKTSV4RRFFQ69G5FAV";
                is_inside = false;
            }
        }
        request.query = {{"ciphers", "HIGH"}};
        const auto cookie = header_of(session, "set-cookie");
        request.headers = {{"cookie", cookie.substr(0, cookie.find(';'))},
                           {"x-csrf-token", nlohmann::json::parse(session.body)["csrf_token"]},
                           {"content-type", "application/json"}};
        request.body = "{}";
        return api.answer(request);
    }
};

TEST_F(ApiRoles, EachCellOfTheTable)
{
    const std::array<std::pair<char, store::Role>, 4> roles{
        {{'A', store::Role::administrator},
         {'S', store::Role::senior_security_officer},
         {'O', store::Role::security_officer},
         {'V', store::Role::security_auditor}}};
    for (const auto& [letter, role] : roles) {
        add_account(std::string{letter}, role);
    }
    for (const Permission& row : permission_table().subspan(1)) { // signIn is for anybody
        const std::string operation{row.operation};
        for (const auto& [letter, role] : roles) {
            SCOPED_TRACE(operation + " as " + letter);
            const auto response = ask(row, std::string{letter});
            const bool is_permitted = allowed.at(operation).find(letter) != std::string::npos;
            EXPECT_EQ(response.status != 403, is_permitted) << response.body;
            if (!response.events) {
                EXPECT_THAT(contract.faults(operation, response.status,
                                            header_of(response, "content-type"), response.body),
                            testing::IsEmpty());
            }
        }
    }
}

TEST_F(ApiRoles, NobodyAsksAnythingWithoutASession)
{
    for (const Permission& row : permission_table().subspan(1)) {
        http::Request request;
        request.method = row.method;
        request.path = std::string{"/api/v1"}.append(row.pattern); // the braces are a segment, too
        EXPECT_EQ(api.answer(request).status, 401) << row.operation;
    }
}

} // namespace
} // namespace watchpost::api
