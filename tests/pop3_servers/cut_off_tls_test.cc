// Exactly once in effect, wherever a link under TLS breaks: a relay that counts ciphertext ends it
// inside the handshake, between records and inside them, by FIN and by RST in turn.
#include <gtest/gtest.h>

#include "quirk_bench.h"
#include "support/relay.h"
#include "system/sanitized.h"

namespace watchpost::test {
namespace {

using Side = Relay::Side;

constexpr std::uint64_t stride = is_sanitized ? 127 : 41; // octets; prime

struct Way {
    std::string_view name;
    bool deletes = false;
    ServerTls tls = ServerTls::none;
    std::vector<std::string> capabilities; // under TLS
    std::string password;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Way& way, std::ostream* out)
{
    *out << way.name;
}

class CutOffTls : public ::testing::TestWithParam<Way> {
protected:
    static void SetUpTestSuite()
    {
        folder = std::make_unique<TempDir>();
        files = make_self_signed(folder->path());
    }
    static void TearDownTestSuite() { folder.reset(); }

    static Pop3Script whole()
    {
        auto script = pop3_script(R"({"messages": 4, "capabilities": ["STLS"]})");
        script.messages[1].content = "Subject: dots\r\n\r\n.\r\n..\r\n";
        script.tls = GetParam().tls;
        script.capabilities_tls = GetParam().capabilities;
        script.password = GetParam().password;
        script.certificate = files.certificate;
        script.key = files.key;
        return script;
    }

    static std::unique_ptr<QuirkBench> make_bench()
    {
        auto bench = std::make_unique<QuirkBench>(whole());
        bench->password = GetParam().password;
        bench->settings.tls.policy = net::CertificatePolicy::any;
        bench->settings.tls_mode = GetParam().tls == ServerTls::stls ? collector::TlsMode::stls
                                                                     : collector::TlsMode::implicit;
        if (GetParam().deletes) {
            bench->delete_once_stored();
        }
        return bench;
    }

    /// Octets of that side in a session that nobody disturbs.
    static std::uint64_t octets_of(Side side)
    {
        const auto bench = make_bench();
        const Relay relay{{.server_port = bench->server.port()}};
        bench->settings.port = static_cast<std::uint16_t>(relay.port());
        EXPECT_TRUE(bench->poll().is_complete());
        EXPECT_TRUE(bench->server.script().clear_commands.size() <= 2); // CAPA, STLS
        return relay.octets_of(side);
    }

    static collector::PollReport poll_cut_off(QuirkBench& bench, Relay::Instant instant,
                                              Relay::End end)
    {
        const Relay relay{{.server_port = bench.server.port(), .instant = instant, .end = end}};
        bench.settings.port = static_cast<std::uint16_t>(relay.port());
        auto report = bench.poll();
        bench.settings.port = static_cast<std::uint16_t>(bench.server.port());
        return report;
    }

    static std::unique_ptr<TempDir> folder;
    static CertificateFiles files;
};

std::unique_ptr<TempDir> CutOffTls::folder;
CertificateFiles CutOffTls::files;

TEST_P(CutOffTls, AfterAnyNumberOfOctetsOfCiphertextNothingIsLostOrCollectedTwice)
{
    std::size_t times = 0;
    std::size_t before_log_in = 0;
    for (const auto side : {Side::server, Side::client}) {
        const auto octets_max = octets_of(side);
        for (std::uint64_t octets = 1; octets < octets_max; octets += stride) {
            const auto end = ++times % 2 == 0 ? Relay::End::finish : Relay::End::reset;
            SCOPED_TRACE(std::to_string(octets) +
                         (side == Side::server ? " of the server, " : " of the client, ") +
                         (end == Relay::End::finish ? "FIN" : "RST"));
            const auto bench = make_bench();
            const auto report = poll_cut_off(*bench, {side, octets}, end);
            before_log_in += report.has_logged_in ? 0 : 1;
            expect_nothing_lost(*bench, whole());
            const auto next = bench->poll();
            EXPECT_TRUE(next.is_complete()) << error_of(next);
            expect_all_collected(*bench, whole(), GetParam().deletes);
        }
    }
    EXPECT_GT(times, 20U);
    EXPECT_GT(before_log_in, 5U);
    EXPECT_LT(before_log_in, times);
}

const std::vector<std::string> plain{"UIDL", "PIPELINING", "SASL PLAIN"};
const std::vector<std::string> user{"UIDL", "PIPELINING", "USER"};
const std::string long_password(400, 'x'); // goes in answer to a challenge

INSTANTIATE_TEST_SUITE_P(
    EveryWay, CutOffTls,
    testing::Values(Way{"leave_implicit_sasl", false, ServerTls::implicit, plain, long_password},
                    Way{"delete_implicit_user", true, ServerTls::implicit, user, "secret"},
                    Way{"leave_stls_user", false, ServerTls::stls, user, "secret"},
                    Way{"delete_stls_sasl", true, ServerTls::stls, plain, long_password}),
    [](const auto& way) { return std::string{way.param.name}; });

} // namespace
} // namespace watchpost::test
