#include "node/process_table.h"

#include <gtest/gtest.h>

namespace watchpost::node {
namespace {

TEST(ProcessTable, WhoeverReadsEverythingHasNothingToLose)
{
    const ProcessRow* const inspector = find_process("inspector");
    ASSERT_NE(inspector, nullptr);
    EXPECT_EQ(inspector->hostile_bytes, "everything");
    EXPECT_EQ(inspector->network, "none");
    EXPECT_EQ(inspector->secrets, "none");
}

TEST(ProcessTable, WhoeverHasSecretsReadsNoContent)
{
    for (const ProcessRow& row : process_table()) {
        const bool has_secrets = row.secrets != "none";
        const bool reads_mail =
            row.name == "pipeline" || row.name == "inspector" || row.name == "unpacker";
        EXPECT_EQ(has_secrets, !reads_mail) << row.name;
    }
    EXPECT_NE(find_process("collector")->hostile_bytes.find("unread"), std::string_view::npos);
}

TEST(ProcessTable, OneProcessAloneWritesTheStore)
{
    for (const ProcessRow& row : process_table()) {
        EXPECT_EQ(row.writes.find("store") != std::string_view::npos, row.name == "control");
    }
}

TEST(ProcessTable, EveryCellIsFilled)
{
    for (const ProcessRow& row : process_table()) {
        for (const auto cell : {row.name, row.started_by, row.runs_as, row.network, row.secrets,
                                row.hostile_bytes, row.writes}) {
            EXPECT_FALSE(cell.empty()) << row.name;
        }
    }
}

TEST(ProcessTable, ItFitsIntoEightyColumnsAndOneWindow)
{
    const std::string text = table_as_text();
    std::size_t lines = 0;
    for (std::size_t start = 0; start < text.size(); ++lines) {
        const std::size_t end = text.find('\n', start);
        EXPECT_LE(end - start, 80U) << text.substr(start, end - start);
        start = end + 1;
    }
    EXPECT_LE(lines, 42U);
}

TEST(ProcessTable, ANameThatIsNotThereHasNoRow)
{
    EXPECT_EQ(find_process("console"), nullptr);
    EXPECT_EQ(find_process(""), nullptr);
}

} // namespace
} // namespace watchpost::node
