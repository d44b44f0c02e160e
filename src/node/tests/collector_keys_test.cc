#include "node/collector_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "secrets/sealed_box.h"
#include "support/temp_dir.h"

namespace watchpost::node {
namespace {

class CollectorKeys : public testing::Test {
protected:
    CollectorKeys()
    {
        const auto me = os::current_user();
        EXPECT_TRUE(prepare(folder, {me, me, me}));
    }

    test::TempDir temporary;
    StateFolder folder{temporary / "state"};
};

TEST_F(CollectorKeys, AreMadeOnceAndBelongTogether)
{
    ASSERT_TRUE(ensure_collector_keys(folder));
    const auto text = test::read_file(folder.collector_key());
    ASSERT_TRUE(ensure_collector_keys(folder));
    EXPECT_EQ(test::read_file(folder.collector_key()), text);
    const auto pair = secrets::KeyPair::parse_key_file(text).value();
    auto public_text = test::read_file(folder.collector_public_key());
    public_text.pop_back();
    const auto sealed = secrets::seal(secrets::parse_public_key(public_text).value(), "secret");
    EXPECT_EQ(pair.open(sealed)->reveal(), "secret");
}

TEST_F(CollectorKeys, ThePrivateHalfIsForItsOwnerAlone)
{
    ASSERT_TRUE(ensure_collector_keys(folder));
    struct stat status = {};
    ASSERT_EQ(::stat(folder.collector_key().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(CollectorKeys, AStartThatWasCutOffIsMadeGood)
{
    temporary.write("state/keys/collector.key.new", "half");
    ASSERT_TRUE(ensure_collector_keys(folder));
    EXPECT_TRUE(secrets::KeyPair::parse_key_file(test::read_file(folder.collector_key())));
}

TEST_F(CollectorKeys, AMissingPublicHalfFollowsFromThePrivateOne)
{
    ASSERT_TRUE(ensure_collector_keys(folder));
    const auto before = test::read_file(folder.collector_public_key());
    std::filesystem::remove(folder.collector_public_key());
    ASSERT_TRUE(ensure_collector_keys(folder));
    EXPECT_EQ(test::read_file(folder.collector_public_key()), before);
}

TEST_F(CollectorKeys, ALostPrivateHalfIsNotReplaced)
{
    ASSERT_TRUE(ensure_collector_keys(folder));
    std::filesystem::remove(folder.collector_key());
    const auto ensured = ensure_collector_keys(folder);
    ASSERT_FALSE(ensured);
    EXPECT_NE(ensured.error().message().find("backup"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder.collector_key()));
}

TEST_F(CollectorKeys, ADamagedKeyFileIsSaid)
{
    temporary.write("state/keys/collector.key", "not a key");
    const auto ensured = ensure_collector_keys(folder);
    ASSERT_FALSE(ensured);
    EXPECT_NE(ensured.error().describe().find("collector.key"), std::string::npos);
}

} // namespace
} // namespace watchpost::node
