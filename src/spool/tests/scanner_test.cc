#include "spool/scanner.h"

#include "spool/new_record.h"
#include "spool_on_disk.h"

namespace watchpost::spool {
namespace {

constexpr std::uint64_t mark = 0x8877665544332211;

/// A segment of records whose metas are the given texts, bodies twice the text.
class ScannerTest : public testing::Test {
protected:
    void add(std::string_view text, RecordKind kind = RecordKind::message)
    {
        const std::string body = std::string{text} + std::string{text};
        const base::ByteView meta = base::as_bytes(text);
        const NewRecord record =
            make_record(kind, {meta.begin(), meta.end()}, base::as_bytes(body));
        starts.push_back(file.size());
        append(encode(record.header, {mark, 1, file.size()}));
        append(record.meta);
        append(record.body);
    }

    void append(base::ByteView octets) { file.insert(file.end(), octets.begin(), octets.end()); }

    /// "a b [64+10] c!" : metas, gaps as [offset+octets], ! for a wrong body.
    std::string scan_all(std::uint64_t check_bodies_from = 0)
    {
        disk.set_content("file", file);
        const auto opened = disk.mount()->open("file", os::OpenMode::read).value();
        std::string seen;
        const auto on_record = [&](const Scanned& record) {
            seen += std::string{base::as_text(record.meta)} + (record.body_is_damaged ? "! " : " ");
        };
        const auto on_gap = [&](const Gap& gap) {
            seen += "[" + std::to_string(gap.offset) + "+" + std::to_string(gap.octets) +
                    (gap.reaches_end ? "$] " : "] ");
        };
        const ScanRange range{mark, 1, file.size(), check_bodies_from};
        EXPECT_TRUE(scan(*opened, range, on_record, on_gap));
        return seen;
    }

    PowerLossDisk disk;
    base::Bytes file = base::Bytes(file_header_bytes);
    std::vector<std::uint64_t> starts;
};

TEST_F(ScannerTest, RecordsComeInOrder)
{
    EXPECT_EQ(scan_all(), "");
    add("a");
    add("");
    add("c");
    EXPECT_EQ(scan_all(), "a  c ");
}

TEST_F(ScannerTest, EveryDamagedOctetCostsOneRecordOnly)
{
    add("first");
    add("second");
    add("third");
    const base::Bytes whole = file;
    for (std::uint64_t at = starts[1]; at < starts[2]; ++at) {
        file = whole;
        file[at] ^= std::byte{0x40};
        const std::string seen = scan_all();
        EXPECT_TRUE(seen.starts_with("first ")) << at;
        EXPECT_TRUE(seen.ends_with(" third ")) << at << seen;
        EXPECT_EQ(seen.find("second "), std::string::npos) << at;
    }
}

TEST_F(ScannerTest, EveryTruncationStopsCleanly)
{
    add("first");
    add("second");
    const base::Bytes whole = file;
    for (std::uint64_t size = 0; size < whole.size(); ++size) {
        file.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const std::string seen = scan_all();
        EXPECT_EQ(seen.find("second "), std::string::npos) << size;
        EXPECT_EQ(seen.starts_with("first "), size >= starts[1]) << size;
    }
}

TEST_F(ScannerTest, BodyIsLookedAtOnlyWhereItIsAskedFor)
{
    add("first");
    add("second");
    file[starts[1] - 1] ^= std::byte{1};
    file.back() ^= std::byte{1};
    EXPECT_EQ(scan_all(no_offset), "first second ");
    EXPECT_EQ(scan_all(starts[1]), "first second! ");
    EXPECT_EQ(scan_all(0), "first! second! ");
}

/// A message may contain the octets of a record: they are content as long as the mark is secret,
/// also where the record around them is damaged.
TEST_F(ScannerTest, ForgedRecordInsideAMessageIsNotFound)
{
    const std::uint64_t inside = file.size() + record_header_bytes;
    const NewRecord forged = make_record(RecordKind::message, base::Bytes(4, std::byte{'X'}));
    const auto octets = encode(forged.header, {mark ^ 1U, 1, inside});
    add(std::string{base::as_text(octets)} + "XXXX");
    add("next");
    file[starts[0]] ^= std::byte{1};
    EXPECT_EQ(scan_all(), "[64+" + std::to_string(starts[1] - starts[0]) + "] next ");
}

/// Even with the mark: a record copied to another place does not check out there.
TEST_F(ScannerTest, RecordAtAForeignPlaceIsNotFound)
{
    add("first");
    const base::Bytes copy{file.begin() + file_header_bytes, file.end()};
    append(base::Bytes(7));
    append(copy);
    EXPECT_EQ(scan_all(), "first [" + std::to_string(starts[0] + copy.size()) + "+" +
                              std::to_string(copy.size() + 7) + "$] ");
}

TEST_F(ScannerTest, RecordIsFoundAgainOverTheEdgesOfTheReads)
{
    for (std::size_t shift = 0; shift < 2 * mark_bytes; ++shift) {
        file.assign(file_header_bytes, std::byte{0});
        file.resize(Window::read_bytes_min + file_header_bytes - mark_bytes + shift, std::byte{7});
        add("after");
        EXPECT_TRUE(scan_all().ends_with("] after ")) << shift;
    }
}

TEST_F(ScannerTest, GapRecordIsSteppedOver)
{
    add("first");
    RecordHeader gap;
    gap.kind = RecordKind::gap;
    gap.body_bytes = 100;
    append(encode(gap, {mark, 1, file.size()}));
    append(base::Bytes(100, std::byte{0x55}));
    add("last");
    EXPECT_EQ(scan_all(), "first  last ");
}

} // namespace
} // namespace watchpost::spool
