#include "spool/reader.h"

#include <sys/mman.h>
#include <unistd.h>

#include "os/unique_fd.h"
#include "spool/format.h"
#include "spool_on_disk.h"
#include "support/temp_dir.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;

class SpoolReaderTest : public SpoolTest {
protected:
    std::unique_ptr<SpoolReader> read(Verify verify = Verify::records)
    {
        return SpoolReader::open(disk.mount(), verify).value();
    }

    static std::vector<SpoolItem> items(const SpoolReader& reader)
    {
        std::vector<SpoolItem> all;
        EXPECT_TRUE(reader.for_each_item([&](const SpoolItem& item) { all.push_back(item); }));
        return all;
    }
};

TEST_F(SpoolReaderTest, FolderWithoutASpoolIsRefused)
{
    const auto reader = SpoolReader::open(disk.mount());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code(), ErrorCode::not_found);
    EXPECT_NE(reader.error().describe().find("holds no spool"), std::string::npos);
    EXPECT_FALSE(SpoolReader::open(std::filesystem::path{"/nowhere/at/all"}));
}

TEST_F(SpoolReaderTest, LooksBesideAWriterAndChangesNothing)
{
    const auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "one"}, {"u2", std::string(large_octets, 'x')}}));
    const std::uint64_t before = disk.operations();
    const auto reader = read(Verify::content);
    EXPECT_EQ(items(*reader).size(), 2U);
    EXPECT_TRUE(reader->damage().empty());
    EXPECT_EQ(disk.operations(), before);
}

/// Beside a writer the end of the log is always in motion.
TEST_F(SpoolReaderTest, UnfinishedTailIsNoDamage)
{
    const auto spool = open();
    ASSERT_TRUE(deliver(*spool, {{"u1", "one"}, {"u2", "two"}}));
    base::Bytes content = disk.content(segment_name(1));
    content.resize(content.size() - 2);
    disk.set_content(segment_name(1), content);
    const auto reader = read(Verify::content);
    EXPECT_EQ(items(*reader).size(), 1U);
    EXPECT_TRUE(reader->damage().empty());
}

TEST_F(SpoolReaderTest, ContentThatDoesNotCheckOutIsHandedOverAndSaidSo)
{
    open();
    ASSERT_TRUE(deliver(*open(), {{"u1", "the content"}}));
    base::Bytes content = disk.content(segment_name(1));
    const auto at = base::as_text(content).find("content");
    content[at] = std::byte{'C'};
    disk.set_content(segment_name(1), content);
    const auto reader = read();
    std::string seen;
    const auto done = reader->read(items(*reader).at(0), [&](base::ByteView piece) {
        seen += base::as_text(piece);
        return base::Result<void>{};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), ErrorCode::damaged);
    EXPECT_EQ(seen, "the Content");
}

TEST_F(SpoolReaderTest, LargeFileThatWasChangedOrCutIsDamaged)
{
    const auto ids = deliver(*open(), {{"big", std::string(large_octets, 'x')}}).value();
    const std::string name = large_name(ids[0]);
    base::Bytes content = disk.content(name);
    for (const bool is_cut : {false, true}) {
        base::Bytes changed = content;
        if (is_cut) {
            changed.pop_back();
        } else {
            changed[1000] = std::byte{'y'};
        }
        disk.set_content(name, changed);
        const auto reader = read(Verify::content);
        ASSERT_EQ(reader->damage().size(), 1U) << is_cut;
        EXPECT_EQ(reader->damage()[0].file, name);
        EXPECT_EQ(items(*reader).at(0).content, ContentState::damaged);
    }
}

TEST_F(SpoolReaderTest, ErrorOfTheSinkEndsTheReading)
{
    ASSERT_TRUE(deliver(*open(), {{"big", std::string(large_octets, 'x')}}));
    const auto reader = read();
    int pieces = 0;
    const auto done = reader->read(items(*reader).at(0), [&](base::ByteView) {
        ++pieces;
        return base::Result<void>{base::fail(ErrorCode::cancelled, base::Retry::never, "enough")};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), ErrorCode::cancelled);
    EXPECT_EQ(pieces, 1);
}

TEST_F(SpoolReaderTest, ForeignIdIsNotFound)
{
    open();
    SpoolItem item;
    item.id = SpoolId::make();
    const auto done = read()->read(item, [](base::ByteView) { return base::Result<void>{}; });
    EXPECT_EQ(done.error().code(), ErrorCode::not_found);
}

TEST_F(SpoolReaderTest, ContentIsCopiedIntoADescriptor)
{
    const std::string text = std::string(large_octets, 'x') + "end";
    ASSERT_TRUE(deliver(*open(), {{"big", text}}));
    const auto reader = read();
    const os::UniqueFd memory{::memfd_create("message", MFD_CLOEXEC)};
    ASSERT_TRUE(reader->copy_to(items(*reader).at(0), memory.get()));
    std::string copied(text.size() + 1, '\0');
    ASSERT_EQ(::pread(memory.get(), copied.data(), copied.size(), 0),
              static_cast<ssize_t>(text.size()));
    EXPECT_TRUE(copied.starts_with(text));
    EXPECT_EQ(reader->copy_to(items(*reader).at(0), -1).error().code(), ErrorCode::io_failed);
}

TEST_F(SpoolReaderTest, WorksOnARealFolder)
{
    const test::TempDir dir;
    {
        const auto spool = Spool::open(dir / "spool").value();
        ASSERT_TRUE(deliver(*spool, {{"u1", "one"}, {"u2", std::string(large_octets, 'x')}}));
        EXPECT_FALSE(Spool::open(dir / "spool"));
    }
    ASSERT_TRUE(Spool::open(dir / "spool"));
    const auto reader = SpoolReader::open(dir / "spool", Verify::content).value();
    ASSERT_EQ(items(*reader).size(), 2U);
    EXPECT_EQ(read_content(*reader, items(*reader)[0]), "one");
    EXPECT_TRUE(reader->damage().empty());
}

} // namespace
} // namespace watchpost::spool
