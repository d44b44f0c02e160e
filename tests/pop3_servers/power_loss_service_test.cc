// Power losses at what a mailbox of the service knows besides its messages: the maildrop and what
// was applied, the first poll, new UIDs, stumps, messages that the server refuses, the folder's own
// data, totals and history. Each story is cut off at every operation of the disk, then goes on.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "collector/mailbox_password.h"
#include "collector/mailbox_poll.h"
#include "collector/poll_history.h"
#include "collector/service.h"
#include "os/testing/power_loss_disk.h"
#include "quirk_bench.h"
#include "spool/reader.h"
#include "system/sanitized.h"

namespace watchpost::test {
namespace {

using os_testing::Fault;
using os_testing::PowerLossDisk;
using os_testing::Torn;

using Texts = std::vector<std::string>;

constexpr unsigned seed = 20'261'129;
const std::string mailbox = "01JDEXAMPLE";

/// One mailbox of a service whose process lives for one poll.
class ServedMailbox {
public:
    explicit ServedMailbox(Pop3Script script) : bench{std::move(script)}
    {
        bench.limits.batch_messages_max = 1; // as many commits as there can be
        bench.limits.reply_time_max = std::chrono::seconds{20};
    }

    /// One process from its start to its end, or to its death when the disk is gone.
    bool run()
    {
        spool::SpoolOptions options;
        options.segment_bytes_max = 900;
        options.checkpoint_segments = 2;
        auto spool = spool::Spool::open(disk.mount(), options);
        const bool is_complete = spool && poll(**spool);
        disk.process_death();
        return is_complete;
    }

    [[nodiscard]] Texts at_the_server() const
    {
        return QuirkBench::contents_of(bench.server.script());
    }

    /// What is durable, octet by octet, as often as it is there, sorted.
    [[nodiscard]] Texts stored()
    {
        Texts all;
        const auto reader = spool::SpoolReader::open(disk.mount(), spool::Verify::content);
        if (!reader) { // the power went before there was a spool
            return all;
        }
        EXPECT_TRUE((*reader)->for_each_item([&](const spool::SpoolItem& item) {
            if (!spool::has_content(item.receipt.completeness)) {
                return;
            }
            std::string content;
            EXPECT_TRUE((*reader)->read(item, [&](base::ByteView piece) {
                content += base::as_text(piece);
                return base::Result<void>{};
            }));
            all.push_back(std::move(content));
        }));
        std::ranges::sort(all);
        return all;
    }

    /// Totals count nothing that is not there, and the history can be read.
    void expect_sound_books()
    {
        const auto spool = spool::Spool::open(disk.mount()).value();
        EXPECT_LE(collector::load_totals(*spool, mailbox).messages, stored().size());
        const auto polls = collector::PollHistory{*spool, mailbox}.load();
        EXPECT_FALSE(polls.items.empty());
        EXPECT_EQ(polls.damaged, 0U);
    }

    PowerLossDisk disk;
    QuirkBench bench; // its server, limits and clock
    std::string after_retrieval = "leave";
    std::string first_poll = "all";
    std::uint32_t applied = 1; // how often, each time with "different maildrop"

private:
    [[nodiscard]] collector::MailboxSchedule::Job job() const
    {
        collector::MailboxSchedule::Job job;
        job.assignment.id = mailbox;
        job.assignment.name = "Copies";
        job.assignment.settings_json =
            R"({"name":"Copies","enabled":true,"server":"127.0.0.1","port":)" +
            std::to_string(bench.server.port()) +
            R"(,"use_tls":false,"user":"alice","receive_every_s":60,"after_retrieval":")" +
            after_retrieval + R"(","first_poll":")" + first_poll + R"("})";
        job.assignment.sealed_password =
            collector::seal_password(key_.public_key(), job.assignment.settings_json, "secret");
        job.assignment.version = applied;
        job.assignment.generation = applied;
        job.integration = collector::parse_integration(job.assignment.settings_json).value();
        return job;
    }

    [[nodiscard]] bool poll(spool::Spool& spool)
    {
        const auto cancellation = net::Cancellation::make().value();
        const collector::PollTools tools{
            .intake = spool,
            .store = spool,
            .receipts = spool,
            .key = key_,
            .epoch = spool.epoch(),
            .limits = bench.limits,
            .make_transport = [&](const collector::MailboxSettings& settings)
                -> base::Result<std::unique_ptr<collector::Transport>> {
                return collector::NetTransport::make(settings, bench.limits, *cancellation).value();
            },
            .clock = [this] { return bench.now; }};
        const auto outcome = collector::poll_mailbox(tools, job(), listed_again_, {});
        return outcome.report && !outcome.report->error;
    }

    secrets::KeyPair key_ = secrets::KeyPair::make();
    collector::ListedAgain listed_again_;
};

ScriptedMessage message(const std::string& uid, const std::string& text)
{
    return {uid, "Subject: " + text + "\r\n\r\n" + std::string(40, 'x') + "\r\n", {}, {}};
}

Pop3Script three_messages()
{
    Pop3Script script;
    script.messages = {message("u1", "one"), message("u2", "two"), message("u3", "three")};
    return script;
}

/// A way to a state, the poll that is cut off in it, and what is to be in the end.
struct Story {
    std::string_view name;
    Pop3Script (*script)();
    void (*prepare)(ServedMailbox& box);     // undisturbed
    void (*expect_safe)(ServedMailbox& box); // right after the loss
    void (*go_on)(ServedMailbox& box);       // undisturbed again, to the end
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Story& story, std::ostream* out)
{
    *out << story.name;
}

void run_whole(ServedMailbox& box)
{
    EXPECT_TRUE(box.run());
}

/// At the server or durable.
void expect_anywhere(ServedMailbox& box, const Pop3Script& whole)
{
    Texts anywhere;
    const auto ours = box.stored();
    EXPECT_EQ(std::ranges::adjacent_find(ours), ours.end()) << "twice";
    std::ranges::set_union(ours, box.at_the_server(), std::back_inserter(anywhere));
    EXPECT_EQ(anywhere, QuirkBench::contents_of(whole)) << "lost, or deleted too early";
}

const Story only_from_now_on{
    "OnlyFromNowOn", three_messages,
    [](ServedMailbox& box) {
        box.after_retrieval = "delete";
        box.first_poll = "new_only";
    },
    [](ServedMailbox& box) {
        EXPECT_EQ(box.at_the_server(), QuirkBench::contents_of(three_messages()));
        EXPECT_TRUE(box.stored().empty());
    },
    [](ServedMailbox& box) {
        run_whole(box);
        const auto later = message("u4", "after the first poll");
        box.bench.server.change([&](Pop3Script& script) { script.messages.push_back(later); });
        run_whole(box);
        EXPECT_EQ(box.stored(), Texts{later.content});
        EXPECT_EQ(box.at_the_server(), QuirkBench::contents_of(three_messages()));
    }};

const Story new_uids{"NewUids", three_messages,
                     [](ServedMailbox& box) {
                         run_whole(box);
                         box.bench.server.change([](Pop3Script& script) {
                             for (auto& each : script.messages) {
                                 each.uid = "new-" + each.uid;
                             }
                         });
                         box.after_retrieval = "delete";
                     },
                     [](ServedMailbox& box) { expect_anywhere(box, three_messages()); },
                     [](ServedMailbox& box) {
                         run_whole(box);
                         EXPECT_EQ(box.stored(), QuirkBench::contents_of(three_messages()));
                         EXPECT_TRUE(box.at_the_server().empty());
                     }};

Pop3Script with_a_stump()
{
    auto script = three_messages();
    script.messages[1].announced = "900";
    return script;
}

const Story stump{"Stump", with_a_stump, [](ServedMailbox& box) { box.after_retrieval = "delete"; },
                  [](ServedMailbox& box) { expect_anywhere(box, with_a_stump()); },
                  [](ServedMailbox& box) {
                      run_whole(box);
                      run_whole(box); // fetched again
                      EXPECT_EQ(box.stored(), QuirkBench::contents_of(with_a_stump()));
                      EXPECT_EQ(box.at_the_server(), Texts{with_a_stump().messages[1].content});
                  }};

Pop3Script with_a_refused_one()
{
    auto script = three_messages();
    script.messages[1].reply = "-ERR [SYS/TEMP] not now\r\n";
    return script;
}

const Story refused{
    "Refused", with_a_refused_one, [](ServedMailbox& box) { box.after_retrieval = "delete"; },
    [](ServedMailbox& box) { expect_anywhere(box, three_messages()); },
    [](ServedMailbox& box) {
        static_cast<void>(box.run());
        EXPECT_EQ(box.at_the_server(), Texts{three_messages().messages[1].content});
        box.bench.server.change([](Pop3Script& script) { script.messages[0].reply.reset(); });
        box.bench.now += std::chrono::days{1};
        run_whole(box);
        EXPECT_EQ(box.stored(), QuirkBench::contents_of(three_messages()));
        EXPECT_TRUE(box.at_the_server().empty());
    }};

const Story different_maildrop{
    "DifferentMaildrop", three_messages,
    [](ServedMailbox& box) {
        run_whole(box);
        box.applied = 2;
    },
    [](ServedMailbox& box) {
        EXPECT_EQ(box.at_the_server(), QuirkBench::contents_of(three_messages()));
    },
    [](ServedMailbox& box) {
        run_whole(box);
        auto twice = QuirkBench::contents_of(three_messages()); // as it was asked for, and no more
        std::ranges::copy(Texts{twice}, std::back_inserter(twice));
        std::ranges::sort(twice);
        EXPECT_EQ(box.stored(), twice);
        run_whole(box);
        EXPECT_EQ(box.stored(), twice);
    }};

/// Every name is given again, to another message of the same size, once a poll has seen the
/// maildrop empty: none of these is deleted as the one of before.
const Story names_given_again{"NamesGivenAgain", three_messages,
                              [](ServedMailbox& box) { box.after_retrieval = "delete"; },
                              [](ServedMailbox& box) { expect_anywhere(box, three_messages()); },
                              [](ServedMailbox& box) {
                                  run_whole(box);
                                  EXPECT_TRUE(box.at_the_server().empty());
                                  run_whole(box);
                                  auto all = QuirkBench::contents_of(three_messages());
                                  box.bench.server.change([&](Pop3Script& script) {
                                      script.messages = three_messages().messages;
                                      for (auto& each : script.messages) {
                                          std::ranges::replace(each.content, 'x', 'y');
                                          all.push_back(each.content);
                                      }
                                  });
                                  run_whole(box);
                                  std::ranges::sort(all);
                                  EXPECT_EQ(box.stored(), all);
                                  EXPECT_TRUE(box.at_the_server().empty());
                              }};

class PowerLossService : public testing::TestWithParam<Story> {};

TEST_P(PowerLossService, AtEveryOperationOfTheDiskItGoesOnAsIfNothingHadHappened)
{
    const auto& story = GetParam();
    ServedMailbox undisturbed{story.script()};
    story.prepare(undisturbed);
    const auto first = undisturbed.disk.operations();
    static_cast<void>(undisturbed.run());
    const auto end = undisturbed.disk.operations();
    ASSERT_GT(end, first + 10);
    std::mt19937 random{seed};
    for (auto operation = first; operation < end && !HasFailure();
         operation += is_sanitized ? 3 : 1) {
        const auto torn = std::array{Torn::all_lost, Torn::prefix, Torn::all_lost, Torn::holes,
                                     Torn::all_kept}[operation % 5];
        const std::uint64_t octets = random() % 400;
        const bool names_kept = random() % 2 == 0;
        SCOPED_TRACE("operation " + std::to_string(operation) + ", loss " +
                     std::to_string(static_cast<int>(torn)) + "/" + std::to_string(octets) + "/" +
                     std::to_string(static_cast<int>(names_kept)));
        ServedMailbox box{story.script()};
        story.prepare(box);
        box.disk.inject(operation, Fault::power_off);
        static_cast<void>(box.run());
        box.disk.power_loss({torn, octets, names_kept});
        story.expect_safe(box);
        story.go_on(box);
        box.expect_sound_books();
    }
}

INSTANTIATE_TEST_SUITE_P(EveryStory, PowerLossService,
                         testing::Values(only_from_now_on, new_uids, stump, refused,
                                         different_maildrop, names_given_again),
                         [](const auto& story) { return std::string{story.param.name}; });

} // namespace
} // namespace watchpost::test
