// What a server's refusals and policies do to the schedule: real polls of a scripted server, a
// clock that the test moves.
#include <gtest/gtest.h>

#include "collector/mailbox_schedule.h"
#include "quirk_bench.h"

namespace watchpost::test {
namespace {

using collector::MailboxState;
using collector::Moment;
using collector::SteadyTime;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// One mailbox of the service that polls every minute.
class Scheduled {
public:
    explicit Scheduled(const std::string& script) : bench{script} { apply(1); }

    QuirkBench bench;
    Moment now{.wall = base::parse_rfc3339("2026-11-24T06:00:00Z").value(),
               .steady = SteadyTime{hours{1}}};
    collector::MailboxSchedule schedule{{}, now};
    std::string settings = R"({"name":"Copies","enabled":true,"server":"127.0.0.1","port":110,)"
                           R"("use_tls":false,"user":"alice","receive_every_s":60})";

    void apply(std::uint64_t version)
    {
        schedule.apply({.id = "box",
                        .name = "Copies",
                        .settings_json = settings,
                        .sealed_password = "",
                        .version = version,
                        .generation = 1},
                       now);
    }

    void pass(milliseconds time)
    {
        now.wall += time;
        now.steady += time;
    }

    /// Polls when it is due; how long it waits after that.
    milliseconds poll()
    {
        pass(std::chrono::ceil<milliseconds>(*schedule.due() - now.steady));
        static_cast<void>(schedule.begin());
        bench.now = now.wall;
        schedule.end({.report = bench.poll(), .refusal = {}, .totals = {}}, now, 0.5);
        return std::chrono::duration_cast<milliseconds>(*schedule.due() - now.steady);
    }

    [[nodiscard]] const collector::MailboxStatus& status() const { return schedule.status(); }

    void reply(const std::string& command, const std::string& reply)
    {
        bench.server.change([&](Pop3Script& script) { script.replies[command] = reply; });
    }
};

TEST(Pop3Quirk, Q25_LoginDelayRaisesTheIntervalAndIsNoError)
{
    for (const auto* const words : {"-ERR [LOGIN-DELAY] minimum time between mail checks\r\n",
                                    "-ERR You are polling too often\r\n"}) {
        Scheduled box{R"({"messages": 1})"};
        box.reply("PASS", words);
        EXPECT_GE(box.poll(), minutes{2});
        EXPECT_EQ(box.status().state, MailboxState::warning);
        EXPECT_GE(box.poll(), minutes{4}); // that was too soon, too
        box.bench.server.change([](Pop3Script& script) { script.replies.clear(); });
        EXPECT_GE(box.poll(), minutes{4}); // and what was learned is kept to
        EXPECT_EQ(box.status().state, MailboxState::ok);
        box.apply(2);
        static_cast<void>(box.poll());
        EXPECT_EQ(box.poll(), seconds{60});
    }
}

TEST(Pop3Quirk, Q25_AnAnnouncedLoginDelayIsKeptToAlsoAfterARefusal)
{
    Scheduled box{R"({"messages": 1, "capabilities": ["UIDL", "LOGIN-DELAY 900"]})"};
    EXPECT_EQ(box.poll(), seconds{900});
    box.reply("PASS", "-ERR [LOGIN-DELAY] too soon\r\n");
    EXPECT_EQ(box.poll(), seconds{900});
}

TEST(Pop3Quirk, Q25_TemporaryTroubleBacksOffAndPermanentTroubleIsSeldomTried)
{
    Scheduled temporary{R"({"messages": 1, "replies": {"STAT": "-ERR [SYS/TEMP] disk\r\n"}})"};
    const auto first = temporary.poll();
    const auto second = temporary.poll();
    EXPECT_LT(first, seconds{10});
    EXPECT_GT(second, first);
    EXPECT_EQ(temporary.status().state, MailboxState::error);
    Scheduled permanent{R"({"replies": {"PASS": "-ERR [SYS/PERM] no such mailbox\r\n"}})"};
    EXPECT_GE(permanent.poll(), hours{1});
    EXPECT_EQ(permanent.status().state, MailboxState::error);
    EXPECT_TRUE(permanent.schedule.poll_now(permanent.now)); // whoever has mended it need not wait
    EXPECT_EQ(*permanent.schedule.due(), permanent.now.steady);
}

TEST(Pop3Quirk, Q25_AGreetingThatRefusesIsReadTheSameWay)
{
    Scheduled box{R"({"greeting": "-ERR [IN-USE] too many connections\r\n"})"};
    static_cast<void>(box.poll());
    EXPECT_EQ(box.status().state, MailboxState::warning);
    Scheduled permanent{R"({"greeting": "-ERR [sys/perm] perm alert\r\n"})"};
    EXPECT_GE(permanent.poll(), hours{1});
}

TEST(Pop3Quirk, Q26_ALockAlarmsOnlyAfterTenMinutesAndIsTriedOften)
{
    for (const auto* const words :
         {"-ERR [IN-USE] Mailbox is locked\r\n", "-ERR maildrop already locked\r\n"}) {
        Scheduled box{R"({"messages": 1})"};
        box.reply("PASS", words);
        const auto began = box.now.steady;
        while (box.now.steady - began < minutes{30}) {
            const auto pause = box.poll();
            EXPECT_LE(pause, minutes{2});
            const bool is_long = box.now.steady - began >= minutes{10};
            EXPECT_EQ(box.status().state, is_long ? MailboxState::error : MailboxState::warning);
            EXPECT_TRUE(contains(box.status().last_error, "in use since 2026-11-24T06:0"))
                << box.status().last_error;
        }
        box.bench.server.change([](Pop3Script& script) { script.replies.clear(); });
        EXPECT_EQ(box.poll(), seconds{60});
        EXPECT_EQ(box.status().state, MailboxState::ok);
    }
}

TEST(Pop3Expire, AnExpiryThatIsNoLongerThanTheIntervalAlarms)
{
    Scheduled box{R"({"messages": 1, "capabilities": ["UIDL", "EXPIRE 1", "LOGIN-DELAY 86400"]})"};
    static_cast<void>(box.poll());
    EXPECT_EQ(box.status().state, MailboxState::warning);
    EXPECT_TRUE(contains(box.status().last_error, "removes messages after 1 day (EXPIRE)"));
    EXPECT_TRUE(contains(box.schedule.new_policy_warning(), "EXPIRE")); // for the log
    static_cast<void>(box.poll());
    EXPECT_TRUE(box.schedule.new_policy_warning().empty()); // once
    EXPECT_TRUE(contains(box.status().last_error, "(EXPIRE)"));
}

TEST(Pop3Expire, IsToldBesideAChangedCertificate)
{
    Scheduled box{R"({"messages": 1, "capabilities": ["UIDL", "EXPIRE 1", "LOGIN-DELAY 86400"]})"};
    auto report = box.bench.poll();
    report.unconfirmed_certificate = {"before", "now"};
    static_cast<void>(box.schedule.begin());
    box.schedule.end({.report = report, .refusal = {}, .totals = {}}, box.now, 0.5);
    EXPECT_TRUE(contains(box.status().last_error, "certificate has changed"));
    EXPECT_TRUE(contains(box.status().last_error, "(EXPIRE)"));
}

TEST(Pop3Expire, ALongerOneAndNeverDoNot)
{
    for (const auto* const expire : {"EXPIRE 30", "EXPIRE NEVER", "EXPIRE 1"}) {
        Scheduled box{R"({"messages": 1})"};
        box.bench.server.change(
            [&](Pop3Script& script) { script.capabilities = {"UIDL", expire}; });
        static_cast<void>(box.poll());
        EXPECT_EQ(box.status().state, MailboxState::ok) << box.status().last_error;
    }
}

TEST(Pop3Expire, GmailThatAnnouncesItToEverybodyIsNotBelieved)
{
    Scheduled box{R"({"messages": 2, "hides_retrieved": true,
                      "capabilities": ["UIDL", "EXPIRE 0", "LOGIN-DELAY 300", "X-GOOGLE-RICO"]})"};
    static_cast<void>(box.poll());
    EXPECT_EQ(box.status().state, MailboxState::ok) << box.status().last_error;
}

TEST(Pop3Expire, AServerThatRemovesWhatWasFetchedIsNamedWhereMessagesAreToStay)
{
    Scheduled box{R"({"messages": 1, "capabilities": ["UIDL", "EXPIRE 0"]})"};
    static_cast<void>(box.poll());
    EXPECT_TRUE(contains(box.status().last_error, "EXPIRE 0")) << box.status().last_error;
    static_cast<void>(box.poll()); // it is listed still: the server does not do as it says
    EXPECT_EQ(box.status().state, MailboxState::ok) << box.status().last_error;
    Scheduled deleting{R"({"messages": 1, "capabilities": ["UIDL", "EXPIRE 0"]})"};
    deleting.settings.insert(1, R"("after_retrieval":"delete",)");
    deleting.apply(2);
    static_cast<void>(deleting.poll());
    EXPECT_EQ(deleting.status().state, MailboxState::ok);
}

} // namespace
} // namespace watchpost::test
