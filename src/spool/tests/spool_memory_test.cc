// A large message goes through a buffer of fixed size, on a real disk.
#include <sys/resource.h>

#include "spool_on_disk.h"
#include "support/temp_dir.h"

namespace watchpost::spool {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1024} * 1024;
constexpr std::uint64_t message_octets = 192 * mib;

std::uint64_t resident_max()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

TEST(SpoolMemory, DoesNotGrowWithTheMessage)
{
    const test::TempDir dir;
    const auto spool = Spool::open(dir / "spool").value();
    const std::string piece(mib / 16, 'x');
    const std::uint64_t before = resident_max();
    std::vector<Arrival> batch;
    batch.push_back({spool->begin(message_octets).value(), receipt("big", message_octets)});
    for (std::uint64_t done = 0; done < message_octets; done += piece.size()) {
        ASSERT_TRUE(batch[0].content->append(base::as_bytes(piece)));
    }
    ASSERT_TRUE(spool->commit(std::move(batch)));
    const auto reader = SpoolReader::open(dir / "spool", Verify::content).value();
    EXPECT_TRUE(reader->damage().empty());
    EXPECT_LT(resident_max() - before, message_octets / 8);
}

} // namespace
} // namespace watchpost::spool
