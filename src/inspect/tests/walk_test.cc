#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "recording_engine.h"
#include "support/mail_maker.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using watchpost::test::attachment_part;
using watchpost::test::make_message;
using watchpost::test::make_zip;
using watchpost::test::message_part;
using watchpost::test::text_part;

TEST(Walk, EnginesSeeTheRawMessageThenTheLeavesInDocumentOrder)
{
    const auto message = make_message({text_part("hello"), attachment_part("a.bin", "AAAA")});
    const auto result = run(message);
    EXPECT_THAT(result.engine_saw, ElementsAre("raw " + std::to_string(message.size()), "1 body ",
                                               "2 attachment a.bin"));
    EXPECT_THAT(result.gaps(), IsEmpty());
}

TEST(Walk, SizeAndDigestAreOfTheDecodedBytes)
{
    const auto result = run(make_message({attachment_part("a.bin", "decoded bytes")}));
    ASSERT_EQ(result.report.parts.size(), 1U);
    const PartInfo& part = result.report.parts[0];
    EXPECT_EQ(part.size, 13U);
    EXPECT_EQ(part.sha256, crypto::sha256(base::as_bytes("decoded bytes")));
    EXPECT_EQ(part.type, "application/octet-stream");
    EXPECT_EQ(part.real_type, "text/plain");
    EXPECT_EQ(part.filename, "a.bin");
}

TEST(Walk, AMessageWithoutPartsIsOneLeaf)
{
    const auto result = run("From: a@b\r\nSubject: x\r\n\r\nhello");
    EXPECT_THAT(result.paths(), ElementsAre("1"));
    EXPECT_EQ(result.report.parts.at(0).size, 5U);
}

TEST(Walk, MembersOfArchivesFollowTheirArchive)
{
    const auto inner = make_zip({{"x.txt", "ALARM"}, {"x.txt", "other"}});
    const auto outer = make_zip({{"dir/in!ner.zip", inner}, {"last.txt", "z"}});
    const auto result = run(make_message({attachment_part("o.zip", outer), text_part("end")}));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!dir/in%21ner.zip", "1!dir/in%21ner.zip!x.txt",
                                            "1!dir/in%21ner.zip!x.txt#2", "1!last.txt", "2"));
    EXPECT_EQ(result.report.findings.back().part,
              "1!dir/in%21ner.zip!x.txt"); // stored: outer ones, too
}

TEST(Walk, MembersHaveTheirRealTypeAndNoDeclaredOne)
{
    const auto result =
        run(make_message({attachment_part("o.zip", make_zip({{"a.txt", "text"}}))}));
    EXPECT_EQ(result.report.parts.at(0).real_type, "application/zip");
    EXPECT_EQ(result.report.parts.at(1).type, "text/plain");
    EXPECT_EQ(result.report.parts.at(1).filename, "a.txt");
}

TEST(Walk, AForwardedMessageComesBeforeItsParts)
{
    const auto inner =
        make_message({text_part("inner"), attachment_part("e.bin", "ALARM")}, "inner");
    const auto result = run(make_message({text_part("outer"), message_part(inner)}));
    EXPECT_THAT(result.paths(), ElementsAre("1", "2", "2.1", "2.2"));
    EXPECT_THAT(result.engine_saw, Contains("2 message "));
    EXPECT_EQ(result.report.findings.at(0).part, "2.2");
}

TEST(Walk, AStoredMessageInAnArchiveIsTakenApart)
{
    const auto mail =
        make_message({text_part("hi"), attachment_part("z.zip", make_zip({{"a", "ALARM"}}))});
    const auto result =
        run(make_message({attachment_part("m.zip", make_zip({{"mail.eml", mail}}))}));
    EXPECT_THAT(result.paths(),
                ElementsAre("1", "1!mail.eml", "1!mail.eml!1", "1!mail.eml!2", "1!mail.eml!2!a"));
    EXPECT_EQ(result.report.findings.back().part, "1!mail.eml!2!a");
}

TEST(Walk, AStoredMessageIsRecognisedByItsContentAndNotByItsName)
{
    const auto mail = make_message({attachment_part("x", "ALARM")});
    const auto result = run(make_message({attachment_part("photo.jpg", mail, "image/jpeg"),
                                          attachment_part("mail.eml", "no header here")}));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!1", "2"));
}

TEST(Walk, ABodyThatQuotesAHeaderIsNoStoredMessage)
{
    const auto result = run(make_message({text_part("From: a@b\r\nTo: c@d\r\n\r\nquoted")}));
    EXPECT_THAT(result.paths(), ElementsAre("1"));
}

TEST(Walk, UuencodedFilesInATextAreLeavesOfTheirOwn)
{
    const auto result = run("From: a@b\r\nSubject: x\r\n\r\nsee below\r\nbegin 644 a.txt\r\n"
                            "%04Q!4DT`\r\n`\r\nend\r\nbye\r\n");
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!a.txt"));
    EXPECT_THAT(result.engine_saw, Contains("1!a.txt attachment a.txt"));
    EXPECT_EQ(result.report.parts.at(1).size, 5U);
}

// A text can be several things at once; no finding may point to two leaves.
TEST(Walk, PathsStayUniqueWhereATextIsAStoredMessageAndHoldsUuencodedFiles)
{
    const std::string block = "begin 644 1\r\n%04Q!4DT`\r\n`\r\nend\r\n";
    const auto mail = "From: a@b\r\nTo: c@d\r\n\r\n" + block;
    const auto result = run(make_message({attachment_part("m.txt", mail, "text/plain")}));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!1", "1!1!1", "1!1#2"));
}

// An attacker could else show an engine the parts of a document in a harmless archive first.
TEST(Walk, EqualLeavesAreShownToTheEnginesEachTime)
{
    const auto zip = make_zip({{"a.bin", "ALARM"}});
    const auto result =
        run(make_message({attachment_part("1.zip", zip), attachment_part("2.zip", zip)}));
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!a.bin", "2", "2!a.bin"));
    EXPECT_THAT(result.engine_saw,
                ElementsAre(::testing::StartsWith("raw"), "1 attachment 1.zip",
                            "1!a.bin member a.bin", "2 attachment 2.zip", "2!a.bin member a.bin"));
}

TEST(Walk, WhereADocumentLeadsIsToldToEnginesAndStandsAmongTheLinksOfTheMessage)
{
    const std::string pdf = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                            "2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
                            "3 0 obj\n<</S/URI/URI(https://a.example/)>>\nendobj\n"
                            "trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n";
    const auto result =
        run(make_message({text_part("see https://b.example/"), attachment_part("a.pdf", pdf)}));
    EXPECT_THAT(result.engine_saw, Contains("link 2 https://a.example/"));
    const auto& links = result.report.message.body.links;
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[1], (model::Link{"https://a.example/", "", "link", "2"}));
}

TEST(Walk, ADamagedArchiveIsAGapAndToldToTheEngines)
{
    auto zip = make_zip({{"a.txt", std::string(3000, 'a')}});
    zip.resize(1500);
    const auto result = run(make_message({attachment_part("cut.zip", zip)}));
    EXPECT_FALSE(result.report.not_inspected.empty());
    EXPECT_THAT(result.engine_saw, Contains(::testing::StartsWith("unopened 1")));
}

TEST(Walk, ContainersBeyondTheDepthLimitAreAGapAndTheirFileIsStillInspected)
{
    InspectionSettings settings;
    settings.unpack_limits.depth_max = 2;
    std::string file = "ALARM";
    for (int level = 0; level < 3; ++level) {
        file = make_zip({{"n", file}});
    }
    const auto result = run(make_message({attachment_part("deep.zip", file)}), settings);
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!n", "1!n!n"));
    EXPECT_THAT(result.gaps(), ElementsAre("1!n!n limit_depth"));
    EXPECT_THAT(result.engine_saw, Contains("unopened 1!n!n n limit_depth"));
}

TEST(Walk, StoredMessagesCountForTheDepth)
{
    InspectionSettings settings;
    settings.unpack_limits.depth_max = 1;
    const auto inner = make_message({attachment_part("x", "y")});
    const auto middle = make_message({attachment_part("inner.eml", inner)});
    const auto result = run(make_message({attachment_part("middle.eml", middle)}), settings);
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!1"));
    EXPECT_THAT(result.gaps(), ElementsAre("1!1 limit_depth"));
}

TEST(Walk, TheUnpackLimitsHoldForAllContainersOfAMessageTogether)
{
    InspectionSettings settings;
    settings.unpack_limits.members_max = 3;
    const auto zip = make_zip({{"a", "1"}, {"b", "2"}});
    const auto result =
        run(make_message({attachment_part("1.zip", zip), attachment_part("2.zip", zip)}), settings);
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!a", "1!b", "2", "2!a"));
    EXPECT_THAT(result.gaps(), ElementsAre("2 limit_members"));
}

TEST(Walk, ALimitOfTheMessageReaderIsADefectAndAGap)
{
    InspectionSettings settings;
    settings.message_limits.parts_max = 3;
    const auto result = run(
        make_message({text_part("1"), text_part("2"), text_part("3"), text_part("4")}), settings);
    EXPECT_THAT(result.gaps(), Contains(::testing::EndsWith(" limit_parts")));
    ASSERT_FALSE(result.report.defects.empty());
    EXPECT_EQ(result.report.defects.back().id, "limit_parts");
}

TEST(Walk, DefectsOfAStoredMessageCarryItsPath)
{
    const std::string mail =
        "From: a@b\r\nTo: c@d\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\n\r\nopen end";
    const auto result = run(make_message({attachment_part("m.eml", mail)}));
    ASSERT_EQ(result.report.defects.size(), 1U);
    EXPECT_EQ(result.report.defects[0].id, "missing_final_boundary");
    EXPECT_EQ(result.report.defects[0].part, "1");
}

TEST(Walk, NothingIsReachedBehindTheDeadlineAndThatIsToldOnce)
{
    const auto long_ago = std::chrono::steady_clock::now() - std::chrono::seconds{1};
    const auto result = run(make_message({text_part("a"), text_part("b")}), {}, long_ago);
    EXPECT_THAT(result.paths(), IsEmpty());
    EXPECT_THAT(result.gaps(), ElementsAre("1 timed_out"));
}

class KeepingExporter final : public LeafExporter {
public:
    void export_leaf(std::string_view path, std::string_view, base::ByteView bytes) override
    {
        exported.push_back(std::string{path} + '=' + std::string{base::as_text(bytes)});
    }
    Lines exported;
};

TEST(Walk, EachDistinctLeafIsExportedOnce)
{
    KeepingExporter exporter;
    const auto message = make_message({attachment_part("a", "same"), attachment_part("b", "same"),
                                       attachment_part("c", "other")});
    static_cast<void>(run(message, {}, far_away(), &exporter));
    EXPECT_THAT(exporter.exported, ElementsAre("1=same", "3=other"));
}

TEST(Walk, ALeadingFromLineIsSkipped)
{
    const auto result =
        run("From alice Thu Jan  1 00:00:00 1970\r\n" + make_message({text_part("x")}, "kept"));
    EXPECT_THAT(result.paths(), ElementsAre("1"));
    EXPECT_EQ(result.report.message.subject, "kept");
}

TEST(Walk, TheAttachmentsOfTheModelAgreeWithTheParts)
{
    const auto result = run(make_message({text_part("x"), attachment_part("a.bin", "bytes")}));
    ASSERT_EQ(result.report.message.attachments.size(), 1U);
    const auto& attachment = result.report.message.attachments[0];
    EXPECT_EQ(attachment.part, "2");
    EXPECT_EQ(attachment.size, 5U);
    EXPECT_EQ(attachment.sha256, crypto::to_hex(result.report.parts.at(1).sha256));
}

} // namespace
} // namespace watchpost::inspect::test
