// Commits messages to a spool on a real disk, and beside it does nothing but write and fdatasync
// the same octets in the same batches: what is left of the disk's speed is the ratio.
//
//   spool_bench DIR [MESSAGES OCTETS BATCH [SESSIONS]]
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "os/file_system.h"
#include "spool/spool.h"

namespace {

using namespace watchpost; // NOLINT(google-build-using-namespace): a program of one file
using Clock = std::chrono::steady_clock;

struct Load {
    std::size_t messages = 20'000;
    std::size_t octets = 6'000;
    std::size_t batch = 256;
    std::size_t sessions = 1;

    [[nodiscard]] std::size_t batches() const { return (messages + batch - 1) / batch; }
};

double seconds_since(Clock::time_point began)
{
    return std::chrono::duration<double>(Clock::now() - began).count();
}

template <typename Value>
Value must(base::Result<Value> result)
{
    if (!result) {
        std::fprintf(stderr, "spool_bench: %s\n", result.error().describe().c_str());
        std::exit(2);
    }
    return std::move(*result);
}

void must(const base::Result<void>& result)
{
    if (!result) {
        std::fprintf(stderr, "spool_bench: %s\n", result.error().describe().c_str());
        std::exit(2);
    }
}

/// Text that does not compress to nothing, the same for both sides.
base::Bytes content(std::size_t octets)
{
    base::Bytes bytes(octets);
    std::uint32_t state = 1;
    for (std::byte& octet : bytes) {
        state = state * 1664525U + 1013904223U;
        octet = static_cast<std::byte>('a' + (state >> 24U) % 26);
    }
    return bytes;
}

void commit_batch(spool::Spool& spool, const base::Bytes& text, std::size_t batch,
                  std::size_t first)
{
    std::vector<spool::Arrival> arrivals;
    for (std::size_t i = 0; i < batch; ++i) {
        spool::Arrival arrival{must(spool.begin(text.size())), {}};
        arrival.receipt.key.mailbox = "bench";
        arrival.receipt.uid = "uid-" + std::to_string(first + i);
        must(arrival.content->append(text));
        arrivals.push_back(std::move(arrival));
    }
    must(spool.commit(std::move(arrivals)));
}

double run_spool(const std::filesystem::path& folder, const Load& load)
{
    const auto spool = must(spool::Spool::open(folder));
    const base::Bytes text = content(load.octets);
    std::atomic<std::size_t> next = 0;
    const auto began = Clock::now();
    std::vector<std::thread> sessions;
    for (std::size_t session = 0; session < load.sessions; ++session) {
        sessions.emplace_back([&] {
            for (std::size_t i = next++; i < load.batches(); i = next++) {
                commit_batch(*spool, text, load.batch, i * load.batch);
            }
        });
    }
    for (std::thread& session : sessions) {
        session.join();
    }
    return seconds_since(began);
}

double run_bare(os::FileSystem& folder, const Load& load)
{
    const auto file = must(folder.open("bare", os::OpenMode::create_new));
    const base::Bytes text = content(load.octets);
    const std::vector<base::ByteView> pieces(load.batch, base::ByteView{text});
    const auto began = Clock::now();
    for (std::size_t i = 0; i < load.batches(); ++i) {
        must(file->write_at(pieces, i * load.batch * load.octets));
        must(file->sync_data());
    }
    const double taken = seconds_since(began);
    must(folder.remove("bare"));
    return taken;
}

/// Of 4 KiB appended each time.
double syncs_a_second(os::FileSystem& folder)
{
    constexpr int rounds = 200;
    const auto file = must(folder.open("syncs", os::OpenMode::create_new));
    const base::Bytes page(4096, std::byte{1});
    const auto began = Clock::now();
    for (int i = 0; i < rounds; ++i) {
        must(file->write_at(page, static_cast<std::uint64_t>(i) * page.size()));
        must(file->sync_data());
    }
    const double taken = seconds_since(began);
    must(folder.remove("syncs"));
    return rounds / taken;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fputs("Usage: spool_bench DIR [MESSAGES OCTETS BATCH [SESSIONS]]\n", stderr);
        return 2;
    }
    Load load;
    const std::array<std::size_t*, 4> numbers{&load.messages, &load.octets, &load.batch,
                                              &load.sessions};
    for (int i = 2; i < argc && i < 6; ++i) {
        const auto number = base::parse_decimal(argv[i]);
        if (!number || *number == 0) {
            std::fprintf(stderr, "spool_bench: '%s' is no number\n", argv[i]);
            return 2;
        }
        *numbers.at(static_cast<std::size_t>(i - 2)) = *number;
    }
    const std::filesystem::path folder{argv[1]};
    const auto files = must(os::open_folder(folder, os::Missing::is_created));
    const double syncs = syncs_a_second(*files);
    const double bare = run_bare(*files, load);
    const double ours = run_spool(folder / "spool", load);
    const auto total = static_cast<double>(load.batches() * load.batch);
    std::printf("%.0f messages of %zu octets, batches of %zu, %zu session(s); %.0f fdatasync/s of "
                "4 KiB\n",
                total, load.octets, load.batch, load.sessions, syncs);
    std::printf("bare   %8.3f s  %10.0f messages/s  %7.1f MB/s\n", bare, total / bare,
                total * static_cast<double>(load.octets) / bare / 1e6);
    std::printf("spool  %8.3f s  %10.0f messages/s  %7.1f MB/s  ratio %.2f\n", ours, total / ours,
                total * static_cast<double>(load.octets) / ours / 1e6, bare / ours);
    return 0;
}
