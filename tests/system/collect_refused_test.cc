// What cannot work gets a clear message and exit code 2, and no password goes where it should not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

class CollectRefused : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        if (!Dovecot::is_installed()) {
            return;
        }
        folder_ = std::make_unique<TempDir>();
        CertificateWish ca;
        ca.name = "ca";
        ca.is_ca = true;
        ca_ = make_self_signed(folder_->path(), ca);
        dovecot_ = start(make_issued(folder_->path(), ca_));
    }
    static void TearDownTestSuite()
    {
        dovecot_.reset();
        folder_.reset();
    }
    void SetUp() override
    {
        if (dovecot_ == nullptr) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
    }

    static std::unique_ptr<Dovecot> start(const CertificateFiles& certificate)
    {
        DovecotOptions options;
        options.certificate = certificate;
        auto dovecot = std::make_unique<Dovecot>(options);
        dovecot->deliver("alice", "1", mail("one"));
        return dovecot;
    }

    [[nodiscard]] ProgramResult over_tls(const Dovecot& dovecot, Words more,
                                         const std::string& server = "localhost") const
    {
        const Words words{"--server", server, "--port", std::to_string(dovecot.tls_port())};
        more.insert(more.begin(), words.begin(), words.end());
        return collecting_.run(more);
    }

    void expect_refused(const ProgramResult& result, const std::string& words) const
    {
        EXPECT_EQ(result.exit_code, 2);
        EXPECT_THAT(result.err, HasSubstr(words));
        EXPECT_EQ(result.out, "");
    }

    static std::unique_ptr<TempDir> folder_;
    static CertificateFiles ca_;
    static std::unique_ptr<Dovecot> dovecot_;
    Collecting collecting_;
};

std::unique_ptr<TempDir> CollectRefused::folder_;
CertificateFiles CollectRefused::ca_;
std::unique_ptr<Dovecot> CollectRefused::dovecot_;

TEST_F(CollectRefused, AHostThatIsNotThere)
{
    const auto result = collecting_.run({"--server", "no-such-host.invalid", "--tls", "none"});
    expect_refused(result, "no-such-host.invalid");
}

TEST_F(CollectRefused, APortWhereNobodyListens)
{
    expect_refused(collecting_.run_clear(1), "127.0.0.1:1: Connection refused; check server name");
}

TEST_F(CollectRefused, APortThatSpeaksNoTls)
{
    const auto result = collecting_.run(
        {"--server", "localhost", "--port", std::to_string(dovecot_->port()), "--tls", "implicit"});
    expect_refused(result, "does not speak TLS");
}

TEST_F(CollectRefused, ATlsPortSpokenToInClearIsSilentAndSaysSo)
{
    const auto result = collecting_.run_clear(dovecot_->tls_port(), {"--timeout", "1"});
    expect_refused(result, "try the TLS mode \"implicit\"");
}

TEST_F(CollectRefused, AWrongPasswordOnceARunAndTwiceInHalfAnHour)
{
    collecting_.write_password("wrong");
    expect_refused(collecting_.run_clear(dovecot_->port()), "log in: auth_rejected");
    expect_refused(collecting_.run_clear(dovecot_->port()), "Authentication failed");
    expect_refused(collecting_.run_clear(dovecot_->port()), "not tried: the server refused");
    expect_refused(collecting_.run_clear(dovecot_->port(), {"--retry-login"}),
                   "Authentication failed");
    collecting_.write_password("secret");
    EXPECT_EQ(collecting_.run_clear(dovecot_->port()).exit_code, 0);
}

TEST_F(CollectRefused, ATrustedCertificateIsAcceptedByEveryPolicy)
{
    for (const auto* policy : {"any", "self-signed", "trusted"}) {
        const auto result = over_tls(*dovecot_, {"--certificate", policy, "--ca", ca_.certificate});
        EXPECT_EQ(result.exit_code, 0) << policy << result.err;
    }
}

TEST_F(CollectRefused, AnUnknownCaIsRefusedButByAny)
{
    expect_refused(over_tls(*dovecot_, {"--certificate", "trusted"}), "certificate_rejected");
    expect_refused(over_tls(*dovecot_, {"--certificate", "self-signed"}), "CA");
    EXPECT_EQ(over_tls(*dovecot_, {"--certificate", "any"}).exit_code, 0);
}

TEST_F(CollectRefused, AnotherNameIsRefusedByTrustedAndMendedByCertificateName)
{
    CertificateWish wish;
    wish.name = "other";
    wish.subject_names = "DNS:mail.example";
    const auto dovecot = start(make_issued(folder_->path(), ca_, wish));
    const Words trusted{"--certificate", "trusted", "--ca", ca_.certificate};
    expect_refused(over_tls(*dovecot, trusted), "mail.example");
    auto named = trusted;
    named.insert(named.end(), {"--certificate-name", "mail.example"});
    EXPECT_EQ(over_tls(*dovecot, named).exit_code, 0);
}

TEST_F(CollectRefused, AnExpiredCertificateIsRefusedButByAny)
{
    CertificateWish wish;
    wish.name = "expired";
    wish.days = -1;
    const auto dovecot = start(make_self_signed(folder_->path(), wish));
    for (const auto* policy : {"trusted", "self-signed"}) {
        expect_refused(over_tls(*dovecot, {"--certificate", policy}), "expired");
    }
    EXPECT_EQ(over_tls(*dovecot, {"--certificate", "any"}).exit_code, 0);
}

TEST_F(CollectRefused, ASelfSignedCertificateIsRefusedByTrustedOnly)
{
    CertificateWish wish;
    wish.name = "alone";
    const auto dovecot = start(make_self_signed(folder_->path(), wish));
    expect_refused(over_tls(*dovecot, {"--certificate", "trusted"}), "self-signed");
    EXPECT_EQ(over_tls(*dovecot, {"--certificate", "self-signed"}).exit_code, 0);
}

TEST_F(CollectRefused, APinIsDemandedOnTopOfEveryPolicy)
{
    const auto print = fingerprint_of(dovecot_->certificate().certificate);
    const auto result = over_tls(*dovecot_, {"--certificate", "any", "--pin", print});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string other(64, '0');
    expect_refused(over_tls(*dovecot_, {"--certificate", "any", "--pin", other}), print);
}

TEST_F(CollectRefused, ACipherStringIsCheckedBeforeConnecting)
{
    const auto result =
        collecting_.run({"--server", "no-such-host.invalid", "--ciphers", "NOSUCH"});
    expect_refused(result, "\"NOSUCH\"");
    EXPECT_EQ(
        over_tls(*dovecot_, {"--certificate", "any", "--ciphers", "TLS_CHACHA20_POLY1305_SHA256"})
            .exit_code,
        0);
}

TEST_F(CollectRefused, ACaFileThatIsNoneIsNamed)
{
    const auto file = collecting_.folder().write("empty.pem", "nothing\n");
    expect_refused(over_tls(*dovecot_, {"--ca", file}), "empty.pem");
}

struct WrongWords {
    Words words;
    std::string message;
};

class CollectWords : public testing::TestWithParam<WrongWords> {};

TEST_P(CollectWords, AreRefusedByNameBeforeAnythingIsOpened)
{
    const Collecting collecting;
    Words words{"--server", "127.0.0.1", "--port", "1"};
    words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
    const auto result = collecting.run(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(GetParam().message));
    EXPECT_FALSE(std::filesystem::exists(collecting.spool()));
}

INSTANTIATE_TEST_SUITE_P(
    All, CollectWords,
    testing::Values(WrongWords{{"--tls", "maybe"}, "--tls: \"maybe\" is none of"},
                    WrongWords{{"--certificate", "good"}, "--certificate: \"good\" is none of"},
                    WrongWords{{"--pin", "12"}, "--pin: a SHA-256 fingerprint"},
                    WrongWords{{"--max-bytes", "-1"}, "--max-bytes"},
                    WrongWords{{"--max-bytes", "9999999999"}, "--max-bytes is more than 2 GiB"},
                    WrongWords{{"--mailbox", std::string(300, 'm')}, "--mailbox is longer"},
                    WrongWords{{"--no-such-option"}, "--no-such-option"}));

TEST(CollectPassword, AFileThatIsMissingEmptyOrTooMuchIsNamed)
{
    const TempDir folder;
    const Words words{watchpost_program(), "collect",        "--server",
                      "127.0.0.1",         "--user",         "a",
                      "--spool",           folder / "spool", "--password-file"};
    const auto run = [&](const std::string& file) {
        auto all = words;
        all.push_back(file);
        return run_program(all);
    };
    EXPECT_THAT(run(folder / "missing").err, HasSubstr("missing: No such file"));
    EXPECT_THAT(run(folder.write("empty", "\n")).err, HasSubstr("is empty"));
    EXPECT_THAT(run(folder.write("two", "a\nb\n")).err, HasSubstr("more than one line"));
    EXPECT_THAT(run(folder.write("huge", std::string(100'000, 'x'))).err, HasSubstr("right file?"));
    EXPECT_EQ(run(folder / "missing").exit_code, 2);
}

} // namespace
} // namespace watchpost::test
