#include "node/state_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_dir.h"

namespace watchpost::node {
namespace {

struct stat status_of(const std::filesystem::path& path)
{
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status;
}

ServiceUsers one_user()
{
    const auto me = os::current_user();
    return {me, me, me};
}

TEST(StateFolder, IsMadeAndMayBePreparedAgain)
{
    const test::TempDir temporary;
    const StateFolder folder{temporary / "var" / "state"};
    ASSERT_TRUE(prepare(folder, one_user()));
    ASSERT_TRUE(prepare(folder, one_user()));
    EXPECT_EQ(status_of(folder.tls()).st_mode & 0777U, 0700U);
    EXPECT_EQ(status_of(folder.stores()).st_mode & 0777U, 0700U);
    EXPECT_EQ(status_of(folder.content()).st_mode & 0777U, 0700U);
    EXPECT_EQ(status_of(folder.spool()).st_mode & 0777U, 0750U);
}

TEST(StateFolder, EveryPartBelongsToItsProcess)
{
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give folders to other users";
    }
    const test::TempDir temporary;
    const StateFolder folder{temporary / "state"};
    const ServiceUsers users{{61'001, 61'000}, {61'002, 61'000}, {61'003, 61'000}};
    EXPECT_FALSE(users.are_one());
    ASSERT_TRUE(prepare(folder, users));
    EXPECT_EQ(status_of(folder.root()).st_uid, 0U); // whose owner may rename what is in it
    EXPECT_EQ(status_of(folder.root()).st_gid, 61'000U);
    EXPECT_EQ(status_of(folder.stores()).st_uid, 61'001U);
    EXPECT_EQ(status_of(folder.spool()).st_uid, 61'002U);
    EXPECT_EQ(status_of(folder.spool()).st_gid, 61'000U);
    EXPECT_EQ(status_of(folder.content()).st_uid, 61'003U);
    EXPECT_EQ(status_of(folder.keys()).st_uid, 0U);
}

TEST(StateFolder, AFileInTheWayIsNamed)
{
    const test::TempDir temporary;
    const auto path = temporary.write("state", "I am a file");
    const auto prepared = prepare(StateFolder{path}, one_user());
    ASSERT_FALSE(prepared);
    EXPECT_NE(prepared.error().describe().find("--state"), std::string::npos);
    EXPECT_NE(prepared.error().describe().find(path.native()), std::string::npos);
}

} // namespace
} // namespace watchpost::node
