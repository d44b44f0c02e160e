// Stores of earlier schemas are brought up to date with everything that lies in them.
#include "store/sqlite/migrations.h"

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace watchpost::store {
namespace {

using sqlite::Access;
using sqlite::Connection;

/// A store of schema 1 with three alerts, indexed as that schema did it.
void make_first_schema(const std::string& path)
{
    const auto connection = std::move(Connection::open(path, Access::read_write).value());
    const auto first = sqlite::migrations().front();
    ASSERT_EQ(first.number, 1);
    ASSERT_TRUE(connection->execute(std::string{first.sql}).has_value());
    const auto filled = connection->execute(R"sql(
        PRAGMA user_version = 1;
        INSERT INTO tenants VALUES ('01HZZZZZZZZZZZZZZZZZZZZZZ1', 'default');
        INSERT INTO nodes VALUES ('01HZZZZZZZZZZZZZZZZZZZZZZ2', '01HZZZZZZZZZZZZZZZZZZZZZZ1', 1);
        WITH n (n) AS (VALUES (1), (2), (3))
        INSERT INTO messages SELECT printf('%026d', n), '01HZZZZZZZZZZZZZZZZZZZZZZ1',
            '01HZZZZZZZZZZZZZZZZZZZZZZ2', '', n, n, 1, '', '', 1, 0, 0, 3, 0 FROM n;
        WITH n (n, subject, state) AS (VALUES
            (1, 'Benachrichtigung', 0), (2, '#s0 Benachrichtigungsdienst', 2), (3, 'Other', 0))
        INSERT INTO alerts SELECT n, printf('%026d', n), '01HZZZZZZZZZZZZZZZZZZZZZZ1',
            '01HZZZZZZZZZZZZZZZZZZZZZZ2', printf('%026d', n), '', state, 3, 0, n, n, n, '', 'a@b.example',
            '["c@d.example"]', subject, 'yara', '', 's' || state || ' i3 p0 anone eyara', NULL FROM n;
        INSERT INTO alert_words (rowid, sender, recipients, subject, rules, tags)
            SELECT number, sender, recipients, subject, rules, tags FROM alerts;
    )sql");
    ASSERT_TRUE(filled.has_value()) << filled.error().describe();
}

std::vector<std::string> subjects(const Store& store, const AlertQuery& query)
{
    std::vector<std::string> found;
    const auto page = store.alerts({store.default_tenant()}, query).value();
    found.reserve(page.items.size());
    for (const auto& alert : page.items) {
        found.push_back(alert.subject);
    }
    return found;
}

TEST(SqliteMigration, AlertsOfTheFirstSchemaAreFoundByWordsAndTags)
{
    const test::TempDir folder;
    const auto path = (folder / "store.db").string();
    make_first_schema(path);
    const auto store = std::move(open_sqlite_store(path).value());
    using Texts = std::vector<std::string>;
    const Texts both{"#s0 Benachrichtigungsdienst", "Benachrichtigung"};
    AlertQuery query;
    query.subject_words = "benachrichtigung";
    EXPECT_EQ(subjects(*store, query), both);
    query.subject_words = "benachrichtigungs";
    EXPECT_EQ(subjects(*store, query), Texts{both[0]});
    query = {};
    query.states = {AlertState::fresh};
    EXPECT_EQ(subjects(*store, query), (Texts{"Other", "Benachrichtigung"}));
    query.any_words = "a@b.example";
    EXPECT_EQ(subjects(*store, query), (Texts{"Other", "Benachrichtigung"}));
}

TEST(SqliteMigration, WhatWasMigratedCanBeChangedAndIsThenFoundAnew)
{
    const test::TempDir folder;
    const auto path = (folder / "store.db").string();
    make_first_schema(path);
    const auto store = std::move(open_sqlite_store(path).value());
    const Scope scope{store->default_tenant()};
    AlertQuery processed;
    processed.states = {AlertState::processed};
    processed.subject_words = "ben";
    const auto alert = store->alerts(scope, processed).value().items.at(0);
    User officer;
    officer.id = UserId::make();
    officer.name = "olga";
    ASSERT_TRUE(store->add_user(officer, Actor{}).has_value());
    const AlertChange reopened{AlertAction::reopened, {}, {}};
    const Actor olga{officer.id, officer.name, {}};
    ASSERT_TRUE(store->change_alert(scope, alert.id, reopened, olga).has_value());
    EXPECT_TRUE(subjects(*store, processed).empty());
    processed.states = {AlertState::in_process};
    EXPECT_EQ(subjects(*store, processed).size(), 1U);
    auto check = std::move(Connection::open(path, Access::read_write).value());
    EXPECT_TRUE(check
                    ->execute("INSERT INTO alert_words (alert_words, rank) VALUES "
                              "('integrity-check', 1)")
                    .has_value());
}

TEST(SqliteMigration, EveryFileIsAppliedOnceAndTheVersionIsTheLastOne)
{
    const test::TempDir folder;
    const auto path = (folder / "store.db").string();
    make_first_schema(path);
    for (int start = 0; start < 2; ++start) {
        ASSERT_TRUE(open_sqlite_store(path).has_value());
    }
    const auto raw = std::move(Connection::open(path, Access::read_only).value());
    auto version = raw->prepare("PRAGMA user_version");
    ASSERT_TRUE(version.step().value());
    EXPECT_EQ(version.number(0), sqlite::migrations().back().number);
}

} // namespace
} // namespace watchpost::store
