// Whatever the bytes claim: what comes out keeps the limits, and is what the counters say.
#include <cstdint>

#include "base/assert.h"
#include "unpack/unpack.h"

namespace unpack = watchpost::unpack;

struct Sink : unpack::MemberSink {
    void on_member(const unpack::Member& member) override
    {
        WP_ASSERT(member.bytes.size() <= 100'000);
        bytes += member.bytes.size();
    }
    void on_gap(unpack::Gap gap) override { WP_ASSERT(!gap.reason.empty() && ++gaps < 2'000); }
    std::uint64_t bytes = 0;
    std::size_t gaps = 0;
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    unpack::Limits limits{16, 100, 100'000, 1'000'000, 1'000, 500'000};
    unpack::PasswordList passwords{{"wrong", "sesame"}};
    unpack::Usage usage;
    Sink sink;
    unpack::unpack(std::as_bytes(std::span{data, size}), "x.gz", passwords, limits, usage,
                   watchpost::base::Deadline::max(), sink);
    WP_ASSERT(usage.members <= 100 && usage.bytes <= 1'000'000 && sink.bytes <= usage.bytes);
    return 0;
}
