#include <gtest/gtest.h>

#include "base/base64.h"
#include "pop3/sasl.h"

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;

/// An exchange in clear words: base 64 is done here.
class Scram {
public:
    explicit Scram(Mechanism mechanism, const std::string& nonce = "clientnonce",
                   const std::string& user = "alice", const std::string& password = "secret",
                   std::optional<ChannelBinding> binding = {})
    {
        LoginOptions options;
        options.binding = std::move(binding);
        options.make_nonce = [nonce] { return nonce; };
        exchange_ =
            make_sasl(mechanism, Credentials::make(user, password).value(), options).value();
    }

    base::Result<std::string> hear(std::string_view message)
    {
        return exchange_->answer(base::to_base64(message));
    }
    SaslExchange& exchange() { return *exchange_; }

private:
    std::unique_ptr<SaslExchange> exchange_;
};

struct Vector {
    Mechanism mechanism;
    std::string nonce;
    std::string user;
    std::string password;
    std::string first;
    std::string server_first;
    std::string proof;
    std::string server_final;
    std::optional<ChannelBinding> binding = {};
};

std::string octets_up_to(char end)
{
    std::string octets;
    for (char octet = 0; octet < end; ++octet) {
        octets += octet;
    }
    return octets;
}

const std::string first_of_server = "r=clientnonceservernonce,s=MDEyMzQ1Njc4OWFiY2RlZg==,i=4096";

/// RFC 5802 §5, RFC 7677 §3; the others were computed with Python's hashlib and hmac.
std::vector<Vector> vectors()
{
    return {
        {Mechanism::scram_sha_1, "fyko+d2lbbFgONRv9qkxdawL", "user", "pencil",
         "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
         "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
         "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
         "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
        {Mechanism::scram_sha_256, "rOprNGfwEbeRWgbNEkqO", "user", "pencil",
         "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
         "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
         "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
         "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
         "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
        {Mechanism::scram_sha_256_plus, "clientnonce", "alice", "secret",
         "p=tls-exporter,,n=alice,r=clientnonce", first_of_server,
         "c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,"
         "r=clientnonceservernonce,p=NbIi97n/LlRcF8G+wA0+JGU4NI3fZ5QBXCXiFBGrNxE=",
         "v=++IV4ZaxeDMZqEceWBRnim72C89Vv0Go2usto9cXd7w=",
         ChannelBinding{"tls-exporter", octets_up_to(32)}},
        {Mechanism::scram_sha_1_plus, "clientnonce", "alice", "secret",
         "p=tls-server-end-point,,n=alice,r=clientnonce", first_of_server,
         "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,"
         "r=clientnonceservernonce,p=S2ZXCAXSISdi/6GoMlANm8ZqRcc=",
         "v=Y2AqYVAY9t6/JPYmiuDU/iu3x6Y=",
         ChannelBinding{"tls-server-end-point", octets_up_to(32)}},
        {Mechanism::scram_sha_256, "clientnonce", "a,b=c", "secret", "y,,n=a=2Cb=3Dc,r=clientnonce",
         first_of_server,
         "c=eSws,r=clientnonceservernonce,p=nEuEPBQjhhFcwzNKh04JdM4CPzsRiUwPMF68KCIYyn0=",
         "v=lVQjABYCyptwlHEMiiKwu13xln1Ek+rQeA7XtVgiEEY=",
         ChannelBinding{"tls-exporter", octets_up_to(32)}},
        {Mechanism::scram_sha_256, "clientnonce", "alice", "\xE2\x85\xA8", // U+2168 is "IX"
         "n,,n=alice,r=clientnonce", first_of_server,
         "c=biws,r=clientnonceservernonce,p=nQSvW7Sn5ovTWKpcxN4pgo0pyimGzoyiq5+sfcmrTx8=",
         "v=gcK19ImlpsDMowtqkO1CUQE7k8/lBkgCfMrMeJWw7p8="},
    };
}

TEST(Pop3Scram, SaysWhatTheVectorsSay)
{
    for (const auto& row : vectors()) {
        SCOPED_TRACE(row.first);
        Scram scram{row.mechanism, row.nonce, row.user, row.password, row.binding};
        EXPECT_EQ(scram.exchange().first(), row.first);
        EXPECT_FALSE(scram.exchange().has_sent_secret());
        EXPECT_EQ(scram.hear(row.server_first).value(), row.proof);
        EXPECT_TRUE(scram.exchange().has_sent_secret());
        EXPECT_FALSE(scram.exchange().finish());
        EXPECT_EQ(scram.hear(row.server_final).value(), "");
        EXPECT_TRUE(scram.exchange().finish());
        EXPECT_FALSE(scram.hear(row.server_final));
    }
}

TEST(Pop3Scram, ExtensionsBehindTheIterationsArePassedOver)
{
    Scram scram{Mechanism::scram_sha_256};
    EXPECT_TRUE(scram.hear(first_of_server + ",x=1,y=2"));
}

class Pop3ScramHostile : public testing::TestWithParam<const char*> {};

TEST_P(Pop3ScramHostile, IsNotAnsweredWithAProof)
{
    Scram scram{Mechanism::scram_sha_256};
    const auto answer = scram.hear(GetParam());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::protocol_violation);
    EXPECT_FALSE(scram.exchange().has_sent_secret());
}

INSTANTIATE_TEST_SUITE_P(
    All, Pop3ScramHostile,
    testing::Values(
        "", "r", "r=", "=", ",", "r=clientnonce,s=MDEy,i=4096", // nothing of its own
        "r=othernonceservernonce,s=MDEy,i=4096",                // another one's
        "r=Clientnonceservernonce,s=MDEy,i=4096",
        "r=clientnonceservernonce,s=,i=4096",     // no salt
        "r=clientnonceservernonce,s=MDE,i=4096",  // no base 64
        "r=clientnonceservernonce,i=4096,s=MDEy", // another order
        "r=clientnonceservernonce,s=MDEy", "r=clientnonceservernonce,s=MDEy,i=",
        "r=clientnonceservernonce,s=MDEy,i=1", "r=clientnonceservernonce,s=MDEy,i=4095",
        "r=clientnonceservernonce,s=MDEy,i=2000001", "r=clientnonceservernonce,s=MDEy,i=1000000000",
        "r=clientnonceservernonce,s=MDEy,i=99999999999999999999",
        "r=clientnonceservernonce,s=MDEy,i=-4096", "r=clientnonceservernonce,s=MDEy,i=4096x",
        "m=1,r=clientnonceservernonce,s=MDEy,i=4096")); // an extension that must be known

TEST(Pop3Scram, AServerThatDoesNotKnowThePasswordIsToldFromAWrongPassword)
{
    Scram scram{Mechanism::scram_sha_256};
    EXPECT_TRUE(scram.hear(first_of_server));
    const auto answer = scram.hear("v=++IV4ZaxeDMZqEceWBRnim72C89Vv0Go2usto9cXd7w=");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::protocol_violation);
    EXPECT_NE(answer.error().message().find("the password is not at fault"), std::string::npos);
    EXPECT_FALSE(scram.exchange().finish());
}

TEST(Pop3Scram, ALastMessageWithoutSignatureIsNone)
{
    for (const auto* message : {"", "v", "v=", "v=*", "x=1", "v=++IV"}) {
        Scram scram{Mechanism::scram_sha_256};
        EXPECT_TRUE(scram.hear(first_of_server));
        EXPECT_FALSE(scram.hear(message)) << message;
        EXPECT_FALSE(scram.exchange().finish());
    }
}

TEST(Pop3Scram, AnErrorInPlaceOfAMessageIsTheReasonForTheRefusalToCome)
{
    Scram at_once{Mechanism::scram_sha_256};
    EXPECT_EQ(at_once.hear("e=unknown-user").value(), "");
    EXPECT_FALSE(at_once.exchange().has_sent_secret());
    EXPECT_EQ(at_once.exchange().explanation(),
              "the server refuses SCRAM-SHA-256, and says \"unknown-user\"");
    Scram later{Mechanism::scram_sha_256};
    EXPECT_TRUE(later.hear(first_of_server));
    EXPECT_EQ(later.hear("e=invalid-proof,x=1").value(), "");
    EXPECT_TRUE(later.exchange().has_sent_secret());
    EXPECT_FALSE(later.exchange().finish());
}

TEST(Pop3Scram, AnotherTlsSessionThanOursEndsTheLoginForGood)
{
    for (const auto* error :
         {"e=channel-bindings-dont-match", "e=server-does-support-channel-binding"}) {
        Scram scram{Mechanism::scram_sha_256};
        EXPECT_TRUE(scram.hear(first_of_server));
        const auto answer = scram.hear(error);
        ASSERT_FALSE(answer);
        EXPECT_NE(answer.error().message().find("in between"), std::string::npos);
    }
}

TEST(Pop3Scram, ChallengesThatAreNoBase64AreRefused)
{
    Scram scram{Mechanism::scram_sha_256};
    EXPECT_FALSE(scram.exchange().answer(first_of_server));
    EXPECT_FALSE(scram.exchange().answer("cj1j"));
}

} // namespace
} // namespace watchpost::pop3
