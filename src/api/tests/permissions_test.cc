#include "api/permissions.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "api/tests/api_fixture.h"

namespace watchpost::api {
namespace {

using Route = std::tuple<std::string, std::string, std::string>; // operationId, method, pattern

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

/// Reads the contract by its indentation: paths stand at 2, methods at 4, operationId at 6.
std::set<Route> routes_of_contract()
{
    std::ifstream file{WATCHPOST_SOURCE_DIR "/schema/openapi.yaml"};
    std::set<Route> routes;
    std::string path;
    std::string method;
    for (std::string line; std::getline(file, line) && line != "components:";) {
        if (line.starts_with("  /") && line.ends_with(':')) {
            path = line.substr(2, line.size() - 3);
        } else if (line.starts_with("    ") && line.ends_with(':') && line[4] != ' ') {
            method = upper(line.substr(4, line.size() - 5));
        } else if (line.starts_with("      operationId: ")) {
            routes.emplace(line.substr(19), method, path);
        }
    }
    return routes;
}

TEST(Permissions, TheTableHasTheOperationsOfTheContract)
{
    std::set<Route> ours;
    for (const Permission& permission : permission_table()) {
        ours.emplace(permission.operation, permission.method, permission.pattern);
    }
    EXPECT_EQ(ours, routes_of_contract());
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
            path += "00000000000000000000000000";
            at = pattern.find('}', at);
        } else {
            path += pattern[at];
        }
    }
    return path;
}

TEST_P(PermissionCell, IsEnforced)
{
    const auto& [role, permission] = GetParam();
    add_user("somebody", {role});
    const auto jar = sign_in("somebody");
    const auto reply =
        ask(jar, std::string{permission->method}, with_ids(permission->pattern), "{}");
    if (permission->is_for(role)) {
        EXPECT_NE(reply.status, 403) << reply.json;
        EXPECT_NE(reply.status, 401) << reply.json;
    } else {
        EXPECT_EQ(reply.status, 403);
        EXPECT_EQ(reply.code(), "forbidden");
    }
}

INSTANTIATE_TEST_SUITE_P(Table, PermissionCell, testing::ValuesIn(cells()), [](const auto& info) {
    return std::string{info.param.permission->operation} + "_" +
           std::string{store::to_string(info.param.role)};
});

/// The cells of the answered product's table, written once more by hand.
TEST(Permissions, AreThoseOfTheAnsweredProduct)
{
    using store::Role;
    const auto may = [](Role role, std::string_view operation) {
        return std::ranges::find(permission_table(), operation, &Permission::operation)
            ->is_for(role);
    };
    EXPECT_FALSE(may(Role::administrator, "listAlerts"));
    EXPECT_TRUE(may(Role::senior_security_officer, "closeAlert"));
    EXPECT_TRUE(may(Role::security_officer, "closeAlert"));
    EXPECT_TRUE(may(Role::security_auditor, "listAlerts"));
    EXPECT_FALSE(may(Role::security_auditor, "closeAlert"));
    EXPECT_FALSE(may(Role::senior_security_officer, "addMailbox"));
    EXPECT_TRUE(may(Role::administrator, "addUser"));
    EXPECT_TRUE(may(Role::security_auditor, "listUsers"));
    EXPECT_FALSE(may(Role::security_auditor, "addUser"));
    EXPECT_TRUE(may(Role::senior_security_officer, "addYaraRules"));
    EXPECT_FALSE(may(Role::security_officer, "addYaraRules"));
    EXPECT_TRUE(may(Role::security_officer, "listYaraRules"));
}

} // namespace
} // namespace watchpost::api
