// A full disk pauses collecting with a clear message, loses nothing, and it goes on when there is
// room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"
#include "pop3_server/server.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

/// Runs a shell script with a small file system of its own, mounted for the spool.
ProgramResult run_on_small_disk(const std::string& spool, const std::string& script,
                                const std::vector<std::string>& words)
{
    std::filesystem::create_directories(spool);
    std::vector<std::string> all{
        "unshare", "--map-root-user",
        "--mount", "sh",
        "-c",      "mount -t tmpfs -o size=70m none " + spool + " && " + script,
        "sh"};
    all.insert(all.end(), words.begin(), words.end());
    return run_program(all);
}

TEST(CollectDisk, WhenFullItPausesAndGoesOnWhereItStopped)
{
    const Collecting collecting;
    if (run_on_small_disk(collecting.spool(), "true", {}).exit_code != 0) {
        GTEST_SKIP() << "needs the right to a mount namespace";
    }
    Pop3Script script;
    for (int i = 1; i <= 5; ++i) { // 64 MiB are kept free: two of these fit
        script.messages.push_back(
            {"u" + std::to_string(i), with_crlf(mail("large", 2'000'000)), {}, {}});
    }
    ScriptedPop3Server server{script};
    const auto result =
        run_on_small_disk(collecting.spool(),
                          R"("$@" --delete; echo "exit $?"; mount -o remount,size=200m none )" +
                              collecting.spool() + R"(; "$@" --delete; echo "exit $?")",
                          collecting.words({"--server", "127.0.0.1", "--port",
                                            std::to_string(server.port()), "--tls", "none"}));
    EXPECT_THAT(result.err, HasSubstr("disk_full"));
    EXPECT_THAT(result.err, HasSubstr("collecting pauses: what is stored stays, make room"));
    EXPECT_THAT(result.out, HasSubstr("exit 3\n"));
    EXPECT_THAT(result.out, HasSubstr("5 deleted at the server"));
    EXPECT_THAT(result.out, HasSubstr("exit 0\n"));
    EXPECT_TRUE(server.script().messages.empty());
}

Pop3Script script_of(int count, std::size_t octets)
{
    Pop3Script script;
    for (int i = 1; i <= count; ++i) {
        script.messages.push_back(
            {"u" + std::to_string(i), with_crlf(mail("large", octets)), {}, {}});
    }
    return script;
}

TEST(CollectDisk, AtTheLimitOfTheSpoolItPausesAndGoesOnWithAHigherOne)
{
    const Collecting collecting;
    ScriptedPop3Server server{script_of(8, 1'000'000)};
    const auto full =
        collecting.run_clear(server.port(), {"--delete", "--spool-max-bytes", "4000000"});
    EXPECT_EQ(full.exit_code, 3);
    EXPECT_THAT(full.err, HasSubstr("of its limit of 3.8 MiB"));
    EXPECT_THAT(full.err, HasSubstr("collecting pauses: what is stored stays, make room"));
    const auto stored = collecting.stored().size();
    EXPECT_GE(stored, 2U);
    EXPECT_LE(stored, 4U);
    const auto again = collecting.run_clear(server.port(), {"--delete"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(server.script().messages.empty());
    EXPECT_EQ(collecting.stored().size(), 8U);
}

TEST(CollectDisk, AMessageOfMoreThanHalfTheLimitHoldsUpNobody)
{
    const Collecting collecting;
    auto script = script_of(1, 3'000'000);
    script.messages.push_back({"small", with_crlf(mail("small", 1'000)), {}, {}});
    ScriptedPop3Server server{script};
    const auto result =
        collecting.run_clear(server.port(), {"--delete", "--spool-max-bytes", "4000000"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("half of the spool's limit"));
    EXPECT_THAT(result.out, HasSubstr("1 too large"));
    ASSERT_EQ(server.script().messages.size(), 1U);
    const auto again = collecting.run_clear(server.port(), {"--delete"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(server.script().messages.empty());
}

} // namespace
} // namespace watchpost::test
