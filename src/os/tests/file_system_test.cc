// What every FileSystem promises: run by the real one and by the double of the tests.
#include "os/file_system.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "os/testing/power_loss_disk.h"
#include "support/temp_dir.h"

namespace watchpost::os {
namespace {

using base::ErrorCode;

class RealFolder {
public:
    [[nodiscard]] std::unique_ptr<FileSystem> mount() const
    {
        return open_folder(folder_.path()).value();
    }

private:
    test::TempDir folder_;
};

template <typename Disk>
class FileSystemConformance : public testing::Test {
public:
    std::unique_ptr<File> create(std::string_view name, std::string_view content)
    {
        auto file = folder->open(name, OpenMode::create_new).value();
        EXPECT_TRUE(file->write_at(base::as_bytes(content), 0));
        return file;
    }

    std::string read(std::string_view name)
    {
        const auto file = folder->open(name, OpenMode::read).value();
        std::array<std::byte, 4096> buffer{};
        const std::size_t got = file->read_at(buffer, 0).value();
        return std::string{base::as_text(base::ByteView{buffer}.first(got))};
    }

    Disk disk;
    std::unique_ptr<FileSystem> folder = disk.mount();
};

using Disks = testing::Types<RealFolder, os_testing::PowerLossDisk>;
TYPED_TEST_SUITE(FileSystemConformance, Disks);

TYPED_TEST(FileSystemConformance, WrittenOctetsAreReadBackAtTheirOffsets)
{
    const auto file = this->create("a", "hello");
    ASSERT_TRUE(file->write_at(base::as_bytes("J"), 0));
    ASSERT_TRUE(file->write_at(base::as_bytes("!"), 7));
    EXPECT_EQ(this->read("a"), std::string("Jello\0\0!", 8));
    EXPECT_EQ(file->size().value(), 8U);
}

TYPED_TEST(FileSystemConformance, PiecesAreWrittenOneAfterTheOther)
{
    const auto file = this->create("a", "");
    std::vector<base::ByteView> pieces(3000, base::as_bytes("xy"));
    pieces[0] = {};
    pieces[1500] = {};
    pieces.back() = base::as_bytes("z");
    ASSERT_TRUE(file->write_at(pieces, 2));
    EXPECT_EQ(file->size().value(), 2U + 2U * 2997U + 1U);
    std::array<std::byte, 1> last{};
    ASSERT_EQ(file->read_at(last, file->size().value() - 1).value(), 1U);
    EXPECT_EQ(base::as_text(last), "z");
}

TYPED_TEST(FileSystemConformance, NothingIsWrittenWhereThereAreNoOctets)
{
    const auto file = this->create("a", "");
    ASSERT_TRUE(file->write_at(std::span<const base::ByteView>{}, 100));
    EXPECT_EQ(file->size().value(), 0U);
}

TYPED_TEST(FileSystemConformance, ReadingStopsAtTheEnd)
{
    const auto file = this->create("a", "hello");
    std::array<std::byte, 10> buffer{};
    EXPECT_EQ(file->read_at(buffer, 3).value(), 2U);
    EXPECT_EQ(file->read_at(buffer, 5).value(), 0U);
    EXPECT_EQ(file->read_at(buffer, 500).value(), 0U);
}

TYPED_TEST(FileSystemConformance, TruncationCutsTheEnd)
{
    const auto file = this->create("a", "hello");
    ASSERT_TRUE(file->truncate(2));
    EXPECT_EQ(this->read("a"), "he");
}

TYPED_TEST(FileSystemConformance, MissingFileIsNotFound)
{
    EXPECT_EQ(this->folder->open("none", OpenMode::read).error().code(), ErrorCode::not_found);
    EXPECT_EQ(this->folder->open("none", OpenMode::read_write).error().code(),
              ErrorCode::not_found);
    EXPECT_EQ(this->folder->open("no/ne", OpenMode::create_new).error().code(),
              ErrorCode::not_found);
    EXPECT_EQ(this->folder->remove("none").error().code(), ErrorCode::not_found);
    EXPECT_EQ(this->folder->rename("none", "some").error().code(), ErrorCode::not_found);
    EXPECT_EQ(this->folder->list("none").error().code(), ErrorCode::not_found);
    EXPECT_EQ(this->folder->sync_folder("none").error().code(), ErrorCode::not_found);
}

TYPED_TEST(FileSystemConformance, ExistingFileIsNotCreatedAgain)
{
    this->create("a", "kept");
    EXPECT_EQ(this->folder->open("a", OpenMode::create_new).error().code(),
              ErrorCode::invalid_argument);
    EXPECT_EQ(this->read("a"), "kept");
}

TYPED_TEST(FileSystemConformance, FileOpenedForReadingCannotBeWritten)
{
    this->create("a", "kept");
    const auto file = this->folder->open("a", OpenMode::read).value();
    EXPECT_FALSE(file->write_at(base::as_bytes("lost"), 0));
    EXPECT_EQ(this->read("a"), "kept");
}

TYPED_TEST(FileSystemConformance, ListingHoldsTheSortedNamesOfOneFolder)
{
    ASSERT_TRUE(this->folder->make_folder("sub"));
    ASSERT_TRUE(this->folder->make_folder("sub")); // again: no error
    this->create("sub/b", "");
    this->create("sub/a", "");
    this->create("c", "");
    EXPECT_EQ(this->folder->list("sub").value(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(this->folder->list("").value(), (std::vector<std::string>{"c"}));
}

TYPED_TEST(FileSystemConformance, RenameReplaces)
{
    this->create("old", "old");
    this->create("new", "new");
    ASSERT_TRUE(this->folder->rename("new", "old"));
    EXPECT_EQ(this->read("old"), "new");
    EXPECT_FALSE(this->folder->open("new", OpenMode::read));
}

TYPED_TEST(FileSystemConformance, OpenFileOutlivesItsName)
{
    const auto file = this->create("a", "hello");
    ASSERT_TRUE(this->folder->remove("a"));
    std::array<std::byte, 5> buffer{};
    EXPECT_EQ(file->read_at(buffer, 0).value(), 5U);
}

TYPED_TEST(FileSystemConformance, SyncsSucceed)
{
    const auto file = this->create("a", "hello");
    ASSERT_TRUE(this->folder->make_folder("sub"));
    EXPECT_TRUE(file->sync_data());
    EXPECT_TRUE(this->folder->sync_folder(""));
    EXPECT_TRUE(this->folder->sync_folder("sub"));
    EXPECT_GT(this->folder->free_bytes().value(), 0U);
}

TYPED_TEST(FileSystemConformance, CountsTheOctetsOfTheFilesInAFolder)
{
    ASSERT_TRUE(this->folder->make_folder("sub"));
    const auto one = this->create("a", "hello");
    const auto other = this->create("sub/b", "four");
    EXPECT_EQ(this->folder->octets_in("").value(), 5U);
    EXPECT_EQ(this->folder->octets_in("sub").value(), 4U);
    EXPECT_EQ(this->folder->octets_in("none").has_value(), this->folder->list("none").has_value());
}

TYPED_TEST(FileSystemConformance, LockIsHeldByOneAndNamesItsHolder)
{
    auto lock = this->folder->lock("lock");
    ASSERT_TRUE(lock);
    const auto other = this->disk.mount();
    const auto refused = other->lock("lock");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::busy);
    EXPECT_NE(refused.error().describe().find("in use by process "), std::string::npos);
    lock->reset();
    EXPECT_TRUE(other->lock("lock"));
}

} // namespace
} // namespace watchpost::os
