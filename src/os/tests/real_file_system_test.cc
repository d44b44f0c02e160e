#include "os/file_system.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace watchpost::os {
namespace {

using base::ErrorCode;

mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
}

TEST(RealFileSystem, NewFilesAndFoldersAreForTheirOwnerAlone)
{
    const test::TempDir dir;
    const auto folder = open_folder(dir / "spool", Missing::is_created).value();
    ASSERT_TRUE(folder->make_folder("sub"));
    ASSERT_TRUE(folder->open("sub/file", OpenMode::create_new));
    ASSERT_TRUE(folder->lock("lock"));
    EXPECT_EQ(mode_of(dir / "spool"), 0700U);
    EXPECT_EQ(mode_of(dir / "spool/sub"), 0700U);
    EXPECT_EQ(mode_of(dir / "spool/sub/file"), 0600U);
    EXPECT_EQ(mode_of(dir / "spool/lock"), 0600U);
}

TEST(RealFileSystem, FolderThatExistsIsOpenedAsItIs)
{
    const test::TempDir dir;
    ASSERT_TRUE(open_folder(dir / "spool/", Missing::is_created));
    EXPECT_TRUE(open_folder(dir / "spool", Missing::is_created));
    EXPECT_TRUE(open_folder(dir / "spool"));
}

TEST(RealFileSystem, FolderThatCannotBeOpenedIsNamed)
{
    const test::TempDir dir;
    const auto missing = open_folder(dir / "none");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code(), ErrorCode::not_found);
    EXPECT_NE(missing.error().describe().find("none"), std::string::npos);
    EXPECT_FALSE(open_folder(dir / "no/ne", Missing::is_created));
    dir.write("file", "");
    EXPECT_FALSE(open_folder(dir / "file", Missing::is_created));
}

/// What somebody else put there does not lead us out of the folder.
TEST(RealFileSystem, SymbolicLinkIsNotFollowed)
{
    const test::TempDir dir;
    const auto target = dir.write("target", "kept");
    const auto folder = open_folder(dir / "spool", Missing::is_created).value();
    std::filesystem::create_symlink(target, dir / "spool/link");
    EXPECT_FALSE(folder->open("link", OpenMode::read));
    EXPECT_FALSE(folder->open("link", OpenMode::create_new));
    EXPECT_FALSE(folder->lock("link"));
    EXPECT_TRUE(folder->list("").value().empty());
    EXPECT_EQ(test::read_file(target), "kept");
}

TEST(RealFileSystem, LockFileWithRubbishStillSaysThatSomebodyHasIt)
{
    const test::TempDir dir;
    const auto folder = open_folder(dir.path()).value();
    const auto lock = folder->lock("lock");
    dir.write("lock", "\x1b[31mnot a number");
    const auto refused = open_folder(dir.path()).value()->lock("lock");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().describe().find("in use by another process"), std::string::npos);
}

/// Writes more than the process may: the kernel cuts the write short, then refuses the rest.
[[noreturn]] void write_beyond_the_limit(const std::filesystem::path& path)
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto file = open_folder(path).value()->open("file", OpenMode::create_new).value();
    const base::Bytes bytes(10'000, std::byte{7});
    const auto written = file->write_at(bytes, 0);
    const bool is_told = !written && written.error().code() == ErrorCode::io_failed &&
                         written.error().describe().find("file") != std::string::npos;
    std::_Exit(is_told && file->size().value() == 4096 ? 0 : 1);
}

TEST(RealFileSystem, ShortWriteIsCarriedOnAndItsErrorIsTold)
{
    const test::TempDir dir;
    EXPECT_EXIT(write_beyond_the_limit(dir.path()), testing::ExitedWithCode(0), "");
}

TEST(RealFileSystem, FullDiskIsTold)
{
    const auto dev = open_folder("/dev").value();
    const auto full = dev->open("full", OpenMode::read_write);
    if (!full) {
        GTEST_SKIP() << "no /dev/full here: " << full.error().describe();
    }
    const auto written = (*full)->write_at(base::as_bytes("x"), 0);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::disk_full);
    EXPECT_EQ(written.error().retry(), base::Retry::later);
}

} // namespace
} // namespace watchpost::os
