#include "api/permissions.h"

#include <algorithm>

#include "api/tests/api_fixture.h"

namespace watchpost::api {
namespace {

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

INSTANTIATE_TEST_SUITE_P(Table, PermissionCell, testing::ValuesIn(cells()), [](const auto& cell) {
    return std::string{cell.param.permission->operation} + "_" +
           std::string{store::to_string(cell.param.role)};
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
