// Log-ins against servers that are honest, hostile, or spoken for by somebody in between.
#include <gtest/gtest.h>

#include "quirk_bench.h"
#include "scram_server.h"

namespace watchpost::test {
namespace {

using base::ErrorCode;
using pop3::Mechanism;

class LogIn : public testing::Test {
protected:
    /// A server with these mechanisms, one message and TLS from the start.
    void serve(const std::string& mechanisms, ServerTls tls = ServerTls::implicit)
    {
        bench.server.change([&](Pop3Script& script) {
            script.capabilities = {"UIDL", "USER", "SASL " + mechanisms};
            script.tls = tls;
            script.certificate = certificate.certificate;
            script.key = certificate.key;
        });
        bench.settings.tls_mode =
            tls == ServerTls::none ? collector::TlsMode::none : collector::TlsMode::implicit;
        bench.settings.tls.policy = net::CertificatePolicy::any;
    }

    void answer_with(ScramServer scram)
    {
        bench.server.change([&](Pop3Script& script) { script.sasl = std::move(scram); });
    }

    /// The password, or what can be turned into it, went to the server.
    [[nodiscard]] bool was_told_the_password() const
    {
        for (const auto& line : bench.server.script().commands) {
            if (line.starts_with("PASS") || line.starts_with("USER") ||
                line.starts_with("AUTH PLAIN") || line.starts_with("AUTH LOGIN") ||
                contains(line, "AGFsaWNlAHNlY3JldA==")) {
                return true;
            }
        }
        return false;
    }

    QuirkBench bench{R"({"messages": 1})"};
    CertificateFiles certificate = make_self_signed(bench.folder.path());
};

TEST_F(LogIn, ByScramTheStrongestThatIsAnnouncedIsUsedAndBoundToTheSession)
{
    const std::pair<const char*, const char*> rows[]{
        {"PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS",
         "SCRAM-SHA-256-PLUS"},
        {"PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS"},
        {"PLAIN SCRAM-SHA-1 SCRAM-SHA-256", "SCRAM-SHA-256"},
        {"PLAIN SCRAM-SHA-1", "SCRAM-SHA-1"}};
    for (const auto& [mechanisms, used] : rows) {
        serve(mechanisms);
        ScramServer scram{"secret", ScramFault::none};
        scram.binds = std::string_view{used}.ends_with("PLUS");
        answer_with(scram);
        const auto report = bench.poll();
        EXPECT_TRUE(report.is_complete()) << used << ": " << error_of(report);
        EXPECT_EQ(report.link.mechanism, used);
        EXPECT_FALSE(was_told_the_password());
    }
    EXPECT_EQ(bench.contents().size(), 1U);
}

TEST_F(LogIn, ByScramNothingIsBoundInClear)
{
    serve("PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", ServerTls::none);
    answer_with({"secret", ScramFault::none});
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.link.mechanism, "SCRAM-SHA-256");
}

TEST_F(LogIn, AHostileScramServerGetsNeitherPasswordNorMailCounted)
{
    const std::pair<ScramFault, const char*> rows[]{
        {ScramFault::foreign_nonce, "nonce"},
        {ScramFault::nonce_of_the_client_alone, "nonce"},
        {ScramFault::empty_salt, "salt"},
        {ScramFault::salt_without_base64, "salt"},
        {ScramFault::one_iteration, "easy to guess"},
        {ScramFault::a_billion_iterations, "busy"},
        {ScramFault::wrong_signature, "the password is not at fault"},
        {ScramFault::no_signature, "no signature"},
        {ScramFault::ok_without_proof, "without the proof"},
        {ScramFault::challenge_without_base64, "base 64"}};
    for (const auto& [fault, words] : rows) {
        serve("PLAIN SCRAM-SHA-256");
        ScramServer scram{"secret", fault};
        scram.binds = false;
        answer_with(scram);
        const auto report = bench.poll();
        ASSERT_TRUE(report.error) << words;
        EXPECT_EQ(report.error->code(), ErrorCode::protocol_violation);
        EXPECT_TRUE(contains(error_of(report), words)) << error_of(report);
        EXPECT_EQ(report.link.refusals, 0U);
        EXPECT_EQ(report.collected, 0U);
        EXPECT_FALSE(was_told_the_password()) << words;
    }
}

TEST_F(LogIn, AWrongPasswordIsRefusedTwiceAtMost)
{
    serve("PLAIN SCRAM-SHA-256");
    ScramServer scram{"another", ScramFault::none};
    scram.binds = false;
    answer_with(scram);
    bench.server.change([](Pop3Script& script) { script.password = "another"; });
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::auth_rejected);
    EXPECT_EQ(report.link.refusals, 2U); // by SCRAM and by PASS; PLAIN is announced and unknown
    EXPECT_EQ(bench.server.script().count_of("PASS"), 1U);
    static_cast<void>(bench.poll());
    EXPECT_EQ(bench.server.script().count_of("PASS"), 1U);
}

TEST_F(LogIn, WhatIsAnnouncedInVainIsRememberedSoThatNoPollPaysForItAgain)
{
    serve("CRAM-MD5 SCRAM-SHA-256 SCRAM-SHA-1 PLAIN");
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.server.script().count_of("AUTH SCRAM"), 2U);
    const auto again = bench.poll();
    EXPECT_TRUE(again.is_complete());
    EXPECT_EQ(again.link.mechanism, "PLAIN");
    EXPECT_EQ(bench.server.script().count_of("AUTH SCRAM"), 2U);
    bench.now += std::chrono::days{31};
    EXPECT_TRUE(bench.poll().is_complete());
    EXPECT_EQ(bench.server.script().count_of("AUTH SCRAM"), 4U);
}

TEST_F(LogIn, SomebodyInBetweenWhoPassesABoundLoginOnIsFoundOut)
{
    serve("PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS");
    ScramServer scram{"secret", ScramFault::none}; // the true server sees the other TLS session
    bench.server.change([&](Pop3Script& script) {
        script.sasl = [scram](const std::string& line, const std::string&) mutable {
            return scram(line, std::string(32, 'o'));
        };
    });
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_TRUE(contains(error_of(report), "channel-bindings-dont-match")) << error_of(report);
    EXPECT_TRUE(contains(error_of(report), "in between"));
    EXPECT_FALSE(was_told_the_password());
}

TEST_F(LogIn, SomebodyWhoCutsTheAnnouncementOfBindingOutIsFoundOut)
{
    serve("PLAIN SCRAM-SHA-256"); // the true server announces SCRAM-SHA-256-PLUS as well
    answer_with({"secret", ScramFault::none});
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_TRUE(contains(error_of(report), "server-does-support-channel-binding"));
    EXPECT_FALSE(was_told_the_password());
}

TEST_F(LogIn, ABoundMechanismThatIsSetIsUsedWhateverIsAnnounced)
{
    serve("PLAIN");
    answer_with({"secret", ScramFault::none});
    bench.settings.authentication = Mechanism::scram_sha_256_plus;
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(report.link.mechanism, "SCRAM-SHA-256-PLUS");
}

TEST_F(LogIn, CramMd5IsNoReasonToLeavePlainUnderTls)
{
    serve("CRAM-MD5 PLAIN");
    EXPECT_EQ(bench.poll().link.mechanism, "PLAIN");
    EXPECT_FALSE(bench.server.script().has_seen("AUTH CRAM-MD5"));
}

TEST_F(LogIn, ATokenThatIsRefusedIsExplainedInTheServersWords)
{
    serve("XOAUTH2");
    bench.settings.authentication = Mechanism::xoauth2;
    bench.server.change([](Pop3Script& script) {
        script.sasl = [](const std::string& line, const std::string&) {
            return line.starts_with("AUTH") ? "+ "
                   : line.empty()           ? "-ERR [AUTH] no"
                                  : "+ eyJzdGF0dXMiOiI0MDEiLCJzY29wZSI6InBvcCJ9"; // as JSON
        };
    });
    const auto report = bench.poll();
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), ErrorCode::auth_rejected);
    EXPECT_TRUE(contains(error_of(report),
                         "does not take the token, status \"401\", it wants the scope \"pop\""))
        << error_of(report);
    EXPECT_TRUE(contains(error_of(report), "check user name and token"));
}

} // namespace
} // namespace watchpost::test
