// What every Store promises, as tests: each implementation instantiates the suite with a way to
// open one.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "store/store.h"
#include "support/temp_dir.h"

namespace watchpost::store {

/// Opens (again) the store that lies in a folder.
using OpenStore = std::function<std::unique_ptr<Store>(const std::filesystem::path& folder)>;

class StoreConformance : public testing::TestWithParam<OpenStore> {
protected:
    void SetUp() override { reopen(); }
    void reopen()
    {
        store.reset();
        store = GetParam()(folder.path());
    }

    [[nodiscard]] Scope scope() const { return Scope{store->default_tenant()}; }

    /// Adds a mailbox and a user that alerts can belong to.
    MailboxId add_mailbox(const std::string& name = "Copies")
    {
        MailboxRecord added;
        added.id = MailboxId::make();
        added.name = name;
        added.settings_json = R"({"server":"mail.example.org"})";
        return store->add_mailbox(added, actor).value().id;
    }
    User add_user(const std::string& name, std::vector<Role> roles)
    {
        User user;
        user.id = UserId::make();
        user.name = name;
        user.roles = std::move(roles);
        user.password_hash = "hash";
        user.created_at = base::now();
        EXPECT_TRUE(store->add_user(user, actor).has_value());
        return user;
    }
    MessageRecord detected(const std::string& subject = "Invoice")
    {
        MessageRecord record;
        record.id = MessageId::make();
        record.mailbox = mailbox;
        record.received_at = base::now();
        record.inspected_at = record.received_at;
        record.octets = 1'000;
        record.sha256 = std::string(64, 'a');
        record.sender = "Mallory <mallory@evil.example>";
        record.recipients = {"alice@example.org", "bob@example.org"};
        record.subject = subject;
        record.is_detected = true;
        record.importance = verdict::Importance::high;
        record.sentence = "Malware was found.";
        record.engines = {"yara"};
        record.rules = {"eicar_test_file"};
        record.report_json = R"({"verdict":"detected"})";
        record.content_kept = true;
        return record;
    }
    AlertId raise(const MessageRecord& record)
    {
        return store->record(record).value().alert.value();
    }
    std::vector<std::string> subjects(const AlertQuery& query)
    {
        std::vector<std::string> found;
        const auto page = store->alerts(scope(), query).value();
        for (const auto& alert : page.items) {
            found.push_back(alert.subject);
        }
        return found;
    }

    test::TempDir folder;
    std::unique_ptr<Store> store;
    Actor actor;
    MailboxId mailbox = MailboxId::make();
};

TEST_P(StoreConformance, IdentityIsMadeOnceAndKept)
{
    const auto tenant = store->default_tenant();
    const auto node = store->this_node();
    EXPECT_NE(tenant, TenantId{});
    reopen();
    EXPECT_EQ(store->default_tenant(), tenant);
    EXPECT_EQ(store->this_node(), node);
}

TEST_P(StoreConformance, AMessageIsRecordedOnceHoweverOftenItComes)
{
    const auto record = detected();
    const auto first = store->record(record).value();
    const auto again = store->record(record).value();
    EXPECT_TRUE(first.is_new);
    EXPECT_FALSE(again.is_new);
    EXPECT_EQ(first.alert, again.alert);
    EXPECT_EQ(store->alerts(scope(), {}).value().total, 1U);
    reopen();
    EXPECT_FALSE(store->record(record).value().is_new);
}

TEST_P(StoreConformance, ACleanMessageRaisesNoAlert)
{
    auto record = detected();
    record.is_detected = false;
    EXPECT_FALSE(store->record(record).value().alert);
    EXPECT_EQ(store->alerts(scope(), {}).value().total, 0U);
}

TEST_P(StoreConformance, AnAlertComesBackAsItWasRaised)
{
    mailbox = add_mailbox("Board");
    const auto record = detected("Résumé 日本");
    const auto detail = store->alert(scope(), raise(record)).value();
    EXPECT_EQ(detail.alert.subject, record.subject);
    EXPECT_EQ(detail.alert.sender, record.sender);
    EXPECT_EQ(detail.alert.recipients, record.recipients);
    EXPECT_EQ(detail.alert.engines, record.engines);
    EXPECT_EQ(detail.alert.state, AlertState::fresh);
    EXPECT_EQ(detail.alert.mailbox_name, "Board");
    EXPECT_EQ(detail.report_json, record.report_json);
    EXPECT_EQ(detail.octets, record.octets);
    EXPECT_TRUE(detail.content_kept);
    ASSERT_EQ(detail.history.size(), 1U);
    EXPECT_EQ(detail.history[0].action, AlertAction::raised);
}

TEST_P(StoreConformance, AnotherTenantSeesNothing)
{
    const auto id = raise(detected());
    const Scope other{TenantId::make()};
    EXPECT_EQ(store->alerts(other, {}).value().total, 0U);
    EXPECT_EQ(store->alert(other, id).error().code(), base::ErrorCode::not_found);
    AlertQuery words;
    words.subject_words = "invoice";
    EXPECT_EQ(store->alerts(other, words).value().total, 0U);
    EXPECT_FALSE(store->change_alert(other, id, {AlertAction::closed, {}, {}}, actor).has_value());
}

TEST_P(StoreConformance, PagesFollowEachOtherWithoutGapOrDouble)
{
    for (int i = 0; i < 25; ++i) {
        auto record = detected("mail " + std::to_string(i));
        record.importance = i % 2 == 0 ? verdict::Importance::high : verdict::Importance::low;
        raise(record);
    }
    for (const auto order :
         {AlertOrder::created_desc, AlertOrder::created_asc, AlertOrder::importance_desc}) {
        AlertQuery query;
        query.order = order;
        query.limit = 10;
        std::vector<std::string> seen;
        do {
            const auto page = store->alerts(scope(), query).value();
            EXPECT_EQ(page.total, 25U);
            for (const auto& alert : page.items) {
                seen.push_back(alert.subject);
            }
            query.cursor = page.next_cursor;
        } while (!query.cursor.empty());
        EXPECT_EQ(seen.size(), 25U);
        EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 25U);
    }
}

TEST_P(StoreConformance, OrdersAreAsTheySay)
{
    auto record = detected("first low");
    record.importance = verdict::Importance::low;
    raise(record);
    raise(detected("second high"));
    record = detected("third medium");
    record.importance = verdict::Importance::medium;
    raise(record);
    using Texts = std::vector<std::string>;
    AlertQuery query;
    EXPECT_EQ(subjects(query), (Texts{"third medium", "second high", "first low"}));
    query.order = AlertOrder::created_asc;
    EXPECT_EQ(subjects(query), (Texts{"first low", "second high", "third medium"}));
    query.order = AlertOrder::importance_desc;
    EXPECT_EQ(subjects(query), (Texts{"second high", "third medium", "first low"}));
    query.importances = {verdict::Importance::low, verdict::Importance::medium};
    EXPECT_EQ(subjects(query), (Texts{"third medium", "first low"}));
}

TEST_P(StoreConformance, ACursorOfAnotherQueryIsRefused)
{
    raise(detected());
    raise(detected());
    AlertQuery query;
    query.limit = 1;
    query.cursor = store->alerts(scope(), query).value().next_cursor;
    query.subject_words = "invoice";
    EXPECT_EQ(store->alerts(scope(), query).error().code(), base::ErrorCode::invalid_argument);
    query.cursor = "nonsense";
    EXPECT_EQ(store->alerts(scope(), query).error().code(), base::ErrorCode::invalid_argument);
}

TEST_P(StoreConformance, FiltersCombine)
{
    raise(detected("Invoice one"));
    auto record = detected("Invoice two");
    record.engines = {"clamav"};
    record.is_partial = true;
    record.importance = verdict::Importance::low;
    record.sender = "Carol <carol@good.example>";
    raise(record);
    using Texts = std::vector<std::string>;
    AlertQuery query;
    query.engines = {"clamav", "attachment"};
    EXPECT_EQ(subjects(query), Texts{"Invoice two"});
    query.is_partial = false;
    EXPECT_EQ(subjects(query), Texts{});
    query = {};
    for (const char* const words : {"invo carol", "Invoice \xe2\x80\x93 two", "invoice - two"}) {
        query.any_words = words; // a dash alone is no word
        EXPECT_EQ(subjects(query), Texts{"Invoice two"}) << words;
    }
    query = {};
    query.sender_words = "mallory@evil.example";
    EXPECT_EQ(subjects(query), Texts{"Invoice one"});
    query.importances = {verdict::Importance::high};
    query.states = {AlertState::fresh, AlertState::processed};
    EXPECT_EQ(subjects(query), Texts{"Invoice one"});
    query.states = {AlertState::processed};
    EXPECT_EQ(subjects(query), Texts{});
}

TEST_P(StoreConformance, WhatAUserTypesIsNeverAnOperator)
{
    raise(detected("plain"));
    for (const auto* words :
         {"\"", "a OR b", "NEAR(", "*", "tags : s0", "(((", "-x", "'; DROP TABLE"}) {
        AlertQuery query;
        query.any_words = words;
        EXPECT_TRUE(store->alerts(scope(), query).has_value()) << words;
    }
}

TEST_P(StoreConformance, TimesBoundTheList)
{
    raise(detected("early"));
    const auto between =
        store->alerts(scope(), {}).value().items[0].created_at + std::chrono::microseconds{1};
    while (base::now() <= between) { // the clock has microseconds: this is over at once
    }
    raise(detected("late"));
    using Texts = std::vector<std::string>;
    AlertQuery query;
    query.created_from = between;
    EXPECT_EQ(subjects(query), Texts{"late"});
    query = {};
    query.created_to = between;
    EXPECT_EQ(subjects(query), Texts{"early"});
}

TEST_P(StoreConformance, TimesBoundWordsAndPagesInEveryOrder)
{
    for (const char* subject : {"word early", "word one", "word two", "other", "word late"}) {
        raise(detected(subject));
        const auto raised = base::now();
        while (base::now() <= raised) { // the clock has microseconds: this is over at once
        }
    }
    const auto all = store->alerts(scope(), {}).value().items; // newest first
    using Texts = std::vector<std::string>;
    for (const auto order :
         {AlertOrder::created_desc, AlertOrder::created_asc, AlertOrder::importance_desc}) {
        AlertQuery query;
        query.subject_words = "word";
        query.created_from = all[3].created_at; // of "word one"; this one belongs to it
        query.created_to = all[0].created_at;   // of "word late"; this one does not
        query.order = order;
        query.limit = 1;
        const bool ascending = order == AlertOrder::created_asc;
        const auto page = store->alerts(scope(), query).value();
        EXPECT_EQ(page.total, 2U);
        EXPECT_EQ(subjects(query), Texts{ascending ? "word one" : "word two"});
        query.cursor = page.next_cursor;
        EXPECT_EQ(subjects(query), Texts{ascending ? "word two" : "word one"});
        EXPECT_EQ(store->alerts(scope(), query).value().next_cursor, "");
    }
}

TEST_P(StoreConformance, AnAlertLivesThroughItsStates)
{
    const User officer = add_user("olga", {Role::security_officer});
    const Actor olga{officer.id, officer.name, "192.0.2.1"};
    const auto id = raise(detected());
    const auto change = [&](AlertAction action, std::optional<UserId> to = {}) {
        return store->change_alert(scope(), id, {action, to, "why"}, olga);
    };
    EXPECT_EQ(change(AlertAction::assigned, officer.id).value().state, AlertState::in_process);
    EXPECT_EQ(change(AlertAction::closed).value().state, AlertState::processed);
    EXPECT_EQ(change(AlertAction::closed).error().code(), base::ErrorCode::busy);
    EXPECT_EQ(change(AlertAction::assigned, officer.id).error().code(), base::ErrorCode::busy);
    EXPECT_EQ(change(AlertAction::reopened).value().state, AlertState::in_process);
    const auto detail = store->alert(scope(), id).value();
    ASSERT_EQ(detail.history.size(), 4U);
    EXPECT_EQ(detail.history[1].assignee_name, "olga");
    EXPECT_EQ(detail.history[2].comment, "why");
    EXPECT_EQ(detail.alert.assignee_name, "olga");
    EXPECT_EQ(store->audit_rows(1).value()[0].action, "alert.reopened");
}

TEST_P(StoreConformance, FiltersFollowChanges)
{
    const User officer = add_user("olga", {Role::security_officer});
    const auto id = raise(detected("one"));
    raise(detected("two"));
    const AlertChange assigned{AlertAction::assigned, officer.id, {}};
    ASSERT_TRUE(store->change_alert(scope(), id, assigned, actor).has_value());
    using Texts = std::vector<std::string>;
    AlertQuery query;
    query.assignee = officer.id;
    EXPECT_EQ(subjects(query), Texts{"one"});
    query = {};
    query.is_unassigned = true;
    EXPECT_EQ(subjects(query), Texts{"two"});
    query = {};
    query.states = {AlertState::in_process};
    EXPECT_EQ(subjects(query), Texts{"one"});
}

TEST_P(StoreConformance, ARepeatedInspectionRaisesWhatTheFirstCouldNotSee)
{
    auto record = detected();
    record.is_detected = false;
    record.awaits_reinspection = true;
    ASSERT_FALSE(store->record(record).value().alert);
    EXPECT_EQ(store->awaiting_reinspection(10).value(),
              (std::vector<AwaitingMessage>{{record.id, record.mailbox}}));
    record.is_detected = true;
    record.awaits_reinspection = false;
    EXPECT_TRUE(store->record_reinspection(record).value().alert);
    EXPECT_TRUE(store->awaiting_reinspection(10).value().empty());
    EXPECT_EQ(store->alerts(scope(), {}).value().total, 1U);
    record.engines = {"clamav"};
    EXPECT_FALSE(store->record_reinspection(record).value().is_new);
    EXPECT_EQ(store->alerts(scope(), {}).value().items[0].engines, record.engines);
}

TEST_P(StoreConformance, ARepeatedInspectionKeepsWhatWasNotedAtTheReceipt)
{
    mailbox = add_mailbox("Board");
    auto first = detected();
    first.is_detected = false;
    ASSERT_TRUE(store->record(first));
    auto second = detected();
    second.id = first.id;
    second.mailbox = {};
    second.received_at = {};
    second.octets = 0;
    const auto alert = store->record_reinspection(second).value().alert.value();
    const auto detail = store->alert(scope(), alert).value();
    EXPECT_EQ(detail.alert.mailbox_name, "Board");
    EXPECT_EQ(detail.alert.received_at, first.received_at);
    EXPECT_EQ(detail.octets, first.octets);
}

TEST_P(StoreConformance, WhatWasNeverRecordedIsNotInspectedAgain)
{
    const auto refused = store->record_reinspection(detected());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), base::ErrorCode::not_found);
    EXPECT_EQ(store->alerts(scope(), {}).value().total, 0U);
}

TEST_P(StoreConformance, ItSaysWhichMessagesAreRecorded)
{
    auto clean = detected();
    clean.is_detected = false;
    ASSERT_TRUE(store->record(clean));
    const auto other = detected();
    ASSERT_TRUE(store->record(other));
    const auto known = store->recorded({clean.id, MessageId::make(), other.id, clean.id}).value();
    const std::set<MessageId> expected{clean.id, other.id};
    EXPECT_EQ(known.size(), 2U);
    EXPECT_EQ(std::set(known.begin(), known.end()), expected);
    EXPECT_TRUE(store->recorded({}).value().empty());
}

TEST_P(StoreConformance, AccountsAreKeptAndNamesAreUnique)
{
    const User added = add_user("olga", {Role::administrator, Role::senior_security_officer});
    const auto read = store->user_by_name("olga").value();
    EXPECT_EQ(read.id, added.id);
    EXPECT_EQ(read.roles, added.roles);
    EXPECT_EQ(store->user_by_name("Olga").error().code(), base::ErrorCode::not_found);
    EXPECT_EQ(store->add_user(added, actor).error().code(), base::ErrorCode::busy);
    EXPECT_EQ(store->users().value().size(), 1U);
}

TEST_P(StoreConformance, TheLastAdministratorStays)
{
    User only = add_user("olga", {Role::administrator});
    only.is_enabled = false;
    EXPECT_EQ(store->change_user(only, actor, "{}").error().code(), base::ErrorCode::busy);
    only.is_enabled = true;
    only.roles = {Role::security_auditor};
    EXPECT_EQ(store->change_user(only, actor, "{}").error().code(), base::ErrorCode::busy);
    add_user("petra", {Role::administrator});
    EXPECT_TRUE(store->change_user(only, actor, "{}").has_value());
}

TEST_P(StoreConformance, SignInCountersAreKept)
{
    User user = add_user("olga", {Role::administrator});
    user.failed_sign_ins = 3;
    user.locked_until = base::Instant{std::chrono::seconds{2'000'000'000}};
    ASSERT_TRUE(store->note_sign_in(user).has_value());
    const auto read = store->user(user.id).value();
    EXPECT_EQ(read.failed_sign_ins, 3U);
    EXPECT_EQ(read.locked_until, user.locked_until);
}

TEST_P(StoreConformance, AStaleApplyIsRefusedAndVersionsRise)
{
    const auto id = add_mailbox();
    auto settings = store->mailbox(id).value();
    settings.settings_json = "{}";
    EXPECT_EQ(store->apply_mailbox(settings, actor).value().version, 2U);
    EXPECT_EQ(store->apply_mailbox(settings, actor).error().code(), base::ErrorCode::busy);
    EXPECT_EQ(store->mailbox(id).value().settings_json, "{}");
}

TEST_P(StoreConformance, ARemovedMailboxIsGoneButItsAlertsNameIt)
{
    mailbox = add_mailbox("Board");
    raise(detected());
    ASSERT_TRUE(store->remove_mailbox(mailbox, actor).has_value());
    EXPECT_TRUE(store->mailboxes().value().empty());
    EXPECT_EQ(store->remove_mailbox(mailbox, actor).error().code(), base::ErrorCode::not_found);
    EXPECT_EQ(store->alerts(scope(), {}).value().items[0].mailbox_name, "Board");
}

TEST_P(StoreConformance, YaraFilesAndSettingsAreKept)
{
    YaraFile file;
    file.id = YaraFileId::make();
    file.name = "mine.yar";
    file.source = "rule a { condition: true }";
    file.rule_count = 1;
    ASSERT_TRUE(store->add_yara_file(file, actor).has_value());
    EXPECT_EQ(store->yara_files().value().at(0).source, file.source);
    file.id = YaraFileId::make();
    EXPECT_EQ(store->add_yara_file(file, actor).error().code(), base::ErrorCode::busy);
    EXPECT_FALSE(store->setting("separate_duties").value());
    ASSERT_TRUE(store->set_setting("separate_duties", "1", actor).has_value());
    ASSERT_TRUE(store->set_setting("separate_duties", "0", actor).has_value());
    reopen();
    EXPECT_EQ(store->setting("separate_duties").value(), "0");
    EXPECT_EQ(store->audit_rows(10).value().size(), 3U);
}

} // namespace watchpost::store
