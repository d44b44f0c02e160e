// The certificate verdicts of OpenSSL's own verify suite (../shared/corpus/tls), each chain served
// by a real TLS server under every policy and pin. docs/certificate-verdicts.md is the expectation.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/time.h"
#include "net/tests/support/handshake.h"
#include "net/tests/support/tls_server.h"
#include "net/tests/support/verify_list.h"
#include "support/page_table.h"

namespace watchpost::net::test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view page = "certificate-verdicts.md";
constexpr std::array policies{CertificatePolicy::any, CertificatePolicy::self_signed,
                              CertificatePolicy::trusted};

struct Row {
    std::size_t number = 0; // in the list, from 1
    std::string leaf;
    std::string sent;
    std::string uploaded;
    std::string settings;
    std::string listed;
    std::array<std::string, 3> cells; // in the order of `policies`
    std::string fault;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.number << " " << row.leaf;
}

std::vector<Row> served_rows()
{
    std::vector<Row> rows;
    for (const watchpost::test::PageRow& cells :
         watchpost::test::read_page_table(page, "served", 10)) {
        rows.push_back({std::stoul(cells[0]),
                        cells[1],
                        cells[2],
                        cells[3],
                        cells[4],
                        cells[5],
                        {cells[6], cells[7], cells[8]},
                        cells[9]});
    }
    return rows;
}

/// Row number and reason of one of the two short tables.
std::map<std::size_t, std::string> reasons(std::string_view table)
{
    std::map<std::size_t, std::string> found;
    for (const watchpost::test::PageRow& cells : watchpost::test::read_page_table(page, table, 3)) {
        for (const auto& number : split_names(cells[0])) {
            EXPECT_TRUE(found.emplace(std::stoul(number), cells[2]).second) << number << " twice";
        }
    }
    return found;
}

/// "name www.good.org, @SECLEVEL=0, at 2020-07-01T00:00:00Z"
TlsSettings settings_of(const Row& row)
{
    TlsSettings settings;
    settings.certificate_name = "server.example";
    for (std::string part : split_names(row.settings)) {
        part.erase(0, part.find_first_not_of(' '));
        if (part.starts_with("name ")) {
            settings.certificate_name = part.substr(5);
        } else if (part.starts_with("at ")) {
            settings.valid_at = base::parse_rfc3339(part.substr(3));
        } else {
            settings.ciphers = part;
        }
    }
    settings.ca_pem = read_listed_pem(row.uploaded);
    return settings;
}

TlsServerSettings server_of(const Row& row)
{
    const auto leaf = read_listed_certificate(row.leaf);
    TlsServerSettings settings{.identity = {leaf, find_listed_key(leaf)}};
    for (const auto& name : split_names(row.sent)) {
        settings.chain.push_back(read_listed_certificate(name));
    }
    return settings;
}

void expect_cell(const Outcome& outcome, const std::string& cell, const std::string& fault)
{
    EXPECT_EQ(outcome.session.has_value(), cell != "refused") << outcome.message();
    if (cell == "accepted") {
        EXPECT_EQ(outcome.all_faults(), "");
    } else {
        ASSERT_NE(fault, "");
        EXPECT_THAT(outcome.all_faults(), HasSubstr(fault));
    }
    if (cell == "refused") {
        ASSERT_TRUE(outcome.error);
        EXPECT_EQ(outcome.error->code(), base::ErrorCode::certificate_rejected);
        EXPECT_THAT(outcome.message(), HasSubstr(fault));
    }
}

class ServedCorpus : public ::testing::TestWithParam<Row> {
protected:
    void SetUp() override
    {
        if (read_verify_list().empty()) {
            GTEST_SKIP() << "there is no ../shared with corpus/tls";
        }
        use_as_system_store("/dev/null");
    }
};

TEST_P(ServedCorpus, IsDecidedAsThePageSays)
{
    const Row& row = GetParam();
    const auto presented = server_of(row);
    ASSERT_NE(presented.identity.key, nullptr);
    const TlsServer server{presented, wait_for_end};
    TlsSettings settings = settings_of(row);
    for (std::size_t i = 0; i < policies.size(); ++i) {
        SCOPED_TRACE(to_string(policies.at(i)));
        const auto& cell = row.cells.at(i);
        EXPECT_THAT(cell, ::testing::AnyOf("accepted", "shown", "refused"));
        settings.policy = policies.at(i);
        settings.pin = std::nullopt;
        expect_cell(shake_hands(settings, server.port()), cell, row.fault);
        settings.pin = fingerprint_of(presented.identity.certificate);
        expect_cell(shake_hands(settings, server.port()), cell, row.fault);
        settings.pin = crypto::Sha256{};
        expect_cell(shake_hands(settings, server.port()), "refused", "is not the pinned one");
    }
}

INSTANTIATE_TEST_SUITE_P(Docs, ServedCorpus, ::testing::ValuesIn(served_rows()),
                         [](const auto& row) { return "row_" + std::to_string(row.param.number); });

TEST_F(ServedCorpus, EveryRowOfTheListIsServedOrHasTheReasonWhyNot)
{
    const auto list = read_verify_list();
    const auto left_out = reasons("not served");
    std::multiset<std::size_t> numbers;
    for (const auto& [number, reason] : left_out) {
        EXPECT_NE(reason, "") << number;
        numbers.insert(number);
    }
    for (const Row& row : served_rows()) {
        numbers.insert(row.number);
    }
    ASSERT_EQ(numbers.size(), list.size());
    for (std::size_t number = 1; number <= list.size(); ++number) {
        EXPECT_EQ(numbers.count(number), 1U) << number;
    }
}

TEST_F(ServedCorpus, ThePageNamesTheChainsAndVerdictsOfTheList)
{
    const auto list = read_verify_list();
    for (const Row& row : served_rows()) {
        SCOPED_TRACE(row.number);
        const ListedVerdict& listed = list.at(row.number - 1);
        EXPECT_EQ(row.leaf, listed.leaf);
        EXPECT_EQ(row.listed, listed.expect);
        if (!listed.trusted.empty() || !listed.untrusted.empty()) { // else the page alone has it
            EXPECT_EQ(row.uploaded, listed.trusted);
            EXPECT_EQ(row.sent, listed.untrusted);
        }
    }
}

TEST_F(ServedCorpus, WhereTrustedAndTheListDifferThePageSaysWhy)
{
    std::set<std::size_t> differing;
    for (const Row& row : served_rows()) {
        if ((row.cells.back() == "accepted") != (row.listed == "accept")) {
            differing.insert(row.number);
        }
    }
    std::set<std::size_t> explained;
    for (const auto& [number, reason] : reasons("differs")) {
        EXPECT_NE(reason, "") << number;
        explained.insert(number);
    }
    EXPECT_EQ(differing, explained);
}

TEST_F(ServedCorpus, NoServerCertificateIsLeftOutThatHasAKey)
{
    const auto list = read_verify_list();
    for (const auto& [number, reason] : reasons("not served")) {
        const ListedVerdict& row = list.at(number - 1);
        const bool is_server = row.purpose == "sslserver";
        EXPECT_FALSE(is_server) << number << ": " << reason;
    }
}

} // namespace
} // namespace watchpost::net::test
