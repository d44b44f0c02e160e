#include "spool/format.h"

#include <gtest/gtest.h>

#include "spool/records.h"

namespace watchpost::spool {
namespace {

using base::ErrorCode;

const FileHeader file_header{FileKind::segment, 0x1122334455667788, 3, 17, 2, 4096};
const RecordHeader record_header{RecordKind::message, 90, 6000, 0xAABBCCDD, 0x01020304};
const RecordPlace place{0x1122334455667788, 3, 64};

TEST(SpoolFormat, FileHeaderIsReadBack)
{
    EXPECT_EQ(parse_file_header(encode(file_header)).value(), file_header);
}

TEST(SpoolFormat, EveryChangedBitOfAFileHeaderIsNoticed)
{
    for (std::size_t bit = 0; bit < file_header_bytes * 8; ++bit) {
        auto octets = encode(file_header);
        octets.at(bit / 8) ^= static_cast<std::byte>(1U << (bit % 8));
        EXPECT_EQ(parse_file_header(octets).error().code(), ErrorCode::damaged) << bit;
    }
}

TEST(SpoolFormat, CutOffFileHeaderIsDamaged)
{
    const auto octets = encode(file_header);
    for (std::size_t size = 0; size < file_header_bytes; ++size) {
        EXPECT_FALSE(parse_file_header(base::ByteView{octets}.first(size))) << size;
    }
}

TEST(SpoolFormat, RecordHeaderIsReadBackAtItsPlaceOnly)
{
    const auto octets = encode(record_header, place);
    EXPECT_EQ(parse_record_header(octets, place), record_header);
    EXPECT_FALSE(parse_record_header(octets, {place.mark + 1, place.sequence, place.offset}));
    EXPECT_FALSE(parse_record_header(octets, {place.mark, place.sequence + 1, place.offset}));
    EXPECT_FALSE(parse_record_header(octets, {place.mark, place.sequence, place.offset + 1}));
}

TEST(SpoolFormat, EveryChangedBitOfARecordHeaderIsNoticed)
{
    for (std::size_t bit = 0; bit < record_header_bytes * 8; ++bit) {
        auto octets = encode(record_header, place);
        octets.at(bit / 8) ^= static_cast<std::byte>(1U << (bit % 8));
        EXPECT_FALSE(parse_record_header(octets, place)) << bit;
    }
}

TEST(SpoolFormat, LengthsOverTheLimitsAreNoRecord)
{
    RecordHeader header = record_header;
    header.meta_bytes = meta_bytes_max + 1;
    EXPECT_FALSE(parse_record_header(encode(header, place), place));
    header = record_header;
    header.body_bytes = Incoming::buffered_bytes_max + 1;
    EXPECT_FALSE(parse_record_header(encode(header, place), place));
    header.kind = RecordKind::gap; // may be of any length
    EXPECT_TRUE(parse_record_header(encode(header, place), place));
}

TEST(SpoolFormat, UnknownKindIsNoRecord)
{
    for (const std::uint32_t kind : {0U, 12U, 0xFFFFFFFFU}) {
        RecordHeader header = record_header;
        header.kind = static_cast<RecordKind>(kind);
        EXPECT_FALSE(parse_record_header(encode(header, place), place)) << kind;
    }
}

TEST(SpoolFormat, NamesOfFilesAreReadBack)
{
    EXPECT_EQ(segment_name(0x1f), "segments/000000000000001f.seg");
    EXPECT_EQ(parse_segment_file("000000000000001f.seg"), 0x1fU);
    const SpoolId id = SpoolId::make();
    EXPECT_EQ(large_name(id), "large/" + id.to_string() + ".eml");
    EXPECT_EQ(parse_large_file(id.to_string() + ".eml"), id);
}

TEST(SpoolFormat, NamesThatAreNotOursAreRefused)
{
    for (const char* name :
         {"", "1.seg", "000000000000001F.seg", "0000000000000000.seg", "000000000000001f.seg.part",
          "000000000000001f", "lost+found", "000000000000001g.seg", "0000000000000000001f.seg"}) {
        EXPECT_FALSE(parse_segment_file(name)) << name;
    }
    for (const char* name :
         {"", ".eml", "x.eml", "01ARZ3NDEKTSV4RRFFQ69G5FAV", ".part",
          "01arz3ndektsv4rrffq69g5fav.eml", "01ARZ3NDEKTSV4RRFFQ69G5FAV.eml.part"}) {
        EXPECT_FALSE(parse_large_file(name)) << name;
    }
}

} // namespace
} // namespace watchpost::spool
