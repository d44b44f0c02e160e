// What stands behind the header of a PDF: nothing is thrown, the limits are kept.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "unpack/unpack.h"

namespace unpack = watchpost::unpack;

struct Sink : unpack::MemberSink {
    void on_member(const unpack::Member& member) override
    {
        WP_ASSERT(!member.name.empty() && member.bytes.size() <= 100'000);
    }
    void on_gap(unpack::Gap gap) override { WP_ASSERT(!gap.reason.empty() && ++gaps < 2'000); }
    std::size_t gaps = 0;
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string pdf = "%PDF-1.7 obj\n";
    pdf.append(reinterpret_cast<const char*>(data), size);
    const unpack::Limits limits{16, 100, 100'000, 1'000'000, 1'000, 500'000};
    unpack::Usage usage;
    Sink sink;
    unpack::unpack(watchpost::base::as_bytes(pdf), "a.pdf", {"sesame"}, limits, usage,
                   watchpost::base::Deadline::max(), sink);
    WP_ASSERT(usage.members <= 100 && usage.bytes <= 1'000'000);
    return 0;
}
