// Exactly once in effect, whenever the power goes: real polls over loopback into a spool on the
// disk double, cut off at every operation that changes the disk (each write, sync, rename …), with
// several ways in which the unsynced part gets lost. Then: what is at the server or durable is all
// there was, and a further poll makes it exactly once.
#include <gtest/gtest.h>

#include <random>

#include "os/testing/power_loss_disk.h"
#include "quirk_bench.h"
#include "spool/reader.h"

namespace watchpost::test {
namespace {

using os_testing::Fault;
using os_testing::PowerLossDisk;
using os_testing::Torn;

using Texts = std::vector<std::string>;

constexpr unsigned seed = 20'261'125;

struct Way {
    std::string_view name;
    bool deletes = false;
    bool pipelines = false;
    bool has_folder_data = false; // the mailbox's own data is message 1, and stays
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Way& way, std::ostream* out)
{
    *out << way.name;
}

constexpr std::string_view folder_data =
    "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\nX-IMAP: 1 2\r\n\r\nnone\r\n";

/// Small ones, one that gets a file of its own, and one that is empty.
Pop3Script script_of(const Way& way)
{
    auto script = pop3_script(R"({"messages": 4})");
    script.messages[1].content = "Subject: large\r\n\r\n";
    while (script.messages[1].content.size() <= spool::Incoming::buffered_bytes_max) {
        script.messages[1].content += std::string(70, 'x') + "\r\n";
    }
    script.messages[2].content = "";
    if (!way.pipelines) {
        script.capabilities = {"UIDL"};
    }
    if (way.has_folder_data) {
        script.messages[0].content = folder_data;
    }
    return script;
}

bool is_segment(const std::string& name)
{
    return name.ends_with(".seg");
}

class Bench {
public:
    explicit Bench(const Way& way) : way_{way}, bench_{script_of(way)}
    {
        bench_.limits.batch_messages_max = 1; // as many commits as there can be
        bench_.limits.deletions_max = 2;
        bench_.limits.reply_time_max = std::chrono::seconds{20};
        if (way.deletes) {
            bench_.delete_once_stored();
        }
    }

    /// One process from its start to its end, or to its death when the disk is gone.
    bool run()
    {
        spool::SpoolOptions options;
        options.segment_bytes_max = 700;
        options.checkpoint_segments = 2;
        auto spool = spool::Spool::open(disk.mount(), options);
        const bool is_complete = spool && bench_.poll_into(**spool).is_complete();
        disk.process_death();
        return is_complete;
    }

    /// What is durable, octet by octet, as often as it is there.
    [[nodiscard]] Texts stored()
    {
        Texts all;
        const auto reader = spool::SpoolReader::open(disk.mount(), spool::Verify::content);
        if (!reader) { // the power went before there was a spool
            EXPECT_TRUE(std::ranges::none_of(disk.names(), is_segment))
                << reader.error().describe();
            return all;
        }
        EXPECT_TRUE((*reader)->for_each_item([&](const spool::SpoolItem& item) {
            std::string content;
            EXPECT_EQ(item.content, spool::ContentState::stored);
            EXPECT_TRUE((*reader)->read(item, [&](base::ByteView piece) {
                content += base::as_text(piece);
                return base::Result<void>{};
            }));
            all.push_back(std::move(content));
        }));
        std::ranges::sort(all);
        return all;
    }

    [[nodiscard]] Texts at_the_server() const
    {
        return QuirkBench::contents_of(bench_.server.script());
    }

    [[nodiscard]] Texts that_stay() const
    {
        return !way_.deletes          ? all()
               : way_.has_folder_data ? Texts{std::string{folder_data}}
                                      : Texts{};
    }

    [[nodiscard]] Texts all() const { return QuirkBench::contents_of(script_of(way_)); }

    PowerLossDisk disk;

private:
    Way way_;
    QuirkBench bench_;
};

class PowerLossPoll : public testing::TestWithParam<Way> {};

TEST_P(PowerLossPoll, AtEveryOperationOfTheDiskNothingIsLostTwiceOrDeletedTooEarly)
{
    Bench undisturbed{GetParam()};
    ASSERT_TRUE(undisturbed.run());
    const auto operations = undisturbed.disk.operations();
    ASSERT_GT(operations, 20U);
    std::mt19937 random{seed};
    for (std::uint64_t operation = 0; operation < operations && !HasFailure(); ++operation) {
        const std::uint64_t octets = random() % 400;
        const bool names_kept = random() % 2 == 0;
        for (const auto torn : {Torn::all_lost, Torn::all_kept, Torn::prefix, Torn::holes}) {
            SCOPED_TRACE("operation " + std::to_string(operation) + ", loss " +
                         std::to_string(static_cast<int>(torn)) + "/" + std::to_string(octets) +
                         "/" + std::to_string(static_cast<int>(names_kept)));
            Bench bench{GetParam()};
            bench.disk.inject(operation, Fault::power_off);
            static_cast<void>(bench.run());
            bench.disk.power_loss({torn, octets, names_kept});
            const auto ours = bench.stored();
            Texts anywhere;
            std::ranges::set_union(ours, bench.at_the_server(), std::back_inserter(anywhere));
            EXPECT_EQ(anywhere == bench.all(), true) << "lost, or deleted before it was durable";
            EXPECT_TRUE(bench.run());
            EXPECT_EQ(bench.stored() == bench.all(), true) << "lost or twice";
            EXPECT_EQ(bench.at_the_server(), bench.that_stay());
        }
    }
}

INSTANTIATE_TEST_SUITE_P(EveryWay, PowerLossPoll,
                         testing::Values(Way{"leave_serial", false, false},
                                         Way{"leave_pipelined", false, true},
                                         Way{"delete_serial", true, false},
                                         Way{"delete_pipelined", true, true},
                                         Way{"delete_with_folder_data", true, true, true}),
                         [](const auto& way) { return std::string{way.param.name}; });

} // namespace
} // namespace watchpost::test
