#include "pipeline/leaf_scans.h"

#include <gtest/gtest.h>

#include "fake_scanner.h"
#include "os/memfd.h"
#include "pool_fixture.h"

namespace watchpost::pipeline {
namespace {

os::UniqueFd file(std::string_view text)
{
    return os::make_sealed_memfd("leaf", base::as_bytes(text)).value();
}

std::vector<std::unique_ptr<inspect::LeafScanner>> one_scanner(ScanNotes& notes)
{
    std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
    scanners.push_back(std::make_unique<FakeScanner>(notes));
    return scanners;
}

class LeafScansTest : public testing::Test {
protected:
    void add(std::string_view path, std::string_view text)
    {
        scans_.add(LeafArrived{std::string{path}, "strict", file(text)});
    }

    inspect::Report scan_and_complete(const inspect::ReportLimits& limits = {})
    {
        inspect::Report report;
        scans_.complete(report, limits);
        return report;
    }

    ScanNotes notes_;
    std::vector<std::unique_ptr<inspect::LeafScanner>> scanners_ = one_scanner(notes_);
    InspectorLimits limits_;
    LeafScans scans_{scanners_, limits_};
};

TEST_F(LeafScansTest, AFindingNamesTheLeafAndTheSignature)
{
    add("1", "good");
    add("2!x", "bad");
    const auto report = scan_and_complete();
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].engine, "clamav");
    EXPECT_EQ(report.findings[0].id, "clamav.signature");
    EXPECT_EQ(report.findings[0].rule, "Test.\x1b"
                                       "bad");
    EXPECT_EQ(report.findings[0].detail, "Test.\\x1bbad");
    EXPECT_EQ(report.findings[0].part, "2!x");
    EXPECT_EQ(report.findings[0].importance, verdict::Importance::high);
}

TEST_F(LeafScansTest, TheWholeMessageHasNoPath)
{
    const auto whole = file("bad");
    scans_.add_whole(whole.get());
    EXPECT_FALSE(scans_.scan_next()); // not a leaf that the inspector waits for
    EXPECT_EQ(scan_and_complete().findings.at(0).part, "");
}

TEST_F(LeafScansTest, AnEngineThatIsDownIsAskedOnceAMessage)
{
    add("1", "down");
    add("2", "bad");
    const auto report = scan_and_complete();
    EXPECT_EQ(notes_.contents.size(), 1U);
    EXPECT_TRUE(report.findings.empty());
    const auto gap = gap_of(report);
    EXPECT_EQ(gap.engine, "clamav");
    EXPECT_EQ(gap.reason, "engine_unavailable");
    EXPECT_EQ(gap.part, "");
}

TEST_F(LeafScansTest, AFileThatIsTooLargeForTheEngineIsAGapOfItsOwn)
{
    add("1", "too large");
    add("2", "bad");
    const auto report = scan_and_complete();
    EXPECT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(gap_of(report).reason, "engine_limit");
    EXPECT_EQ(gap_of(report).part, "1");
}

TEST_F(LeafScansTest, ALeafThatWasNotHandedOutIsAGap)
{
    scans_.add(LeafArrived{"7", "strict", {}});
    const auto report = scan_and_complete();
    EXPECT_TRUE(notes_.contents.empty());
    EXPECT_EQ(gap_of(report).reason, "engine_limit");
    EXPECT_EQ(gap_of(report).part, "7");
}

TEST_F(LeafScansTest, WhenTheTimeForAllIsOverTheRestIsAGap)
{
    limits_.scans_time_max = std::chrono::milliseconds{-1};
    LeafScans scans{scanners_, limits_};
    scans.add(LeafArrived{"1", "strict", file("bad")});
    inspect::Report report;
    scans.complete(report, {});
    EXPECT_TRUE(notes_.contents.empty());
    EXPECT_EQ(gap_of(report).reason, "engine_timed_out");
}

TEST_F(LeafScansTest, MoreFindingsThanAReportMayHoldAreCutAndSaid)
{
    inspect::ReportLimits limits;
    limits.findings_max = 1;
    add("1", "bad");
    add("2", "bad");
    const auto report = scan_and_complete(limits);
    EXPECT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(gap_of(report).reason, "limit_report_findings");
}

TEST_F(LeafScansTest, WithoutEnginesNothingWaits)
{
    LeafScans none{{}, limits_};
    none.add_whole(0);
    EXPECT_FALSE(none.has_waiting());
}

} // namespace
} // namespace watchpost::pipeline
