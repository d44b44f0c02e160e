// Client certificates at a real Dovecot: demanded by it, and as what logs in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

class ClientCertificate : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Dovecot::is_installed()) {
            GTEST_SKIP() << "dovecot-pop3d is not installed";
        }
        ca = make_self_signed(folder.path(), {.name = "ca", .is_ca = true});
        alice = make_issued(folder.path(), ca, {.name = "alice", .subject_names = "DNS:alice"});
        DovecotOptions options;
        options.configuration =
            "ssl_ca = <" + ca.certificate.string() +
            "\nssl_verify_client_cert = yes\nauth_ssl_require_client_cert = yes\n"
            "auth_ssl_username_from_cert = yes\nssl_cert_username_field = commonName\n"
            "ssl_require_crl = no\nauth_mechanisms = plain external\n"
            "passdb {\n  driver = static\n  mechanisms = external\n  args = nopassword=y\n}\n";
        dovecot = std::make_unique<Dovecot>(options);
        folder.write("password", "secret\n");
    }

    [[nodiscard]] ProgramResult check(const std::vector<std::string>& more) const
    {
        std::vector<std::string> words{watchpost_program(),
                                       "check",
                                       "pop3",
                                       "--user",
                                       "alice",
                                       "--server",
                                       "localhost",
                                       "--port",
                                       std::to_string(dovecot->tls_port()),
                                       "--ca",
                                       dovecot->certificate().certificate};
        words.insert(words.end(), more.begin(), more.end());
        return run_program(words);
    }
    [[nodiscard]] std::vector<std::string> shown(const CertificateFiles& files) const
    {
        return {"--client-certificate", files.certificate, "--client-key", files.key};
    }

    TempDir folder;
    CertificateFiles ca;
    CertificateFiles alice;
    std::unique_ptr<Dovecot> dovecot;
};

TEST_F(ClientCertificate, AServerThatDemandsOneTakesThePasswordOnlyWithIt)
{
    auto words = shown(alice);
    words.insert(words.end(), {"--auth", "plain", "--password-file", folder / "password"});
    const auto with = check(words);
    EXPECT_EQ(with.exit_code, 0) << with.out << with.err << dovecot->log();
    const auto without = check({"--auth", "plain", "--password-file", folder / "password"});
    EXPECT_EQ(without.exit_code, 2) << without.out;
}

TEST_F(ClientCertificate, ExternalLogsInWithoutAPassword)
{
    auto words = shown(alice);
    words.insert(words.end(), {"--auth", "external"});
    const auto result = check(words);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err << dovecot->log();
    EXPECT_THAT(result.out, HasSubstr("by EXTERNAL"));
}

TEST_F(ClientCertificate, OneOfAnotherCaIsRefusedByTheServer)
{
    const auto stranger =
        make_self_signed(folder.path(), {.name = "stranger", .subject_names = "DNS:alice"});
    auto words = shown(stranger);
    words.insert(words.end(), {"--auth", "external"});
    EXPECT_EQ(check(words).exit_code, 2);
}

TEST_F(ClientCertificate, AKeyThatDoesNotBelongToItIsRefusedBeforeAnythingIsSent)
{
    const auto other = make_self_signed(folder.path(), {.name = "other"});
    const auto result = check({"--client-certificate", alice.certificate, "--client-key", other.key,
                               "--auth", "external"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("the private key does not belong to the certificate"));
}

TEST_F(ClientCertificate, ExternalNeedsOne)
{
    EXPECT_THAT(check({"--auth", "external"}).err, HasSubstr("needs --client-certificate"));
}

} // namespace
} // namespace watchpost::test
