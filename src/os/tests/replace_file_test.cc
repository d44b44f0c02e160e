#include "os/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.h"

namespace watchpost::os {
namespace {

mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

TEST(ReplaceFile, TheNewContentTakesThePlaceOfTheOld)
{
    const watchpost::test::TempDir temporary;
    temporary.write("a.new", "what a crash left behind");
    const auto folder = open_folder(temporary.path()).value();
    ASSERT_TRUE(replace_file(*folder, "a", base::as_bytes("one")));
    ASSERT_TRUE(replace_file(*folder, "a", base::as_bytes("two")));
    EXPECT_EQ(read_whole_file(*folder, "a", 100).value(), "two");
    EXPECT_EQ(folder->list("").value(), std::vector<std::string>{"a"});
}

TEST(ReplaceFile, ALargerOrMissingFileIsAnError)
{
    const watchpost::test::TempDir temporary;
    temporary.write("a", "12345");
    const auto folder = open_folder(temporary.path()).value();
    EXPECT_EQ(read_whole_file(*folder, "a", 4).error().code(), base::ErrorCode::limit_exceeded);
    EXPECT_EQ(read_whole_file(*folder, "b", 4).error().code(), base::ErrorCode::not_found);
}

TEST(FileSystemModes, AreForTheOwnerAloneUnlessTheFolderSharesWithItsGroup)
{
    const watchpost::test::TempDir temporary;
    const mode_t before = ::umask(0022);
    for (const bool is_shared : {false, true}) {
        const auto path = temporary / (is_shared ? "shared" : "private");
        ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
        ASSERT_EQ(::chmod(path.c_str(), is_shared ? 02750 : 0750), 0);
        const auto folder = open_folder(path).value();
        ASSERT_TRUE(folder->make_folder("segments"));
        ASSERT_TRUE(folder->open("segments/1", OpenMode::create_new));
        EXPECT_EQ(mode_of(path / "segments") & 0777U, is_shared ? 0750U : 0700U);
        EXPECT_EQ(mode_of(path / "segments/1"), is_shared ? 0640U : 0600U);
    }
    ::umask(before);
}

} // namespace
} // namespace watchpost::os
