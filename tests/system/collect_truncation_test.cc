// Dovecot ends a message that it cannot read to its end with a proper terminator: section 2 of the
// quirks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

std::string gzip(const TempDir& folder, const std::string& text)
{
    const auto file = folder.write("message", text);
    EXPECT_EQ(run_program({"gzip", "--force", file}).exit_code, 0);
    return read_file(file.string() + ".gz");
}

/// Lines that do not compress to nothing.
std::string incompressible(std::size_t octets)
{
    std::string text = "Subject: long\n\n";
    std::uint32_t state = 1;
    while (text.size() < octets) {
        state = state * 1664525U + 1013904223U;
        text += std::to_string(state) + (state % 7 == 0 ? "\n" : " ");
    }
    return text + "\n";
}

TEST(CollectTruncation, AStumpIsKeptFlaggedAndLeftAtTheServer)
{
    if (!Dovecot::is_installed() ||
        !std::filesystem::exists("/usr/lib/dovecot/modules/lib20_zlib_plugin.so")) {
        GTEST_SKIP() << "Dovecot with its zlib plugin is not installed";
    }
    DovecotOptions options;
    options.configuration = "mail_plugins = zlib\n";
    const Dovecot dovecot{options};
    const Collecting collecting;
    const std::string text = incompressible(400'000);
    auto packed = gzip(collecting.folder(), text);
    packed.resize(packed.size() / 2);
    dovecot.deliver("alice", "1.good", mail("good"));
    dovecot.deliver("alice",
                    "2.cut,S=" + std::to_string(text.size()) +
                        ",W=" + std::to_string(with_crlf(text).size()),
                    packed);
    dovecot.deliver("alice", "3.good", mail("good too"));

    const auto result = collecting.run_clear(dovecot.port(), {"--delete"});
    EXPECT_EQ(result.exit_code, 0) << result.err << dovecot.log();
    EXPECT_THAT(result.out, HasSubstr("3 messages collected"));
    EXPECT_THAT(result.out, HasSubstr("1 shorter than announced"));
    EXPECT_EQ(dovecot.messages("alice").size(), 1U);
    for (const auto& message : collecting.stored()) {
        const bool is_stump = message.completeness == spool::Completeness::short_of_announced;
        EXPECT_EQ(message.content.starts_with("Subject: long"), is_stump);
        EXPECT_EQ(with_crlf(text).starts_with(message.content.substr(0, 1000)), is_stump);
    }
    EXPECT_THAT(collecting.run_clear(dovecot.port(), {"--delete"}).out,
                HasSubstr("0 messages collected, 0 octets; 1 known before"));
}

} // namespace
} // namespace watchpost::test
