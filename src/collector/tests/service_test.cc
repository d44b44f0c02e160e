#include "collector/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/tests/support/service_bench.h"

namespace watchpost::collector {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::form;
using test::script_of;
using test::ServiceBench;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Service, AMailboxIsPolledAtOnceAndThenByItsInterval)
{
    ServiceBench bench{script_of(2)};
    bench.service.set_mailboxes({bench.assignment()});
    EXPECT_EQ(bench.status().state, MailboxState::waiting);
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status().state, MailboxState::ok);
    EXPECT_EQ(bench.status().messages_total, 2U);
    EXPECT_EQ(bench.status().left_on_server, 2U);
    EXPECT_EQ(bench.status().next_poll_at, bench.now.wall + seconds{60});
    bench.pass(milliseconds{59'999});
    EXPECT_EQ(bench.poll(), 0U);
    bench.pass(milliseconds{1});
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status().messages_last_poll, 0U);
    EXPECT_EQ(bench.status().messages_total, 2U);
}

TEST(Service, TheIntervalCountsFromTheEndOfAPoll)
{
    ServiceBench bench{script_of(0)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.service.tick();
    EXPECT_EQ(bench.status().state, MailboxState::polling);
    bench.pass(minutes{10});
    EXPECT_EQ(bench.service.tick(), std::nullopt); // not twice at once
    EXPECT_EQ(bench.run_started(), 1U);
    EXPECT_EQ(bench.status().next_poll_at, bench.now.wall + seconds{60});
}

TEST(Service, JitterStaysWithinATenthToEitherSide)
{
    for (const auto& [chance, wait] : {std::pair{0.0, 54'000}, {0.25, 57'000}, {1.0, 66'000}}) {
        ServiceBench bench{script_of(0)};
        bench.chance = chance;
        bench.service.set_mailboxes({bench.assignment()});
        bench.poll();
        EXPECT_EQ(bench.status().next_poll_at, bench.now.wall + milliseconds{wait});
    }
}

TEST(Service, TheServersLoginDelayRaisesTheIntervalAndHoldsUpPollNow)
{
    ServiceBench bench{script_of(0)};
    bench.script.capabilities.emplace_back("LOGIN-DELAY 600");
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    const auto allowed = bench.now.wall + seconds{600};
    EXPECT_EQ(bench.status().next_poll_at, allowed);
    EXPECT_TRUE(bench.service.poll_now("box").has_value());
    EXPECT_EQ(bench.poll(), 0U);
    EXPECT_EQ(bench.status().next_poll_at, allowed);
}

TEST(Service, AnAbsurdLoginDelayIsNotWaitedFor)
{
    ServiceBench bench{script_of(0)};
    bench.script.capabilities.emplace_back("LOGIN-DELAY 999999999");
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    EXPECT_EQ(bench.status().next_poll_at, bench.now.wall + MailboxSchedule::login_delay_max);
}

TEST(Service, PollNowPollsNow)
{
    ServiceBench bench{script_of(0)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    EXPECT_TRUE(bench.service.poll_now("box").has_value());
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.service.poll_now("other").error().code(), base::ErrorCode::not_found);
}

TEST(Service, ADisabledMailboxIsNotPolled)
{
    ServiceBench bench{script_of(1)};
    auto assignment = bench.assignment();
    auto settings = form();
    settings["enabled"] = false;
    assignment.settings_json = settings.dump();
    bench.service.set_mailboxes({assignment});
    EXPECT_EQ(bench.poll(), 0U);
    EXPECT_EQ(bench.status().state, MailboxState::disabled);
    EXPECT_EQ(bench.status().next_poll_at, std::nullopt);
    EXPECT_EQ(bench.service.poll_now("box").error().code(), base::ErrorCode::invalid_argument);
    EXPECT_EQ(bench.script.connections, 0U);
}

TEST(Service, AfterAFailureThePausesGrowAndTheErrorIsShownWithItsRemedy)
{
    ServiceBench bench{script_of(1)};
    bench.transport.connect_error =
        base::Error{base::ErrorCode::connect_failed, base::Retry::later, "refused"};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::error);
    EXPECT_THAT(bench.status().last_error, HasSubstr("check server name and port"));
    EXPECT_EQ(bench.status().last_success_at, std::nullopt);
    const auto first = *bench.status().next_poll_at - bench.now.wall;
    bench.pass(std::chrono::ceil<milliseconds>(first));
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_GT(*bench.status().next_poll_at - bench.now.wall, first);
    bench.transport.connect_error.reset();
    bench.pass(minutes{15});
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status().state, MailboxState::ok);
    EXPECT_EQ(bench.status().last_error, "");
}

TEST(Service, AppliedSettingsTakeEffectAtTheEndOfTheRunningPoll)
{
    ServiceBench bench{script_of(1)};
    auto assignment = bench.assignment();
    bench.service.set_mailboxes({assignment});
    bench.service.tick();
    auto settings = form();
    settings["server"] = "pop.example.org";
    assignment.settings_json = settings.dump();
    assignment.sealed_password = bench.sealed_for(settings);
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    EXPECT_EQ(bench.run_started(), 1U);
    EXPECT_EQ(bench.intake.stored.size(), 1U); // it went to its end
    EXPECT_EQ(bench.status().state, MailboxState::waiting);
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_THAT(bench.servers, ElementsAre("mail.example.org", "pop.example.org"));
}

TEST(Service, WhatWasLearnedOfAServerIsTriedOutAnewWhenSomebodyApplies)
{
    ServiceBench bench{script_of(1)};
    bench.script.hangs_up_at = {"CAPA"};
    auto assignment = bench.assignment();
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.script.connections, 3U);
    bench.pass(minutes{2});
    bench.poll();
    EXPECT_EQ(bench.script.connections, 4U);
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.script.connections, 7U);
}

TEST(Service, TheSameListAgainChangesNothing)
{
    ServiceBench bench{script_of(0)};
    bench.service.set_mailboxes({bench.assignment()});
    const auto assignment = bench.assignment();
    bench.service.set_mailboxes({assignment});
    bench.poll();
    bench.service.set_mailboxes({assignment});
    EXPECT_EQ(bench.poll(), 0U);
    EXPECT_EQ(bench.status().state, MailboxState::ok);
}

TEST(Service, ARemovedMailboxEndsItsPollAndIsGone)
{
    ServiceBench bench{script_of(1)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.service.tick();
    bench.service.set_mailboxes({});
    EXPECT_THAT(bench.service.statuses(), IsEmpty());
    EXPECT_EQ(bench.run_started(), 1U);
    EXPECT_EQ(bench.intake.stored.size(), 1U);
    bench.pass(minutes{60});
    EXPECT_EQ(bench.poll(), 0U);
}

TEST(Service, NoMorePollsRunAtOnceThanAllowed)
{
    ServiceBench bench{script_of(0), {.connections_max = 2, .log_in_interval = milliseconds{0}}};
    bench.service.set_mailboxes(
        {bench.assignment("a"), bench.assignment("b"), bench.assignment("c")});
    bench.service.tick();
    EXPECT_EQ(bench.started.size(), 2U);
    bench.run_started();
    bench.service.tick();
    EXPECT_EQ(bench.started.size(), 1U);
    bench.run_started();
    EXPECT_EQ(bench.status("c").state, MailboxState::ok);
}

TEST(Service, RefusedLoginsPauseUntilSomebodyApplies)
{
    ServiceBench bench{script_of(0)};
    bench.script.password = "another";
    auto assignment = bench.assignment();
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::error);
    for (int i = 0; i < 3; ++i) {
        bench.pass(minutes{5});
        bench.poll();
    }
    EXPECT_THAT(bench.status().last_error, HasSubstr("press Apply, which starts anew"));
    const auto connections = bench.script.connections;
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_GT(bench.script.connections, connections);
}

TEST(Service, APauseAfterRefusedLoginsOutlivesTheProcessUnlessSomethingWasApplied)
{
    ServiceBench bench{script_of(0)};
    bench.script.password = "another";
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    bench.pass(minutes{5});
    bench.poll();
    ServiceBench next{script_of(0)};
    next.store.values = bench.store.values;
    next.now = bench.now;
    auto assignment = next.assignment();
    next.service.set_mailboxes({assignment});
    next.poll();
    EXPECT_EQ(next.script.connections, 0U);
    assignment.version = 2;
    next.service.set_mailboxes({assignment});
    next.poll();
    EXPECT_EQ(next.status().state, MailboxState::ok);
}

TEST(Service, ABoxOfAnotherKeyIsAnErrorThatWaitsForThePassword)
{
    ServiceBench bench{script_of(1)};
    auto assignment = bench.assignment();
    assignment.sealed_password =
        seal_password(secrets::KeyPair::make().public_key(), assignment.settings_json, "secret");
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::error);
    EXPECT_THAT(bench.status().last_error, HasSubstr("type the password again"));
    EXPECT_EQ(bench.status().next_poll_at, std::nullopt);
    EXPECT_EQ(bench.script.connections, 0U);
    assignment.sealed_password = bench.sealed_for(form());
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::ok);
}

TEST(Service, SettingsThatCannotBeReadAreAnErrorOfTheMailbox)
{
    ServiceBench bench{script_of(1)};
    auto assignment = bench.assignment();
    assignment.settings_json = "{}";
    bench.service.set_mailboxes({assignment, bench.assignment("good")});
    EXPECT_EQ(bench.status().state, MailboxState::error);
    EXPECT_THAT(bench.status().last_error, HasSubstr("server: A value is needed."));
    EXPECT_EQ(bench.poll(), 1U);
    EXPECT_EQ(bench.status("good").state, MailboxState::ok);
}

TEST(Service, AnotherMaildropIsCollectedAnewAndTheSameOneIsNot)
{
    ServiceBench bench{script_of(2)};
    auto assignment = bench.assignment();
    bench.service.set_mailboxes({assignment});
    bench.poll();
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.intake.stored.size(), 2U);
    assignment.version = 3;
    assignment.generation = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.intake.stored.size(), 4U);
    EXPECT_EQ(bench.intake.stored.back().receipt.key, (spool::MailboxKey{"box", 2}));
}

TEST(Service, TotalsOutliveTheProcess)
{
    ServiceBench bench{script_of(3)};
    bench.service.set_mailboxes({bench.assignment()});
    bench.poll();
    ServiceBench next{script_of(0)};
    next.store.values = bench.store.values;
    next.service.set_mailboxes({next.assignment()});
    EXPECT_EQ(next.status().messages_total, 3U);
    EXPECT_EQ(next.status().octets_total, bench.status().octets_total);
    EXPECT_GT(next.status().octets_total, 0U);
}

TEST(Service, AChangedCertificateStaysAWarningUntilSomebodyApplies)
{
    ServiceBench bench{script_of(0)};
    auto assignment = bench.assignment();
    auto settings = form();
    settings.update({{"use_tls", true}, {"port", 995}, {"certificate", "any"}});
    assignment.settings_json = settings.dump();
    assignment.sealed_password = bench.sealed_for(settings);
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::ok);
    bench.transport.fingerprint_octet = 8;
    for (int i = 0; i < 2; ++i) {
        bench.pass(minutes{2});
        bench.poll();
        EXPECT_EQ(bench.status().state, MailboxState::warning);
        EXPECT_THAT(bench.status().last_error, HasSubstr("certificate has changed"));
    }
    assignment.version = 2;
    bench.service.set_mailboxes({assignment});
    bench.poll();
    EXPECT_EQ(bench.status().state, MailboxState::ok);
}

TEST(ServiceTest, ATestGoesThroughTheStepsAndStoresNothing)
{
    ServiceBench bench{script_of(2)};
    const auto assignment = bench.assignment();
    const auto report = bench.service.test_connection(
        {.settings_json = assignment.settings_json, .sealed_password = assignment.sealed_password});
    EXPECT_TRUE(report.is_ok);
    EXPECT_EQ(report.message_count, 2U);
    std::string outcomes;
    for (const auto& step : report.steps) {
        outcomes += step.step + "=" + std::string{to_string(step.outcome)} + " ";
    }
    EXPECT_EQ(outcomes, "resolve=ok connect=ok tls=warning certificate=skipped capabilities=ok "
                        "log_in=ok list=ok ");
    EXPECT_THAT(bench.intake.stored, IsEmpty());
    EXPECT_FALSE(bench.script.has_seen("RETR 1"));
}

TEST(ServiceTest, AFailedStepSaysWhyAndWhatComesAfterIsSkipped)
{
    ServiceBench bench{script_of(2)};
    bench.script.password = "another";
    const auto assignment = bench.assignment();
    const auto report = bench.service.test_connection(
        {.settings_json = assignment.settings_json, .sealed_password = assignment.sealed_password});
    EXPECT_FALSE(report.is_ok);
    EXPECT_EQ(report.steps.at(4).outcome, StepOutcome::ok);
    EXPECT_EQ(report.steps.at(5).outcome, StepOutcome::failed);
    EXPECT_THAT(report.steps.at(5).text, HasSubstr("check user name and password"));
    EXPECT_EQ(report.steps.at(6).outcome, StepOutcome::skipped);
}

TEST(ServiceTest, TheSameWrongPasswordIsNotTriedAThirdTime)
{
    ServiceBench bench{script_of(0)};
    bench.script.password = "another";
    const auto assignment = bench.assignment();
    const TestRequest request{.settings_json = assignment.settings_json,
                              .sealed_password = assignment.sealed_password};
    for (int i = 0; i < 2; ++i) {
        static_cast<void>(bench.service.test_connection(request));
    }
    const auto connections = bench.script.connections;
    const auto third = bench.service.test_connection(request);
    EXPECT_EQ(bench.script.connections, connections);
    EXPECT_THAT(third.steps.at(5).text, HasSubstr("not tried"));
    bench.pass(minutes{30});
    static_cast<void>(bench.service.test_connection(request));
    EXPECT_GT(bench.script.connections, connections);
}

TEST(ServiceTest, ACertificateThatIsRefusedFailsItsOwnStep)
{
    ServiceBench bench{script_of(0)};
    bench.transport.handshake_error =
        base::Error{base::ErrorCode::certificate_rejected, base::Retry::later, "it has expired"};
    auto settings = form();
    settings.update({{"use_tls", true}, {"port", 995}});
    const auto report = bench.service.test_connection(
        {.settings_json = settings.dump(), .sealed_password = bench.sealed_for(settings)});
    EXPECT_EQ(report.steps.at(3).outcome, StepOutcome::failed);
    EXPECT_THAT(report.steps.at(3).text, HasSubstr("it has expired"));
    EXPECT_EQ(report.steps.at(4).outcome, StepOutcome::skipped);
}

TEST(ServiceThreads, RunPollsInThreadsOfItsOwnAndStopWaitsForThem)
{
    ServiceBench bench{script_of(2)};
    std::mutex lock;
    std::condition_variable changed;
    bool is_done = false;
    Service service{
        {.tools = {.intake = bench.intake,
                   .store = bench.store,
                   .receipts = bench.intake,
                   .key = bench.key,
                   .epoch = 1,
                   .limits = {},
                   .make_transport =
                       [&](const MailboxSettings&) -> base::Result<std::unique_ptr<Transport>> {
                       return std::make_unique<test::FakeTransport>(bench.script);
                   },
                   .clock = base::now},
         .clock =
             [] { return Moment{.wall = base::now(), .steady = std::chrono::steady_clock::now()}; },
         .chance = [] { return 0.5; },
         .on_status =
             [&](const StatusOfMailbox& status) {
                 const std::lock_guard held{lock};
                 is_done = status.status.state == MailboxState::ok;
                 changed.notify_all();
             },
         .log = bench.log}};
    std::thread runner{[&] { service.run(); }};
    service.set_mailboxes({bench.assignment()});
    {
        std::unique_lock held{lock};
        EXPECT_TRUE(changed.wait_for(held, seconds{30}, [&] { return is_done; }));
    }
    service.stop();
    runner.join();
    EXPECT_EQ(bench.intake.stored.size(), 2U);
}

} // namespace
} // namespace watchpost::collector
