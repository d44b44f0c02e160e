// `watchpost collect` against a real Dovecot: what arrives, what is known, what is deleted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

class CollectDovecot : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        DovecotOptions options;
        options.users = {{"alice", "secret"}, {"bob", "secret"}};
        dovecot_ = std::make_unique<Dovecot>(options);
    }

    void deliver(const std::string& name, const std::string& text)
    {
        dovecot_->deliver("alice", name, text);
        sent_.push_back(with_crlf(text));
        std::sort(sent_.begin(), sent_.end());
    }

    [[nodiscard]] std::vector<std::string> over_tls(const std::string& mode) const
    {
        const int port = mode == "implicit" ? dovecot_->tls_port() : dovecot_->port();
        return {"--server", "localhost", "--port", std::to_string(port),
                "--tls",    mode,        "--ca",   dovecot_->certificate().certificate};
    }

    std::unique_ptr<Dovecot> dovecot_;
    Collecting collecting_;
    std::vector<std::string> sent_; // sorted
};

TEST_F(CollectDovecot, EveryModeBringsEveryMessageByteForByte)
{
    for (int i = 0; i < 20; ++i) {
        deliver(std::to_string(i), mail(std::to_string(i), 1000));
    }
    deliver("long-line", "Subject: x\n\n" + std::string(200'000, 'y') + "\n.\n");
    deliver("no-line-end", "Subject: x\n\nno line end");
    const auto clear = collecting_.run_clear(dovecot_->port());
    EXPECT_EQ(clear.exit_code, 0) << clear.err;
    sent_.erase(std::find(sent_.begin(), sent_.end(), "Subject: x\r\n\r\nno line end"));
    auto expected = sent_;
    expected.push_back("Subject: x\r\n\r\nno line end\r\n"); // POP3 cannot end without one
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(collecting_.contents(), expected);
    for (const auto* mode : {"stls", "implicit"}) {
        const Collecting other;
        const auto result = other.run(over_tls(mode));
        EXPECT_EQ(result.exit_code, 0) << result.err;
        EXPECT_EQ(other.contents(), expected) << mode;
    }
}

TEST_F(CollectDovecot, ALargeMessageStreamsThrough)
{
    deliver("large", mail("large", 20'000'000));
    EXPECT_EQ(collecting_.run(over_tls("implicit")).exit_code, 0);
    EXPECT_EQ(collecting_.contents(), sent_);
}

TEST_F(CollectDovecot, TheSummarySaysWhatCameAndOverWhat)
{
    deliver("1", mail("one"));
    const auto result = collecting_.run(over_tls("stls"));
    EXPECT_THAT(result.out,
                HasSubstr("1 message collected, " + std::to_string(sent_[0].size()) + " octets"));
    EXPECT_THAT(result.out, HasSubstr("TLSv1.3 TLS_"));
    EXPECT_THAT(result.out, HasSubstr(fingerprint_of(dovecot_->certificate().certificate)));
    EXPECT_EQ(result.err, "");
}

TEST_F(CollectDovecot, ASecondRunTakesOnlyWhatIsNewWhateverTheTlsMode)
{
    deliver("1", mail("one"));
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    const auto again = collecting_.run(over_tls("implicit"));
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_THAT(again.out, HasSubstr("0 messages collected, 0 octets; 1 known before"));
    deliver("2", mail("two"));
    EXPECT_EQ(collecting_.run(over_tls("stls")).exit_code, 0);
    EXPECT_EQ(collecting_.contents(), sent_);
}

TEST_F(CollectDovecot, OneJsonObjectTellsEverything)
{
    deliver("1", mail("one"));
    auto words = over_tls("implicit");
    words.emplace_back("--json");
    const auto result = collecting_.run(words);
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
    for (const auto* piece : {R"("mailbox":"alice")", R"("collected":1)", R"("left":0)",
                              R"("version":"TLSv1.3")", R"("error":null)"}) {
        EXPECT_THAT(result.out, HasSubstr(piece));
    }
}

TEST_F(CollectDovecot, WithoutDeleteEverythingStays)
{
    deliver("1", mail("one"));
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    EXPECT_EQ(dovecot_->messages("alice").size(), 1U);
}

TEST_F(CollectDovecot, DeleteRemovesWhatIsStoredAlsoFromEarlierRuns)
{
    deliver("1", mail("one"));
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    deliver("2", mail("two"));
    const auto result = collecting_.run_clear(dovecot_->port(), {"--delete"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("2 deleted at the server"));
    EXPECT_TRUE(dovecot_->messages("alice").empty());
    EXPECT_EQ(collecting_.contents(), sent_);
    for (const auto& message : collecting_.stored()) {
        EXPECT_EQ(message.source, spool::SourceState::expunged);
    }
}

TEST_F(CollectDovecot, TooLargeIsRecordedNotFetchedAndNotDeleted)
{
    deliver("1", mail("one"));
    dovecot_->deliver("alice", "2", mail("big", 50'000));
    const auto result =
        collecting_.run_clear(dovecot_->port(), {"--max-bytes", "10000", "--delete"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.out, HasSubstr("1 too large"));
    EXPECT_EQ(dovecot_->messages("alice").size(), 1U);
    const auto stored = collecting_.stored();
    EXPECT_EQ(std::count_if(stored.begin(), stored.end(),
                            [](const auto& message) {
                                return message.completeness == spool::Completeness::too_large;
                            }),
              1);
    EXPECT_EQ(collecting_.run_clear(dovecot_->port(), {"--max-bytes", "10000"}).exit_code, 0);
}

TEST_F(CollectDovecot, TwoMailboxesShareASpoolWithoutMeeting)
{
    deliver("1", mail("one"));
    dovecot_->deliver("bob", "1", mail("one"));
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    EXPECT_EQ(collecting_.run_clear(dovecot_->port(), {}, "bob").exit_code, 0);
    EXPECT_EQ(collecting_.stored().size(), 2U);
    EXPECT_THAT(collecting_.run_clear(dovecot_->port()).out, HasSubstr("1 known before"));
}

TEST_F(CollectDovecot, ADifferentMaildropIsCollectedAfresh)
{
    deliver("1", mail("one"));
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
    const auto result = collecting_.run_clear(dovecot_->port(), {"--different-maildrop"});
    EXPECT_THAT(result.out, HasSubstr("1 message collected"));
}

// Section 2 of the quirks: a stored message whose first line is "." and whose rest looks like the
// reply to the next command.
} // namespace
} // namespace watchpost::test
