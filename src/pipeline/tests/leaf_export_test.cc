// Leaves on their way from the sandbox to an engine outside.
#include <gtest/gtest.h>

#include <set>

#include "fake_scanner.h"
#include "pool_fixture.h"

namespace watchpost::pipeline {
namespace {

/// The factory is called for each inspector; one is all there is here.
PoolSettings scanned(ScanNotes& notes)
{
    auto settings = misbehaving();
    settings.inspector.make_scanners = [&notes] {
        std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
        scanners.push_back(std::make_unique<FakeScanner>(notes));
        return scanners;
    };
    return settings;
}

TEST(LeafExport, TheWholeMessageIsScanned)
{
    ScanNotes notes;
    const auto report = order(*make_pool(scanned(notes)), "bad");
    EXPECT_EQ(notes.contents, std::vector<std::string>{"bad"});
    ASSERT_EQ(report.findings.size(), 2U); // the inspector's own, then the engine's
    EXPECT_EQ(report.findings[1].engine, "clamav");
}

TEST(LeafExport, EveryLeafArrivesThoughTheyAreMoreThanTheWindow)
{
    ScanNotes notes;
    const auto report = order(*make_pool(scanned(notes)), "export leaves");
    EXPECT_TRUE(report.not_inspected.empty());
    const std::set<std::string> contents{notes.contents.begin(), notes.contents.end()};
    EXPECT_EQ(contents.size(), 201U);
    EXPECT_TRUE(contents.contains("leaf 0"));
    EXPECT_TRUE(contents.contains("leaf 199"));
}

TEST(LeafExport, LeavesOfTheNextMessageAreNotMixedUp)
{
    ScanNotes notes;
    const auto pool = make_pool(scanned(notes));
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(order(*pool, "export leaves").not_inspected.empty());
    }
    EXPECT_EQ(detail_of(order(*pool, "hello"), "seen"), "4"); // still the first inspector
}

TEST(LeafExport, ALeafBeyondTheLimitIsSaidAndNotSent)
{
    ScanNotes notes;
    auto settings = scanned(notes);
    settings.inspector.limits.leaf_bytes_max = 1'000'000;
    const auto report = order(*make_pool(std::move(settings)), "export a large leaf");
    EXPECT_EQ(notes.contents.size(), 1U); // the message
    EXPECT_EQ(gap_of(report).part, "large");
    EXPECT_EQ(gap_of(report).engine, "clamav");
}

TEST(LeafExport, WhatEnginesOutsideFoundIsKeptWhenTheInspectorCrashes)
{
    ScanNotes notes;
    const auto report = order(*make_pool(scanned(notes)), "crash on something bad");
    EXPECT_EQ(gap_of(report).reason, "inspector_crashed");
    ASSERT_EQ(report.findings.size(), 1U); // of the second try, not of both
    EXPECT_EQ(report.findings[0].engine, "clamav");
}

TEST(LeafExport, ALeafThatIsNotSealedIsAViolation)
{
    ScanNotes notes;
    const auto pool = make_pool(scanned(notes));
    for (const char* what : {"send an open leaf", "send a socket"}) {
        SCOPED_TRACE(what);
        const auto gap = gap_of(order(*pool, what));
        EXPECT_EQ(gap.reason, "inspector_crashed");
        EXPECT_NE(gap.detail.find("not a sealed memory file"), std::string::npos) << gap.detail;
    }
}

TEST(LeafExport, MoreLeavesThanAMessageMayHaveAreAViolation)
{
    ScanNotes notes;
    auto settings = scanned(notes);
    settings.inspector.limits.leaves_max = 100;
    EXPECT_EQ(gap_of(order(*make_pool(std::move(settings)), "export leaves")).reason,
              "inspector_crashed");
}

} // namespace
} // namespace watchpost::pipeline
