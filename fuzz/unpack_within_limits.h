// What the targets of single formats have in common: what comes out has a name and keeps the
// limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "unpack/unpack.h"

namespace watchpost::fuzz {

struct BoundedSink : unpack::MemberSink {
    void on_member(const unpack::Member& member) override
    {
        WP_ASSERT(!member.name.empty() && member.bytes.size() <= 100'000);
    }
    void on_gap(unpack::Gap gap) override { WP_ASSERT(!gap.reason.empty() && ++gaps < 2'000); }
    std::size_t gaps = 0;
};

/// Unpacks `beginning` and the octets behind it as a file of that name; "sesame" is a known
/// password.
inline void unpack_within_limits(std::string beginning, const std::uint8_t* data, std::size_t size,
                                 std::string_view filename)
{
    beginning.append(reinterpret_cast<const char*>(data), size);
    const unpack::Limits limits{16, 100, 100'000, 1'000'000, 1'000, 500'000};
    unpack::PasswordList passwords{{"sesame"}};
    unpack::Usage usage;
    BoundedSink sink;
    unpack::unpack(base::as_bytes(beginning), filename, passwords, limits, usage,
                   base::Deadline::max(), sink);
    WP_ASSERT(usage.members <= 100 && usage.bytes <= 1'000'000);
}

} // namespace watchpost::fuzz
