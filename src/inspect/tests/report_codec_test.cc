#include <gtest/gtest.h>

#include "inspect/report_codec.h"
#include "ipc/wire.h"

namespace watchpost::inspect {
namespace {

Report full_report()
{
    Report report;
    report.parts.push_back({"1", "strict", "text/plain", "text/plain", "", 5, {1, 2, 3}});
    report.parts.push_back({"2!a.exe",
                            "strict",
                            "application/x-dosexec",
                            "application/x-dosexec",
                            "a.exe",
                            1'234'567'890'123,
                            {}});
    report.findings.push_back({"yara", "yara.match", "EICAR", verdict::Importance::high, "2!a.exe",
                               "strict", "at offset 0"});
    report.not_inspected.push_back({"3", "clamav", "engine_unavailable", "no socket"});
    report.defects.push_back({"missing_final_boundary", "1", 77, "detail"});
    report.readings.push_back({"last_content_type",
                               "2",
                               {{"2!2", "last_content_type", "a/b", "c/d", "n", 7, {}}},
                               {"2!1"}});
    report.pieces.push_back({"id@b.example", 2, 3, {}});
    report.message.subject = "Ünïcode";
    report.message.body.plain = "hello\r\n";
    return report;
}

/// What a receiver sees of a report, for comparing.
std::string text_of(const Report& report)
{
    return std::string{base::as_text(encode_report(report))};
}

bool is_refused(base::ByteView bytes, const ReportLimits& limits = {})
{
    const auto report = decode_report(bytes, limits);
    return !report && report.error().code() == base::ErrorCode::protocol_violation;
}

TEST(ReportCodec, WhatIsEncodedComesBackWhole)
{
    const Report sent = full_report();
    const auto received = decode_report(encode_report(sent), {});
    ASSERT_TRUE(received) << received.error().describe();
    EXPECT_EQ(received->parts.at(1).size, 1'234'567'890'123U);
    EXPECT_EQ(received->parts.at(0).sha256, sent.parts.at(0).sha256);
    EXPECT_EQ(received->findings.at(0).importance, verdict::Importance::high);
    EXPECT_EQ(received->defects.at(0).offset, 77U);
    ASSERT_EQ(received->readings.size(), 1U);
    EXPECT_EQ(received->readings.at(0).name, "last_content_type");
    EXPECT_EQ(received->readings.at(0).part, "2");
    ASSERT_EQ(received->readings.at(0).adds.size(), 1U);
    EXPECT_EQ(received->readings.at(0).adds.at(0).size, 7U);
    EXPECT_EQ(received->readings.at(0).lacks, std::vector<std::string>{"2!1"});
    ASSERT_EQ(received->pieces.size(), 1U);
    EXPECT_EQ(received->pieces.at(0).id, "id@b.example");
    EXPECT_EQ(received->pieces.at(0).number, 2U);
    EXPECT_EQ(received->pieces.at(0).total, 3U);
    EXPECT_EQ(received->message.subject, "Ünïcode");
    EXPECT_EQ(text_of(*received), text_of(sent));
}

TEST(ReportCodec, AnEmptyReportComesBackEmpty)
{
    const auto received = decode_report(encode_report({}), {});
    ASSERT_TRUE(received);
    EXPECT_EQ(text_of(*received), text_of({}));
}

TEST(ReportCodec, EveryReportThatIsCutOffIsRefused)
{
    const auto bytes = encode_report(full_report());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        ASSERT_TRUE(is_refused(base::ByteView{bytes}.first(size))) << size;
    }
}

TEST(ReportCodec, OctetsBehindTheEndAreRefused)
{
    auto bytes = encode_report(full_report());
    bytes.push_back(std::byte{0});
    EXPECT_TRUE(is_refused(bytes));
}

TEST(ReportCodec, NoChangedOctetGivesAnythingButARefusalOrAReport)
{
    const auto good = encode_report(full_report());
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
            auto bytes = good;
            bytes[at] ^= static_cast<std::byte>(mask);
            const auto report = decode_report(bytes, {});
            if (report) {
                EXPECT_EQ(report->parts.size(), 2U) << at;
            }
        }
    }
}

TEST(ReportCodec, EachCountBeyondItsLimitIsRefused)
{
    const auto bytes = encode_report(full_report());
    ReportLimits limits;
    limits.parts_max = 1;
    EXPECT_TRUE(is_refused(bytes, limits));
    limits = {};
    limits.findings_max = 0;
    EXPECT_TRUE(is_refused(bytes, limits));
    limits = {};
    limits.defects_max = 0;
    EXPECT_TRUE(is_refused(bytes, limits));
    limits = {};
    limits.readings_max = 0;
    EXPECT_TRUE(is_refused(bytes, limits));
    limits = {};
    limits.text_bytes_max = 6;
    EXPECT_TRUE(is_refused(bytes, limits));
}

TEST(ReportCodec, TheGapsOfAFullReportHaveRoomBeyondTheLimit)
{
    Report report;
    ReportLimits limits;
    limits.not_inspected_max = 1;
    report.not_inspected.resize(1 + ReportLimits::own_gaps_max);
    EXPECT_FALSE(is_refused(encode_report(report), limits));
    report.not_inspected.emplace_back();
    EXPECT_TRUE(is_refused(encode_report(report), limits));
}

TEST(ReportCodec, AHugeCountTakesNoMemoryBeforeItsElementsCome)
{
    ipc::WireWriter wire;
    wire.put_u32(0xFFFF'FFFFU);
    ReportLimits limits;
    limits.parts_max = 0xFFFF'FFFFU;
    EXPECT_TRUE(is_refused(wire.take(), limits));
}

TEST(ReportCodec, TextThatIsNotUtf8IsRefused)
{
    Report report = full_report();
    report.parts[0].path = "1\xff";
    EXPECT_TRUE(is_refused(encode_report(report)));
}

TEST(ReportCodec, AnImportanceThatDoesNotExistIsRefused)
{
    Report report;
    report.findings.resize(1);
    report.findings[0].importance = static_cast<verdict::Importance>(4);
    EXPECT_TRUE(is_refused(encode_report(report)));
}

TEST(ReportCodec, AMessageThatIsNotTheModelIsRefused)
{
    ipc::WireWriter wire;
    for (int list = 0; list < 4; ++list) {
        wire.put_u32(0);
    }
    wire.put_text("{}");
    EXPECT_TRUE(is_refused(wire.take()));
}

TEST(ReportCodec, AMessageTooLargeForItsReceiverIsLeftOutAndTold)
{
    Report report = full_report();
    report.message.body.plain.assign(std::size_t{12} << 20U, '\x01'); // six octets each in JSON
    const auto received = decode_report(encode_report(report), {});
    ASSERT_TRUE(received) << received.error().describe();
    EXPECT_EQ(received->findings.size(), 1U);
    EXPECT_EQ(received->message.subject, "");
    EXPECT_EQ(received->not_inspected.back().reason, "limit_report_message");
}

TEST(ReportCodec, TheLargestReportWithinTheLimitsFitsWhatAReceiverAllows)
{
    ReportLimits limits;
    limits.parts_max = 3;
    limits.bytes_max = 3 * 5 * 10;
    Report report;
    for (int i = 0; i < 3; ++i) {
        const std::string ten(10, 'x');
        report.parts.push_back({ten, ten, ten, ten, ten, 0, {}});
    }
    EXPECT_LE(encode_report(report).size(), report_bytes_max(limits));
}

} // namespace
} // namespace watchpost::inspect
