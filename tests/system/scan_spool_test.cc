// `watchpost scan --spool`: what the collector stored, as it stored it.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"
#include "spool/spool.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A spool of one mailbox, written by the spool itself.
class ScanSpool : public ::testing::Test {
protected:
    std::string store(const std::string& content,
                      spool::Completeness completeness = spool::Completeness::whole)
    {
        const auto spool = spool::Spool::open(folder_ / "spool").value();
        spool::Arrival arrival;
        arrival.receipt.key = {"alice@mail.example.org", 1};
        arrival.receipt.uid = "uid" + std::to_string(++number_);
        arrival.receipt.announced_octets = content.size() + 7;
        arrival.receipt.completeness = completeness;
        if (completeness != spool::Completeness::too_large) {
            arrival.content = spool->begin(content.size()).value();
            EXPECT_TRUE(arrival.content->append(base::as_bytes(content)));
        }
        std::vector<spool::Arrival> batch;
        batch.push_back(std::move(arrival));
        return spool->commit(std::move(batch)).value().front().to_string();
    }

    [[nodiscard]] ScanResult scan_it() const
    {
        return scan_json({"--spool", (folder_ / "spool").native()});
    }

    TempDir folder_;
    int number_ = 0;
};

TEST_F(ScanSpool, EveryMessageIsInspectedUnderItsIdInTheOrderOfArrival)
{
    const auto first = store(make_message({text_part("hi")}));
    const auto second = store(make_message({attachment_part("e.com", eicar())}));
    const auto result = scan_it();
    EXPECT_EQ(result.exit_code, 1) << result.err;
    ASSERT_EQ(result.lines.size(), 2U);
    EXPECT_EQ(result.lines[0].at("file"), first);
    EXPECT_EQ(result.lines[0].at("verdict"), "clean");
    EXPECT_EQ(result.lines[1].at("file"), second);
    EXPECT_THAT(findings_of(result.lines[1]), Contains("yara.match 1"));
}

TEST_F(ScanSpool, ALargeMessageIsInspectedToo)
{
    store(make_message({attachment_part("big.txt", std::string(2'000'000, 'x'))}));
    const auto result = scan_it();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.lines.at(0).at("parts").at(0).at("size"), 2'000'000);
}

TEST_F(ScanSpool, AMessageThatCameShortIsInspectedInPart)
{
    store(make_message({text_part("hi")}), spool::Completeness::short_of_announced);
    const auto result = scan_it();
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(gaps_of(result.lines.at(0)), ElementsAre("short_of_announced "));
    EXPECT_EQ(result.lines.at(0).at("parts").size(), 1U);
}

TEST_F(ScanSpool, AMessageOverTheMailboxesLimitIsToldAsNotInspected)
{
    store("", spool::Completeness::too_large);
    const auto result = scan_it();
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(gaps_of(result.lines.at(0)), ElementsAre("too_large "));
}

TEST_F(ScanSpool, WhatIsDamagedIsNamedAndTheRestIsInspected)
{
    store(make_message({text_part(std::string(300, 'a'))}));
    const auto intact = store(make_message({attachment_part("e.com", eicar())}));
    const auto segments = folder_ / "spool/segments";
    const auto segment = std::filesystem::directory_iterator
    {
        segments
    } -> path();
    std::fstream file{segment, std::ios::in | std::ios::out | std::ios::binary};
    const auto content = read_file(segment);
    file.seekp(static_cast<std::streamoff>(content.find("aaaaaaaa") + 50));
    file << "damage";
    file.close();
    const auto result = scan_it();
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("damaged"));
    std::vector<std::string> inspected;
    for (const auto& line : result.lines) {
        if (line.contains("verdict")) {
            inspected.push_back(line.at("file"));
        }
    }
    EXPECT_THAT(inspected, ElementsAre(intact)) << result.out;
}

TEST(ScanSpoolFolder, ThatIsNotThereIsAFailureThatNamesIt)
{
    const auto result = scan_json({"--spool", "/nonexistent/spool"});
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.lines, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr("/nonexistent/spool"));
}

} // namespace
} // namespace watchpost::test
