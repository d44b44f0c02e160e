// Walks through the table of docs/tls-policies.md: fault × policy × pin against a real TLS server.
// The page is the expectation, so that it cannot come to differ from the program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "net/tests/support/handshake.h"
#include "net/tests/support/presented.h"
#include "net/tests/support/tls_server.h"
#include "support/page_table.h"
#include "support/temp_dir.h"

namespace watchpost::net::test {
namespace {

using ::testing::HasSubstr;

constexpr std::array policies{CertificatePolicy::any, CertificatePolicy::self_signed,
                              CertificatePolicy::trusted};

struct Row {
    std::string id;
    std::array<std::string, 3> cells; // in the order of `policies`
    std::string fault;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.id;
}

std::vector<Row> read_page()
{
    std::vector<Row> rows;
    for (const watchpost::test::PageRow& cells :
         watchpost::test::read_page_table("tls-policies.md", "truth table", 6)) {
        rows.push_back({cells[0], {cells[2], cells[3], cells[4]}, cells[5]});
    }
    return rows;
}

/// What the server and the administrator of one row have set up.
class Scene {
public:
    explicit Scene(const std::string& id)
        : presented_{present(id)}
        , server_{{.identity = presented_.identity, .chain = presented_.sent}, wait_for_end}
    {
        use_as_system_store("/dev/null");
        write_pem(folder_ / "ca.pem", presented_.uploaded);
    }

    [[nodiscard]] Outcome try_policy(CertificatePolicy policy,
                                     std::optional<crypto::Sha256> pin) const
    {
        TlsSettings settings;
        settings.policy = policy;
        settings.pin = pin;
        settings.certificate_name = presented_.certificate_name;
        settings.ca_file = presented_.uploaded.empty() ? "" : (folder_ / "ca.pem").string();
        return shake_hands(settings, server_.port(), presented_.server);
    }

    [[nodiscard]] crypto::Sha256 right_pin() const
    {
        return fingerprint_of(presented_.identity.certificate);
    }

private:
    Presented presented_;
    watchpost::test::TempDir folder_;
    TlsServer server_;
};

void expect_cell(const Outcome& outcome, const std::string& cell, const std::string& fault)
{
    EXPECT_EQ(outcome.session.has_value(), cell != "refused") << outcome.message();
    if (cell == "accepted") {
        EXPECT_EQ(outcome.all_faults(), "");
    } else {
        EXPECT_THAT(outcome.all_faults(), HasSubstr(fault));
    }
    if (cell == "refused") {
        ASSERT_TRUE(outcome.error);
        EXPECT_EQ(outcome.error->code(), base::ErrorCode::certificate_rejected);
        EXPECT_THAT(outcome.message(), HasSubstr(fault));
    }
    EXPECT_FALSE(outcome.info.chain.empty());
    EXPECT_NE(outcome.info.version, "");
}

class TruthTable : public ::testing::TestWithParam<Row> {};

TEST_P(TruthTable, IsKeptByEveryPolicyAndPin)
{
    const Row& row = GetParam();
    const Scene scene{row.id};
    for (std::size_t i = 0; i < policies.size(); ++i) {
        SCOPED_TRACE(to_string(policies.at(i)));
        const auto& cell = row.cells.at(i);
        ASSERT_THAT(cell, ::testing::AnyOf("accepted", "shown", "refused"));
        expect_cell(scene.try_policy(policies.at(i), std::nullopt), cell, row.fault);
        expect_cell(scene.try_policy(policies.at(i), scene.right_pin()), cell, row.fault);
        expect_cell(scene.try_policy(policies.at(i), crypto::Sha256{}), "refused",
                    "is not the pinned one");
    }
}

INSTANTIATE_TEST_SUITE_P(Docs, TruthTable, ::testing::ValuesIn(read_page()), [](const auto& row) {
    std::string name = row.param.id;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(TruthTablePage, ListsEveryCaseThatIsKnownHereAndNoOther)
{
    std::vector<std::string> ids;
    for (const Row& row : read_page()) {
        ids.push_back(row.id);
    }
    EXPECT_THAT(ids, ::testing::UnorderedElementsAreArray(presented_ids()));
}

} // namespace
} // namespace watchpost::net::test
