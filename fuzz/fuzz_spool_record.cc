// The meta of any record: whatever is accepted is written again as it was.
#include <algorithm>
#include <cstdint>

#include "base/assert.h"
#include "spool/records.h"

using namespace watchpost; // NOLINT(google-build-using-namespace): a fuzz target is one screen

template <typename Parsed>
static void expect_same(const Parsed& parsed, base::ByteView meta)
{
    if (parsed) {
        const base::Bytes again = spool::encode(*parsed);
        WP_ASSERT(std::equal(again.begin(), again.end(), meta.begin(), meta.end()));
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto meta = std::as_bytes(std::span{data, size});
    expect_same(spool::parse_receipt(meta), meta);
    expect_same(spool::parse_ledger(meta), meta);
    expect_same(spool::parse_state(meta), meta);
    expect_same(spool::parse_changes(meta), meta);
    expect_same(spool::parse_ids(meta), meta);
    expect_same(spool::parse_segment(meta), meta);
    expect_same(spool::parse_number(meta), meta);
    return 0;
}
