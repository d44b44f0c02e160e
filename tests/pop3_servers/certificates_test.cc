// Certificate verdicts in the collector's hands: chains of docs/certificate-verdicts.md behind a
// scripted POP3 server. What is refused gets no log-in; what is shown stands in the report.
#include <gtest/gtest.h>

#include <array>

#include "quirk_bench.h"
#include "support/page_table.h"

namespace watchpost::test {
namespace {

using net::CertificatePolicy;

const std::filesystem::path corpus = std::filesystem::path{WATCHPOST_SHARED_DIR} / "corpus/tls";
constexpr std::array policies{CertificatePolicy::any, CertificatePolicy::self_signed,
                              CertificatePolicy::trusted};

std::string read_pem(const std::string& names)
{
    std::string pem;
    std::istringstream in{names};
    for (std::string name; std::getline(in, name, ',');) {
        pem += read_file(corpus / "certs" / (name + ".pem"));
    }
    return pem;
}

/// Rows of the list's most common key, without settings of their own. The scripted server's OpenSSL
/// takes neither weak ones nor, in a chain, a file with trust settings.
std::vector<PageRow> rows_of_one_key()
{
    auto rows = read_page_table("certificate-verdicts.md", "served", 10);
    std::erase_if(rows, [](const PageRow& row) {
        return (row[1] != "ee-cert" && row[1] != "ee-client" && row[1] != "ee-expired" &&
                row[1] != "ee-name2") ||
               !row[4].empty() || contains(row[2], "+") || contains(row[9], "too ");
    });
    return rows;
}

/// The scripted server with the row's chain, and the administrator's upload.
struct Scene {
    explicit Scene(const PageRow& row)
        : bench{R"({"tls": "implicit", "messages": [
        {"uid": "one", "content": "Subject: one\r\n\r\none\r\n"}]})"}
    {
        bench.server.change([&](Pop3Script& script) {
            script.certificate =
                bench.folder.write("chain.pem", read_pem(row[1]) + read_pem(row[2])).string();
            script.key = (corpus / "certs" / "ee-key.pem").string();
        });
        bench.settings.tls_mode = collector::TlsMode::implicit;
        bench.settings.tls.certificate_name = "server.example";
        bench.settings.tls.ca_pem = read_pem(row[3]);
    }

    QuirkBench bench;
};

void expect_refused(const collector::PollReport& report, const Pop3Script& script,
                    const std::string& fault)
{
    ASSERT_TRUE(report.error);
    EXPECT_EQ(report.error->code(), base::ErrorCode::certificate_rejected);
    EXPECT_TRUE(contains(error_of(report), fault)) << error_of(report);
    EXPECT_TRUE(script.commands.empty()) << script.commands.front();
}

void expect_collected(const collector::PollReport& report, const QuirkBench& bench,
                      const std::string& cell, const std::string& fault)
{
    EXPECT_EQ(error_of(report), "");
    EXPECT_EQ(bench.contents().size(), 1U);
    EXPECT_EQ(report.link.tls.faults.empty(), cell == "accepted");
    if (cell == "shown") {
        EXPECT_TRUE(std::ranges::any_of(report.link.tls.faults, [&](const std::string& shown) {
            return contains(shown, fault);
        })) << fault;
    }
}

TEST(CollectorCertificates, AreDecidedAsThePageSaysBeforeAnyLogIn)
{
    if (!std::filesystem::exists(corpus)) {
        GTEST_SKIP() << "there is no ../shared with corpus/tls";
    }
    const auto rows = rows_of_one_key();
    ASSERT_GT(rows.size(), 80U);
    for (const PageRow& row : rows) {
        for (std::size_t i = 0; i < policies.size(); ++i) {
            SCOPED_TRACE("row " + row[0] + " " + std::string{to_string(policies.at(i))});
            Scene scene{row};
            scene.bench.settings.tls.policy = policies.at(i);
            const auto report = scene.bench.poll();
            const std::string& cell = row.at(6 + i);
            if (cell == "refused") {
                expect_refused(report, scene.bench.server.script(), row[9]);
            } else {
                expect_collected(report, scene.bench, cell, row[9]);
            }
        }
    }
}

} // namespace
} // namespace watchpost::test
