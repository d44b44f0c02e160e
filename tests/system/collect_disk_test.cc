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
    EXPECT_THAT(result.out, HasSubstr("exit 1\n"));
    EXPECT_THAT(result.out, HasSubstr("5 deleted at the server"));
    EXPECT_THAT(result.out, HasSubstr("exit 0\n"));
    EXPECT_TRUE(server.script().messages.empty());
}

} // namespace
} // namespace watchpost::test
