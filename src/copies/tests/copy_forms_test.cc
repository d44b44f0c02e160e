// Every message of tests/fixtures/copies, with each setting of its manifest, is shown as the
// manifest says.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>

#include "copy_text.h"
#include "support/temp_dir.h"

namespace watchpost::copies {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path{WATCHPOST_SOURCE_DIR} / "tests/fixtures/copies";

struct Row {
    std::string file;
    std::string setting;
    std::string shown; // as test::describe() tells it
};

std::vector<std::string> split(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream stream{line};
    for (std::string cell; std::getline(stream, cell, '\t');) {
        cells.push_back(cell);
    }
    return cells;
}

std::vector<Row> manifest()
{
    std::vector<Row> rows;
    std::istringstream lines{watchpost::test::read_file(folder / "MANIFEST.tsv")};
    for (std::string line; std::getline(lines, line);) {
        const auto cells = split(line);
        if (line.starts_with('#') || line.starts_with("file\t")) {
            continue;
        }
        if (cells.size() != 11) {
            ADD_FAILURE() << cells.size() << " cells: " << line;
            continue;
        }
        rows.push_back({cells[0], cells[1],
                        "form " + cells[2] + "; part " + cells[3] + "; from " + cells[4] + "; to " +
                            cells[5] + "; cc " + cells[6] + "; bcc " + cells[7] + "; subject " +
                            cells[8] + "; notes " + cells[9]});
    }
    return rows;
}

TEST(CopyForms, EveryMessageIsShownAsTheManifestSays)
{
    const auto rows = manifest();
    EXPECT_GE(rows.size(), 40U);
    for (const Row& row : rows) {
        SCOPED_TRACE(row.file + " in a mailbox set to " + row.setting);
        const auto setting = model::parse_copy_setting(row.setting);
        ASSERT_TRUE(setting);
        EXPECT_EQ(test::describe(watchpost::test::read_file(folder / row.file), *setting),
                  row.shown);
    }
}

TEST(CopyForms, EveryMessageOfTheFolderStandsInTheManifest)
{
    std::set<std::string> named{"MANIFEST.tsv"};
    std::ranges::transform(manifest(), std::inserter(named, named.end()), &Row::file);
    std::set<std::string> there;
    for (const auto& entry : fs::directory_iterator{folder}) {
        there.insert(entry.path().filename().string());
    }
    EXPECT_EQ(named, there);
}

// What is shown changes, what is there to be inspected does not.
TEST(CopyForms, TheModelNamesThePartsOfTheAttachedMessageByTheirPathsInTheWhole)
{
    const auto model = test::read(test::report_with(test::usual_report, test::with_attachment),
                                  model::CopySetting::automatic);
    ASSERT_TRUE(model.copy);
    EXPECT_EQ(model.copy->part, "2");
    ASSERT_EQ(model.attachments.size(), 1U);
    EXPECT_EQ(model.attachments[0].part, "2.2");
    EXPECT_EQ(model.attachments[0].filename, "figures.txt");
    EXPECT_EQ(model.body.plain, "See the file.");
    EXPECT_EQ(model.headers.message_id, "id@x.example");
}

TEST(CopyForms, TheModelSaysHowTheMessageArrived)
{
    const auto model = test::read(test::report_with(test::usual_report, test::with_attachment),
                                  model::CopySetting::automatic);
    ASSERT_TRUE(model.copy && model.copy->arrived.sender && model.copy->journal);
    EXPECT_EQ(model.copy->setting, "auto");
    EXPECT_EQ(model.copy->arrived.sender->email.email, "exchange@corp.example");
    EXPECT_EQ(model.copy->arrived.recipients.at(0).email.email, "journal@corp.example");
    EXPECT_EQ(model.copy->journal->sender, "ann@corp.example");
    ASSERT_EQ(model.copy->recipients.size(), 2U);
    EXPECT_EQ(model.copy->recipients[1].field, "bcc");
    EXPECT_EQ(model.copy->recipients[1].known_by, "journal_report");
    EXPECT_EQ(model.copy->recipients[1].expanded_from, "board@corp.example");
    EXPECT_EQ(model.copy->evidence.size(), 3U);
}

TEST(CopyForms, AProtectedMessageWithoutACopyInClearIsAGap)
{
    const auto text = watchpost::test::read_file(folder / "protected-only.eml");
    const auto message = message::Message::parse(base::as_bytes(text));
    EXPECT_EQ(read_copy(message, model::CopySetting::automatic).protected_part, "2");
    const auto clear = watchpost::test::read_file(folder / "decrypted-copy.eml");
    const auto with_copy = message::Message::parse(base::as_bytes(clear));
    const auto reading = read_copy(with_copy, model::CopySetting::automatic);
    EXPECT_EQ(reading.protected_part, "");
    EXPECT_EQ(reading.copy.value().other_parts, std::vector<std::string>{"2"});
}

TEST(CopyForms, OriginalRecipientsAreKeptUpToANamedLimit)
{
    const auto text = watchpost::test::read_file(folder / "google-also-deliver-to.eml");
    const std::string more = "X-Gm-Original-To: one@corp.example, two@corp.example\r\n" + text;
    const auto message = message::Message::parse(base::as_bytes(more));
    Limits limits;
    limits.recipients_max = 2;
    const auto reading = read_copy(message, model::CopySetting::plain, limits);
    EXPECT_EQ(reading.copy.value().recipients.size(), 2U);
    EXPECT_TRUE(reading.copy->was_cut);
    ASSERT_EQ(reading.defects.size(), 1U);
    EXPECT_EQ(reading.defects[0].id, "limit_journal_recipients");
    EXPECT_TRUE(read_copy(message, model::CopySetting::plain).defects.empty());
}

TEST(CopyForms, AFieldBelowTheFirstReceivedSaysNothingAboutTheDelivery)
{
    const auto model = test::read("Received: from a\r\nDelivered-To: forged@x.example\r\n"
                                  "From: a@x.example\r\n\r\ntext\r\n",
                                  model::CopySetting::automatic);
    EXPECT_FALSE(model.copy);
}

} // namespace
} // namespace watchpost::copies
