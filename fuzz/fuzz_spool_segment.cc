// A spool whose segment is arbitrary: opening, reading and mending it must end and lose nothing.
#include <cstdint>

#include "base/assert.h"
#include "os/testing/power_loss_disk.h"
#include "spool/format.h"
#include "spool/reader.h"
#include "spool/spool.h"

using namespace watchpost; // NOLINT(google-build-using-namespace): a fuzz target is one screen
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    os_testing::PowerLossDisk disk;
    const auto identity =
        spool::encode(spool::FileHeader{spool::FileKind::identity, 7, 0, 1, 0, 0});
    disk.set_content("identity", {identity.begin(), identity.end()});
    const auto octets = std::as_bytes(std::span{data, size});
    disk.set_content(spool::segment_name(1), {octets.begin(), octets.end()});
    std::size_t known = 0;
    if (const auto opened = spool::Spool::open(disk.mount())) {
        WP_ASSERT((*opened)->for_each_entry([&](const auto&) { ++known; }));
    }
    disk.power_loss({});
    if (const auto reader = spool::SpoolReader::open(disk.mount(), spool::Verify::content)) {
        std::size_t found = 0;
        WP_ASSERT((*reader)->for_each_item([&](const auto&) { ++found; }));
        WP_ASSERT(found >= known); // what the writer believed is still there
    }
    return 0;
}
