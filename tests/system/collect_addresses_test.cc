// A name with several addresses, of which the server listens on one only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

/// Runs the words where "mail.test" has both loopback addresses: with an /etc/hosts of its own.
ProgramResult run_with_hosts(const TempDir& folder, const std::vector<std::string>& words)
{
    const auto hosts = folder.write("hosts", "127.0.0.1 mail.test\n::1 mail.test\n");
    std::vector<std::string> all{
        "unshare", "--map-root-user",
        "--mount", "sh",
        "-c",      "mount --bind " + hosts.string() + " /etc/hosts && exec \"$@\"",
        "sh"};
    all.insert(all.end(), words.begin(), words.end());
    return run_program(all);
}

class CollectAddresses : public testing::TestWithParam<const char*> {};

TEST_P(CollectAddresses, TheOneThatAnswersIsFound)
{
    const TempDir folder;
    if (!Dovecot::is_installed() || run_with_hosts(folder, {"true"}).exit_code != 0) {
        GTEST_SKIP() << "needs dovecot-pop3d and the right to a mount namespace";
    }
    DovecotOptions options;
    options.addresses = {GetParam()};
    const Dovecot dovecot{options};
    dovecot.deliver("alice", "1", mail("one"));
    const Collecting collecting;
    const auto result = run_with_hosts(
        folder, collecting.words({"--server", "mail.test", "--port", std::to_string(dovecot.port()),
                                  "--tls", "none", "--json"}));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(std::string{R"("address":")"} + GetParam() + "\""));
    EXPECT_EQ(collecting.stored().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(All, CollectAddresses, testing::Values("127.0.0.1", "::1"));

TEST(CollectAddresses, WhereNoneAnswersEachIsNamedWithItsReason)
{
    const TempDir folder;
    if (run_with_hosts(folder, {"true"}).exit_code != 0) {
        GTEST_SKIP() << "needs the right to a mount namespace";
    }
    const Collecting collecting;
    const auto result = run_with_hosts(
        folder, collecting.words({"--server", "mail.test", "--port", "1", "--tls", "none"}));
    EXPECT_EQ(result.exit_code, 2);
    // IPv6 first (RFC 8305 §4), whatever the order of the hosts file.
    EXPECT_THAT(result.err, testing::ContainsRegex(R"(\[::1\]:1: .*; 127\.0\.0\.1:1: )"));
}

} // namespace
} // namespace watchpost::test
