// The double must be as unkind as a real disk: these tests are what the crash matrix stands on.
#include "os/testing/power_loss_disk.h"

#include <gtest/gtest.h>

namespace watchpost::os_testing {
namespace {

using base::ErrorCode;
using os::File;
using os::FileSystem;
using os::OpenMode;

class PowerLossDiskTest : public testing::Test {
protected:
    std::unique_ptr<File> create(std::string_view name)
    {
        return folder->open(name, OpenMode::create_new).value();
    }

    /// A file with the durable octets "durable" under a durable name.
    std::unique_ptr<File> create_durable(std::string_view name)
    {
        auto file = create(name);
        EXPECT_TRUE(file->write_at(base::as_bytes("durable"), 0));
        EXPECT_TRUE(file->sync_data());
        EXPECT_TRUE(folder->sync_folder(""));
        return file;
    }

    std::string content(const std::string& name) const
    {
        const base::Bytes bytes = disk.content(name);
        return std::string{base::as_text(bytes)};
    }

    PowerLossDisk disk;
    std::unique_ptr<FileSystem> folder = disk.mount();
};

TEST_F(PowerLossDiskTest, SyncedOctetsSurviveAndOthersDoNot)
{
    const auto file = create_durable("a");
    ASSERT_TRUE(file->write_at(base::as_bytes(" not"), 7));
    disk.power_loss({});
    EXPECT_EQ(content("a"), "durable");
}

TEST_F(PowerLossDiskTest, SyncedFileWithoutASyncedNameIsGone)
{
    const auto file = create("a");
    ASSERT_TRUE(file->write_at(base::as_bytes("x"), 0));
    ASSERT_TRUE(file->sync_data());
    disk.power_loss({});
    EXPECT_TRUE(disk.names().empty());
}

TEST_F(PowerLossDiskTest, UnsyncedRenameAndRemovalAreUndone)
{
    create_durable("a");
    create_durable("b");
    ASSERT_TRUE(folder->rename("a", "c"));
    ASSERT_TRUE(folder->remove("b"));
    disk.power_loss({});
    EXPECT_EQ(disk.names(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(PowerLossDiskTest, UnsyncedNamesMayGetOutInTime)
{
    create_durable("a");
    ASSERT_TRUE(folder->rename("a", "c"));
    disk.power_loss({.names_kept = true});
    EXPECT_EQ(disk.names(), (std::vector<std::string>{"c"}));
}

TEST_F(PowerLossDiskTest, UnsyncedFolderIsGoneWithAllInIt)
{
    ASSERT_TRUE(folder->make_folder("sub"));
    const auto file = create("sub/a");
    ASSERT_TRUE(file->sync_data());
    ASSERT_TRUE(folder->sync_folder("sub"));
    disk.power_loss({});
    EXPECT_TRUE(disk.names().empty());
    EXPECT_FALSE(disk.mount()->list("sub"));
}

TEST_F(PowerLossDiskTest, TailIsTornAtAnyOctet)
{
    for (std::uint64_t kept = 0; kept <= 4; ++kept) {
        PowerLossDisk fresh;
        const auto mounted = fresh.mount();
        const auto file = mounted->open("a", OpenMode::create_new).value();
        ASSERT_TRUE(mounted->sync_folder(""));
        ASSERT_TRUE(file->write_at(base::as_bytes("ab"), 0));
        ASSERT_TRUE(file->write_at(base::as_bytes("cd"), 2));
        fresh.power_loss({.files = Torn::prefix, .octets = kept});
        const base::Bytes left = fresh.content("a");
        EXPECT_EQ(base::as_text(left), std::string_view{"abcd"}.substr(0, kept));
    }
}

TEST_F(PowerLossDiskTest, SizeMaySurviveWithoutTheOctets)
{
    const auto file = create_durable("a");
    ASSERT_TRUE(file->write_at(base::as_bytes("xy"), 7));
    disk.power_loss({.files = Torn::zero_filled});
    EXPECT_EQ(content("a"), std::string("durable\0\0", 9));
}

TEST_F(PowerLossDiskTest, LaterSectorsMaySurviveWithoutEarlierOnes)
{
    const auto file = create("a");
    ASSERT_TRUE(folder->sync_folder(""));
    ASSERT_TRUE(file->write_at(base::as_bytes(std::string(32, 'x')), 0));
    disk.power_loss({.files = Torn::holes, .octets = 16});
    EXPECT_EQ(content("a"), std::string(16, '\0') + std::string(16, 'x'));
}

TEST_F(PowerLossDiskTest, FailedSyncIsNotMendedByASecondOne)
{
    const auto file = create_durable("a");
    ASSERT_TRUE(file->write_at(base::as_bytes("XXXXXXX"), 0));
    disk.inject(disk.operations(), Fault::sync_error);
    EXPECT_FALSE(file->sync_data());
    EXPECT_TRUE(file->sync_data());
    EXPECT_EQ(content("a"), "XXXXXXX"); // still readable, as from a page cache
    disk.power_loss({.files = Torn::all_kept});
    EXPECT_EQ(content("a"), "durable");
}

TEST_F(PowerLossDiskTest, FailedSyncMayHaveWorkedAllTheSame)
{
    const auto file = create_durable("a");
    ASSERT_TRUE(file->write_at(base::as_bytes("XXXXXXX"), 0));
    disk.inject(disk.operations(), Fault::sync_error_kept);
    EXPECT_FALSE(file->sync_data());
    disk.power_loss({});
    EXPECT_EQ(content("a"), "XXXXXXX");
}

TEST_F(PowerLossDiskTest, LaterWriteMaySurviveWithoutTheFirst)
{
    const auto file = create_durable("a");
    ASSERT_TRUE(file->write_at(base::as_bytes("12"), 7));
    ASSERT_TRUE(file->write_at(base::as_bytes("34"), 9));
    disk.power_loss({.files = Torn::first_lost});
    EXPECT_EQ(content("a"), std::string("durable\0\0\x33\x34", 11));
}

TEST_F(PowerLossDiskTest, FullDiskCutsTheWriteShort)
{
    const auto file = create_durable("a");
    disk.inject(disk.operations(), Fault::disk_full);
    const auto written = file->write_at(base::as_bytes("1234"), 7);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::disk_full);
    EXPECT_EQ(content("a"), "durable12");
    EXPECT_TRUE(file->write_at(base::as_bytes("1234"), 7));
}

TEST_F(PowerLossDiskTest, NothingWorksOnceThePowerIsOff)
{
    const auto file = create_durable("a");
    disk.inject(disk.operations(), Fault::power_off);
    EXPECT_FALSE(file->write_at(base::as_bytes("1"), 7));
    EXPECT_FALSE(file->write_at(base::as_bytes("2"), 7));
    EXPECT_FALSE(file->sync_data());
    EXPECT_FALSE(folder->sync_folder(""));
    EXPECT_FALSE(folder->rename("a", "b"));
    disk.power_loss({.files = Torn::all_kept});
    EXPECT_EQ(content("a"), "durable1");
}

TEST_F(PowerLossDiskTest, HandlesFromBeforeADeathAreDead)
{
    const auto file = create_durable("a");
    const auto lock = folder->lock("lock");
    disk.process_death();
    EXPECT_FALSE(file->write_at(base::as_bytes("late"), 0));
    EXPECT_FALSE(file->sync_data());
    EXPECT_FALSE(folder->remove("a"));
    EXPECT_TRUE(disk.mount()->lock("lock"));
    EXPECT_EQ(content("a"), "durable");
}

} // namespace
} // namespace watchpost::os_testing
