// The first octet chooses a beginning that decides the format; what comes out keeps the limits.
#include <array>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "unpack/unpack.h"

namespace unpack = watchpost::unpack;
using namespace std::string_literals;

struct Sink : unpack::MemberSink {
    void on_member(const unpack::Member& member) override { WP_ASSERT(!member.name.empty()); }
    void on_gap(unpack::Gap gap) override { WP_ASSERT(!gap.reason.empty()); }
};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::array beginnings{
        "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"s, "BEGIN:VCARD\n"s,
        "\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"s, "[InternetShortcut]\n"s, "<svg "s};
    std::string text = beginnings.at(size == 0 ? 0 : data[0] % beginnings.size());
    text.append(reinterpret_cast<const char*>(data) + (size > 0), size - (size > 0));
    unpack::Usage usage;
    Sink sink;
    unpack::unpack(watchpost::base::as_bytes(text), "a", {}, {16, 100, 100'000, 1'000'000}, usage,
                   watchpost::base::Deadline::max(), sink);
    WP_ASSERT(usage.members <= 100 && usage.bytes <= 1'000'000);
    return 0;
}
