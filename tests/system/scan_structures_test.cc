// Every structure of tests/fixtures/structures through the real program and a real clamd: the
// payload is found where the manifest says, in the reading that has it.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "scan_fixture.h"
#include "support/clamd.h"
#include "support/structure_message.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;

std::vector<std::string> signatures_seen(const Json& line)
{
    std::vector<std::string> seen;
    for (const auto& finding : line.at("findings")) {
        if (finding.at("id") == "clamav.signature") {
            seen.push_back(finding.at("part").get<std::string>() + " (" +
                           finding.at("reading").get<std::string>() + ')');
        }
    }
    return seen;
}

TEST(ScanStructures, ClamdSeesEachPayload)
{
    if (!Clamd::is_installed()) {
        GTEST_SKIP() << "clamd is not installed (Debian: clamav-daemon)";
    }
    const TempDir signatures;
    signatures.write("payload.ndb",
                     "Watchpost.Test.Payload:0:0:" + base::to_hex(base::as_bytes(eicar())) + "\n");
    std::filesystem::permissions(signatures.path(), std::filesystem::perms{0755});
    std::filesystem::permissions(signatures / "payload.ndb", std::filesystem::perms{0644});
    const Clamd clamd{signatures.path()};
    ASSERT_TRUE(clamd.is_ready()) << clamd.log();

    const TempDir folder;
    std::vector<std::string> arguments{"--clamd", clamd.socket().native()};
    const auto rows = structure_rows();
    for (const auto& row : rows) {
        arguments.push_back(folder.write(row.name + ".eml", structure_message(row.name)).native());
    }
    const auto result = scan_json(std::move(arguments));
    ASSERT_EQ(result.lines.size(), rows.size()) << result.err;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_THAT(signatures_seen(result.lines[i]),
                    Contains(rows[i].path + " (" + rows[i].reading + ')'))
            << rows[i].name;
    }
}

} // namespace
} // namespace watchpost::test
