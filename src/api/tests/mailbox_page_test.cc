// What the page of a mailbox asks the API: polls, the server, what is set aside, try again, fetch
// again. Each answer has the shape of the contract, each role gets what its cell says.
#include <array>

#include <gmock/gmock.h>

#include "api/tests/api_fixture.h"
#include "api/tests/contract.h"
#include "collector/server_view.h"
#include "spool/state_store.h"

namespace watchpost::api {
namespace {

using store::Role;
using testing::IsEmpty;

class MailboxPage : public ApiTest {
protected:
    void SetUp() override
    {
        const nlohmann::json settings{
            {"name", "Copies"}, {"enabled", true},       {"server", "mail.example.org"},
            {"port", 995},      {"receive_every_s", 60}, {"use_tls", true},
            {"user", "copies"}, {"password", "geheim"}};
        const auto added = ask(admin, "POST", sensor + "/mailboxes", settings.dump());
        ASSERT_EQ(added.status, 201) << added.json;
        path = sensor + "/mailboxes/" + added.json["id"].get<std::string>();
    }
    static std::string faults(const std::string& operation, const Reply& reply)
    {
        static const test::Contract contract;
        std::string type;
        for (const auto& [name, value] : reply.raw.headers) {
            type = name == "content-type" ? value : type;
        }
        return testing::PrintToString(
            contract.faults(operation, reply.status, type, reply.raw.body));
    }
    /// action and detail of the newest audit row
    std::pair<std::string, std::string> audited()
    {
        const auto row = store->audit_rows(1).value().at(0);
        return {row.action, row.detail};
    }

    Jar admin = administrator();
    std::string sensor = "/sensors/" + store->this_node().to_string();
    std::string path; // of the mailbox
};

/// Holds the one value that the collector keeps of a server.
class OneValue final : public spool::StateStore {
public:
    [[nodiscard]] std::optional<std::string> get(std::string_view /*name*/) const override
    {
        return value;
    }
    [[nodiscard]] base::Result<void> put(std::string_view /*name*/, std::string_view text) override
    {
        value = text;
        return {};
    }
    [[nodiscard]] base::Result<void>
    forget_if(const std::function<bool(std::string_view)>& /*is_over*/) override
    {
        return {};
    }
    std::string value;
};

/// As the collector writes it.
std::string server_as_kept()
{
    collector::PollReport report;
    report.has_logged_in = true;
    report.link.step = collector::LinkStep::done;
    report.link.peer_address = "192.0.2.7:995";
    report.link.is_encrypted = true;
    report.link.tls.version = "TLSv1.3";
    report.link.tls.cipher = "TLS_AES_256_GCM_SHA384";
    report.link.capabilities.lines = {"UIDL", "SASL PLAIN"};
    net::CertificateInfo certificate;
    certificate.subject = "CN=mail.example.org";
    certificate.issuer = "CN=A CA";
    certificate.not_before = "2026-01-01T00:00:00Z";
    certificate.not_after = "2026-12-01T00:00:00Z";
    report.link.tls.chain = {certificate};
    report.learned = {"its sizes are estimates"};
    OneValue store;
    EXPECT_TRUE(collector::keep_server_view(store, "box", report,
                                            base::parse_rfc3339("2026-11-24T06:00:00Z").value()));
    return collector::load_server_view(store, "box");
}

TEST_F(MailboxPage, TheServerIsShownInTheShapeOfTheContract)
{
    backend.server = server_as_kept();
    const auto reply = ask(admin, "GET", path + "/server");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(faults("getMailServer", reply), "{}");
    EXPECT_EQ(reply.json["chain"][0]["subject"], "CN=mail.example.org");
    EXPECT_EQ(reply.json["learned"][0], "its sizes are estimates");
    EXPECT_THAT(reply.json["certificate_warning"].get<std::string>(),
                testing::HasSubstr("in 6 days"));
}

TEST_F(MailboxPage, BeforeTheFirstLogInNothingIsKnownOfTheServer)
{
    const auto reply = ask(admin, "GET", path + "/server");
    EXPECT_EQ(reply.raw.body, "{}");
    EXPECT_EQ(faults("getMailServer", reply), "{}");
}

TEST_F(MailboxPage, WhatFailsIsShownInTheShapeOfTheContract)
{
    StuckMessage set_aside;
    set_aside.mark = "0123456789abcdef";
    set_aside.uid = "uid <script>";
    set_aside.octets = 4'096;
    set_aside.attempts = collector::StuckMessages::attempts_max;
    set_aside.last_at = base::now();
    set_aside.reason = "-ERR it is broken";
    StuckMessage waits = set_aside;
    waits.attempts = 2;
    waits.is_suspect = true;
    backend.stuck = {set_aside, waits};
    const auto reply = ask(admin, "GET", path + "/stuck-messages");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(faults("listStuckMessages", reply), "{}");
    EXPECT_EQ(reply.json["items"][0]["set_aside"], true);
    EXPECT_FALSE(reply.json["items"][0].contains("next_at"));
    EXPECT_TRUE(reply.json["items"][1].contains("next_at"));
    EXPECT_EQ(reply.json["items"][1]["suspect"], true);
}

TEST_F(MailboxPage, ThePollsAreShownInTheShapeOfTheContract)
{
    PollRecord record;
    record.fetched_again = 12;
    backend.poll_list = {{record}, 0};
    const auto reply = ask(admin, "GET", path + "/polls");
    EXPECT_EQ(faults("listPolls", reply), "{}");
    EXPECT_EQ(reply.json["items"][0]["fetched_again"], 12);
}

TEST_F(MailboxPage, TryAgainTakesMarksOrAll)
{
    const auto some =
        ask(admin, "POST", path + "/stuck-messages/try-again", R"({"marks":["0123456789abcdef"]})");
    EXPECT_EQ(some.status, 202);
    EXPECT_EQ(faults("tryAgain", some), "{}");
    EXPECT_EQ(backend.tried_again, std::vector<std::string>{"0123456789abcdef"});
    EXPECT_EQ(ask(admin, "POST", path + "/stuck-messages/try-again", "{}").status, 202);
    EXPECT_THAT(backend.tried_again, IsEmpty());
    const auto bad = ask(admin, "POST", path + "/stuck-messages/try-again", R"({"marks":[]})");
    EXPECT_EQ(bad.status, 422);
    EXPECT_EQ(faults("tryAgain", bad), "{}");
}

TEST_F(MailboxPage, AllOrTheLastAreFetchedAgain)
{
    const auto all = ask(admin, "POST", path + "/fetch-again", "{}");
    EXPECT_EQ(all.status, 202);
    EXPECT_EQ(faults("fetchAgain", all), "{}");
    EXPECT_EQ(backend.fetched_again->which, FetchAgainWish::Which::all);
    EXPECT_EQ(audited(), (std::pair<std::string, std::string>{"mailbox.fetch_again", "{}"}));
    EXPECT_EQ(ask(admin, "POST", path + "/fetch-again", R"({"last":7})").status, 202);
    EXPECT_EQ(backend.fetched_again->which, FetchAgainWish::Which::last);
    EXPECT_EQ(backend.fetched_again->last, 7U);
    EXPECT_EQ(audited().second, R"({"last":7})");
}

TEST_F(MailboxPage, WhatIsNoNumberOfMessagesIsRefused)
{
    for (const char* const body :
         {"", "[]", "7", R"({"last":0})", R"({"last":10001})", R"({"last":-1})", R"({"last":1.5})",
          R"({"last":"7"})", R"({"last":7,"x":1})", R"({"all":true})"}) {
        const auto reply = ask(admin, "POST", path + "/fetch-again", body);
        EXPECT_EQ(reply.status, 422) << body;
        EXPECT_EQ(reply.json["fields"][0]["field"], "last") << body;
        EXPECT_EQ(faults("fetchAgain", reply), "{}");
    }
    EXPECT_FALSE(backend.fetched_again);
}

TEST_F(MailboxPage, FetchingAgainCanBeEnded)
{
    const auto reply = ask(admin, "DELETE", path + "/fetch-again");
    EXPECT_EQ(reply.status, 202);
    EXPECT_EQ(faults("endFetchAgain", reply), "{}");
    EXPECT_EQ(backend.fetched_again->which, FetchAgainWish::Which::none);
    EXPECT_EQ(audited().first, "mailbox.fetch_again_ended");
}

TEST_F(MailboxPage, WhatIsFetchedAgainShowsInTheStatus)
{
    backend.mailbox.fetch_again = {base::now(), 100, 40};
    const auto reply = ask(admin, "GET", path);
    EXPECT_EQ(faults("getMailbox", reply), "{}");
    EXPECT_EQ(reply.json["status"]["fetch_again"]["last"], 100);
    EXPECT_EQ(reply.json["status"]["fetch_again"]["left"], 40);
}

TEST_F(MailboxPage, OfAMailboxThatIsNotThereNothingIsSaidOrDone)
{
    const auto none = sensor + "/mailboxes/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    for (const char* const end : {"/polls", "/server", "/stuck-messages"}) {
        EXPECT_EQ(ask(admin, "GET", none + end).status, 404) << end;
    }
    EXPECT_EQ(ask(admin, "POST", none + "/fetch-again", "{}").status, 404);
    EXPECT_EQ(ask(admin, "DELETE", none + "/fetch-again").status, 404);
    EXPECT_EQ(ask(admin, "POST", none + "/stuck-messages/try-again", "{}").status, 404);
    EXPECT_FALSE(backend.fetched_again);
}

struct PageOperation {
    const char* id;
    const char* method;
    const char* end;
    int done;
    bool is_for_auditors;
};

constexpr std::array page_operations{
    PageOperation{"listPolls", "GET", "/polls", 200, true},
    PageOperation{"getMailServer", "GET", "/server", 200, true},
    PageOperation{"listStuckMessages", "GET", "/stuck-messages", 200, true},
    PageOperation{"tryAgain", "POST", "/stuck-messages/try-again", 202, false},
    PageOperation{"pollNow", "POST", "/poll", 202, false},
    PageOperation{"fetchAgain", "POST", "/fetch-again", 202, false},
    PageOperation{"endFetchAgain", "DELETE", "/fetch-again", 202, false},
};

class MailboxPageCell : public MailboxPage,
                        public testing::WithParamInterface<std::tuple<PageOperation, Role>> {};

/// With a mailbox that is there, so that what is permitted is done.
TEST_P(MailboxPageCell, IsDoneOrForbidden)
{
    const auto& [operation, role] = GetParam();
    add_user("somebody", {role});
    const auto reply = ask(sign_in("somebody"), operation.method, path + operation.end, "{}");
    const bool may = role == Role::administrator ||
                     (role == Role::security_auditor && operation.is_for_auditors);
    EXPECT_EQ(reply.status, may ? operation.done : 403);
    EXPECT_EQ(faults(operation.id, reply), "{}");
}

INSTANTIATE_TEST_SUITE_P(
    Each, MailboxPageCell,
    testing::Combine(testing::ValuesIn(page_operations),
                     testing::Values(Role::administrator, Role::senior_security_officer,
                                     Role::security_officer, Role::security_auditor)),
    [](const auto& cell) {
        return std::string{std::get<0>(cell.param).id} + "_" +
               std::string{store::to_string(std::get<1>(cell.param))};
    });

} // namespace
} // namespace watchpost::api
