// Each cell of role x operation against the running API, and that whatever it answers has the shape
// of the contract.
#include "api/permissions.h"

#include <map>
#include <string>

#include <gmock/gmock.h>

#include "api/tests/api_fixture.h"
#include "api/tests/contract.h"

namespace watchpost::api {
namespace {

// Written from the permission table of the answered product, not from ours. A: Administrator,
// S: Senior security officer, O: Security officer, V: Security auditor.
const std::map<std::string, std::string> allowed{{"signIn", "ASOV"},
                                                 {"getSession", "ASOV"},
                                                 {"signOut", "ASOV"},
                                                 {"changeOwnPassword", "ASOV"},
                                                 {"listAlerts", "SOV"},
                                                 {"getAlert", "SOV"},
                                                 {"assignAlert", "SO"},
                                                 {"commentAlert", "SO"},
                                                 {"closeAlert", "SO"},
                                                 {"reopenAlert", "SO"},
                                                 {"downloadRawMessage", "SOV"},
                                                 {"viewObject", "SOV"},
                                                 {"downloadObject", "SOV"},
                                                 {"listOfficers", "SOV"},
                                                 {"listSensors", "AV"},
                                                 {"getSensor", "AV"},
                                                 {"listMailboxes", "AV"},
                                                 {"addMailbox", "A"},
                                                 {"getMailbox", "AV"},
                                                 {"applyMailbox", "A"},
                                                 {"removeMailbox", "A"},
                                                 {"pollNow", "A"},
                                                 {"listPolls", "AV"},
                                                 {"getMailServer", "AV"},
                                                 {"fetchAgain", "A"},
                                                 {"endFetchAgain", "A"},
                                                 {"listStuckMessages", "AV"},
                                                 {"tryAgain", "A"},
                                                 {"testConnection", "A"},
                                                 {"beginDeviceCode", "A"},
                                                 {"askDeviceCode", "A"},
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

char letter_of(store::Role role)
{
    return std::string_view{"ASOV"}.at(static_cast<std::size_t>(role));
}

/// One test a cell of the table: a role, an operation.
struct Cell {
    store::Role role;
    const Permission* permission;
};

std::vector<Cell> cells()
{
    std::vector<Cell> all;
    for (const Permission& permission : permission_table()) {
        for (const auto role : {store::Role::administrator, store::Role::senior_security_officer,
                                store::Role::security_officer, store::Role::security_auditor}) {
            all.push_back({role, &permission});
        }
    }
    return all;
}

class PermissionCell : public ApiTest, public testing::WithParamInterface<Cell> {};

std::string with_ids(std::string_view pattern)
{
    std::string path;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '{') {
            path += "01ARZ3NDEKTSV4RRFFQ69G5FAV";
            at = pattern.find('}', at);
        } else {
            path += pattern[at];
        }
    }
    return path;
}

TEST_P(PermissionCell, IsThatOfTheAnsweredProductAndIsEnforced)
{
    const auto& [role, permission] = GetParam();
    const std::string operation{permission->operation};
    const bool is_permitted = allowed.at(operation).find(letter_of(role)) != std::string::npos;
    EXPECT_EQ(permission->is_for(role), is_permitted);
    add_user("somebody", {role});
    backend.builtin_rules = 3;
    const auto reply = ask(sign_in("somebody"), std::string{permission->method},
                           with_ids(permission->pattern), "{}", {{"ciphers", "HIGH"}});
    EXPECT_EQ(reply.status != 403, is_permitted) << reply.json;
    EXPECT_NE(reply.status, 401) << reply.json;
    EXPECT_EQ(reply.code() == "forbidden", !is_permitted);
    if (!reply.raw.events) {
        static const test::Contract contract;
        EXPECT_THAT(contract.faults(operation, reply.status, header_of(reply.raw, "content-type"),
                                    reply.raw.body),
                    testing::IsEmpty());
    }
}

INSTANTIATE_TEST_SUITE_P(Table, PermissionCell, testing::ValuesIn(cells()), [](const auto& cell) {
    return std::string{cell.param.permission->operation} + "_" +
           std::string{store::to_string(cell.param.role)};
});

TEST_F(ApiTest, NobodyAsksAnythingWithoutASession)
{
    for (const Permission& row : permission_table().subspan(1)) { // signIn is for anybody
        http::Request request;
        request.method = row.method;
        request.path = std::string{"/api/v1"}.append(row.pattern); // the braces are a segment, too
        EXPECT_EQ(api->answer(request).status, 401) << row.operation;
    }
}

} // namespace
} // namespace watchpost::api
