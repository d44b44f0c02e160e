#include <gtest/gtest.h>

#include "inspect/report_builder.h"

namespace watchpost::inspect {
namespace {

ReportLimits two_of_each()
{
    ReportLimits limits;
    limits.parts_max = 2;
    limits.findings_max = 2;
    limits.defects_max = 2;
    limits.not_inspected_max = 2;
    limits.document_links_max = 2;
    limits.html_documents_max = 2;
    return limits;
}

verdict::Finding finding(std::string detail)
{
    verdict::Finding result;
    result.engine = "yara";
    result.id = "yara.match";
    result.detail = std::move(detail);
    return result;
}

std::vector<std::string> reasons(const Report& report)
{
    std::vector<std::string> found;
    for (const auto& gap : report.not_inspected) {
        found.push_back(gap.reason);
    }
    return found;
}

TEST(ReportBuilder, WhatFitsIsKeptInItsOrder)
{
    ReportBuilder builder{two_of_each()};
    builder.add(finding("one"));
    builder.add(finding("two"));
    const Report report = builder.take();
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.findings[0].detail, "one");
    EXPECT_TRUE(report.not_inspected.empty());
}

TEST(ReportBuilder, EachLimitIsToldOnce)
{
    ReportBuilder builder{two_of_each()};
    for (int i = 0; i < 5; ++i) {
        builder.add(finding("x"));
        builder.add(PartInfo{});
        builder.add(DefectInfo{});
        builder.add(model::Link{});
        builder.add(model::HtmlDocument{});
        builder.add(verdict::NotInspected{"1", "", "damaged_archive", ""});
    }
    const Report report = builder.take();
    EXPECT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.parts.size(), 2U);
    EXPECT_EQ(report.defects.size(), 2U);
    EXPECT_EQ(reasons(report),
              (std::vector<std::string>{"damaged_archive", "damaged_archive", "limit_report_parts",
                                        "limit_report_findings", "limit_report_defects",
                                        "limit_report_not_inspected", "limit_report_links",
                                        "limit_report_html"}));
    EXPECT_EQ(report.message.body.links.size(), 2U);
}

TEST(ReportBuilder, TheBytesOfAllTextsTogetherAreLimited)
{
    ReportLimits limits;
    limits.bytes_max = 100;
    ReportBuilder builder{limits};
    builder.add(finding(std::string(60, 'a')));
    builder.add(finding(std::string(60, 'b')));
    const Report report = builder.take();
    EXPECT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(reasons(report), std::vector<std::string>{"limit_report_bytes"});
}

TEST(ReportBuilder, TextsAreMadeValidUtf8AndCutAtACharacter)
{
    ReportBuilder builder{ReportLimits{}};
    builder.add(finding("a\xff"));
    builder.add(finding(std::string(ReportBuilder::text_bytes_max - 1, 'x') + "\xe2\x82\xac"));
    const Report report = builder.take();
    EXPECT_EQ(report.findings[0].detail, "a\xef\xbf\xbd");
    EXPECT_EQ(report.findings[1].detail, std::string(ReportBuilder::text_bytes_max - 1, 'x'));
}

TEST(ReportBuilder, TakingLeavesItEmpty)
{
    ReportBuilder builder{two_of_each()};
    builder.add(PartInfo{});
    builder.add(PartInfo{});
    builder.add(PartInfo{});
    static_cast<void>(builder.take());
    builder.add(PartInfo{});
    const Report second = builder.take();
    EXPECT_EQ(second.parts.size(), 1U);
    EXPECT_TRUE(second.not_inspected.empty());
}

} // namespace
} // namespace watchpost::inspect
