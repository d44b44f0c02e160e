// The crash matrix on the real thing: `watchpost collect` against a real Dovecot, ended by SIGKILL
// at every named point, at its first and at its second pass, leaving and deleting, with requests
// ahead and without. Before and after it is run again: 0 lost, 0 twice, 0 deleted before they were
// in the spool.
//
// The page cache survives a kill -9: what a power loss does is tried in src/spool/tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "collect_fixture.h"
#include "os/crash_point.h"
#include "spool_with_a_past.h"
#include "support/relay.h"

namespace watchpost::test {
namespace {

using Texts = std::vector<std::string>;

struct Way {
    std::string_view name;
    Texts options;
    bool deletes = false;
    bool pipelines = false;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Way& way, std::ostream* out)
{
    *out << way.name;
}

constexpr std::size_t messages = 8;
constexpr int passes = 2;

/// Only where something is deleted does a poll come by here.
bool is_of_deletion(std::string_view point)
{
    return point == "collector.before_delete" || point == "collector.before_quit" ||
           point == "collector.after_quit";
}

bool is_of_a_new_spool(std::string_view point)
{
    return point.starts_with("spool.before_new_segment") ||
           point.starts_with("spool.in_new_segment") ||
           point.starts_with("spool.before_identity_move");
}

/// Only the service comes by here: tests/system/serve_crash_test.py.
bool is_of_the_service(std::string_view point)
{
    return point == "spool.after_settle" || point == "collector.in_first_poll" ||
           point.starts_with("pipeline.") || point.starts_with("control.");
}

/// The mailbox's own data, as UW-IMAP keeps it: the first message, never deleted.
const std::string folder_data = "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n"
                                "X-IMAP: 1 2\n\nThis text is part of the format.\n";

/// Small and large ones, as the server sends them, sorted.
Texts fill(const Dovecot& dovecot, const std::string& user)
{
    Texts sent;
    for (std::size_t i = 0; i < messages; ++i) {
        const std::string text =
            i == 0 ? folder_data : mail(std::to_string(i), i % 4 == 3 ? 300'000 : 2'000);
        dovecot.deliver(user, std::to_string(i), text);
        sent.push_back(with_crlf(text));
    }
    std::sort(sent.begin(), sent.end());
    return sent;
}

Texts in_spool(const Collecting& collecting)
{
    Texts all;
    if (!spool::SpoolReader::open(collecting.spool())) { // it ended before there was one
        return all;
    }
    for (auto& message : collecting.stored()) {
        if (!message.uid.starts_with(uid_of_past)) {
            all.push_back(std::move(message.content));
        }
    }
    std::sort(all.begin(), all.end());
    return all;
}

Texts in_mailbox(const Dovecot& dovecot, const std::string& user)
{
    Texts all;
    for (const auto& file : dovecot.messages(user)) {
        all.push_back(with_crlf(read_file(file)));
    }
    std::sort(all.begin(), all.end());
    return all;
}

Texts united(const Texts& a, const Texts& b)
{
    Texts all;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
    return all;
}

std::string user_of(std::string_view point, int pass)
{
    return std::string{point} + "-" + std::to_string(pass);
}

DovecotOptions one_mailbox_each()
{
    DovecotOptions options;
    options.users.clear();
    for (const auto& row : os::crash_points()) {
        for (int pass = 1; pass <= passes; ++pass) {
            options.users.push_back({user_of(row.name, pass), "secret"});
        }
    }
    return options;
}

class CrashMatrix : public testing::TestWithParam<Way> {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        dovecot_ = std::make_unique<Dovecot>(one_mailbox_each());
        relay_ = std::make_unique<Relay>(
            Relay::Options{dovecot_->port(), !GetParam().pipelines, {}, {}});
    }

    [[nodiscard]] ProgramResult collect(const Collecting& collecting, const std::string& user,
                                        const ProgramOptions& options = {}) const
    {
        return collecting.run_clear(relay_->port(), GetParam().options, user, options);
    }

    /// One cell of the matrix; true where the process was really ended at the point.
    [[nodiscard]] bool crash_and_resume(const std::string& user, const std::string& point) const
    {
        const Texts sent = fill(*dovecot_, user);
        const Collecting collecting;
        if (!is_of_a_new_spool(point)) { // which goes on in no segment
            EXPECT_TRUE(give_past(collecting.spool()));
        }
        ProgramOptions crashing;
        crashing.environment["WATCHPOST_CRASH_POINT"] = point;
        const auto crashed = collect(collecting, user, crashing);
        EXPECT_TRUE(crashed.signal == SIGKILL || crashed.exit_code == 0) << crashed.err;
        EXPECT_EQ(united(in_spool(collecting), in_mailbox(*dovecot_, user)), sent)
            << "lost, or deleted before it was in the spool";

        const auto resumed = collect(collecting, user);
        EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
        EXPECT_EQ(in_spool(collecting), sent) << "lost or twice";
        EXPECT_EQ(in_mailbox(*dovecot_, user),
                  GetParam().deletes ? Texts{with_crlf(folder_data)} : sent);

        const auto again = collect(collecting, user);
        EXPECT_EQ(again.exit_code, 0) << again.err;
        EXPECT_EQ(in_spool(collecting), sent) << "collected once more";
        return crashed.signal == SIGKILL;
    }

    std::unique_ptr<Dovecot> dovecot_;
    std::unique_ptr<Relay> relay_;
};

TEST_P(CrashMatrix, AtEveryNamedPointNothingIsLostTwiceOrDeletedTooEarly)
{
    for (const auto& row : os::crash_points()) {
        if (is_of_the_service(row.name)) {
            continue;
        }
        for (int pass = 1; pass <= passes; ++pass) {
            const std::string user = user_of(row.name, pass);
            SCOPED_TRACE(user);
            const std::string point = std::string{row.name} + ":" + std::to_string(pass);
            const bool was_killed = crash_and_resume(user, point);
            const bool must_be = pass == 1 && (GetParam().deletes || !is_of_deletion(row.name));
            EXPECT_TRUE(was_killed || !must_be) << "the poll never came by this point";
        }
    }
    EXPECT_EQ(relay_->has_asked_ahead(), GetParam().pipelines);
}

INSTANTIATE_TEST_SUITE_P(EveryWay, CrashMatrix,
                         testing::Values(Way{"leave_pipelined", {}, false, true},
                                         Way{"leave_serial", {}, false, false},
                                         Way{"delete_pipelined", {"--delete"}, true, true},
                                         Way{"delete_serial", {"--delete"}, true, false}),
                         [](const auto& way) { return std::string{way.param.name}; });

} // namespace
} // namespace watchpost::test
