// What `watchpost scan` finds, through real sandboxed inspectors.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ScanDetection, EicarAsAnAttachmentIsDetected)
{
    const auto result =
        scan_json({"-"}, make_message({text_part("hi"), attachment_part("eicar.txt", eicar())}));
    EXPECT_EQ(result.exit_code, 1) << result.err;
    const auto& line = result.lines.at(0);
    EXPECT_EQ(line.at("verdict"), "detected");
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_EQ(line.at("importance"), "high");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2"));
}

TEST(ScanDetection, AnOrdinaryMessageIsClean)
{
    const auto result =
        scan_json({"-"}, make_message({text_part("hi"), attachment_part("a.txt", "text")}));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto& line = result.lines.at(0);
    EXPECT_EQ(line.at("verdict"), "clean");
    EXPECT_EQ(line.at("importance"), "none");
    EXPECT_THAT(gaps_of(line), IsEmpty());
    EXPECT_EQ(line.at("message").at("subject").at("subject"), "test");
    EXPECT_EQ(line.at("message").at("sender").at("email").at("email"), "alice@example.org");
}

TEST(ScanDetection, EicarInAZipInAForwardedMessageIsDetected)
{
    const auto zip = make_zip({{"folder/eicar.com", eicar()}});
    const auto inner =
        make_message({text_part("see the invoice"), attachment_part("invoice.zip", zip)});
    const auto line = scan_message(make_message({text_part("fwd"), message_part(inner)}));
    EXPECT_THAT(paths_of(line), ElementsAre("1", "2", "2.1", "2.2", "2.2!folder/eicar.com"));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2.2!folder/eicar.com"));
}

// RFC 2046 §5.2.1 forbids it, mail programs open it all the same.
TEST(ScanDetection, EicarInAForwardedMessageThatIsSentBase64IsDetected)
{
    const auto inner = make_message({attachment_part("eicar.com", eicar())});
    const std::string forwarded = "Content-Type: message/rfc822\r\n"
                                  "Content-Transfer-Encoding: base64\r\n\r\n" +
                                  to_base64(inner);
    const auto line = scan_message(make_message({text_part("fwd"), forwarded}));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2.1"));
}

TEST(ScanDetection, EicarInAZipInAZipIsDetectedAtItsPath)
{
    const auto inner = make_zip({{"eicar.com", eicar()}, {"eicar.com", "another"}});
    const auto line =
        scan_message(make_message({attachment_part("o.zip", make_zip({{"i!.zip", inner}}))}));
    EXPECT_THAT(paths_of(line),
                ElementsAre("1", "1!i%21.zip", "1!i%21.zip!eicar.com", "1!i%21.zip!eicar.com#2"));
    EXPECT_THAT(findings_of(line), Contains("yara.match 1!i%21.zip!eicar.com"));
}

TEST(ScanDetection, EicarInAStoredMessageInAZipIsDetected)
{
    const auto mail = make_message({attachment_part("eicar.com", eicar())});
    const auto line =
        scan_message(make_message({attachment_part("m.zip", make_zip({{"old.eml", mail}}))}));
    EXPECT_THAT(findings_of(line), Contains("yara.match 1!old.eml!1"));
}

TEST(ScanDetection, SizeAndDigestAreThoseOfTheDecodedBytes)
{
    const auto line = scan_message(make_message({attachment_part("a.txt", "abc")}));
    const auto& part = line.at("parts").at(0);
    EXPECT_EQ(part.at("size"), 3);
    EXPECT_EQ(part.at("sha256"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(part.at("type"), "application/octet-stream");
    EXPECT_EQ(part.at("reading"), "strict");
    EXPECT_EQ(part.at("filename"), "a.txt");
}

/// A zip that the `zip` program encrypted.
class EncryptedZip : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (std::system("command -v zip > /dev/null") != 0) {
            GTEST_SKIP() << "the program zip is not installed (Debian: zip)";
        }
        folder_.write("eicar.com", eicar());
        const auto zipped =
            run_program({"zip", "-q", "-j", "-P", "geheim", (folder_ / "a.zip").native(),
                         (folder_ / "eicar.com").native()});
        ASSERT_EQ(zipped.exit_code, 0) << zipped.err;
        message_ = make_message({attachment_part("a.zip", read_file(folder_ / "a.zip"))});
    }

    TempDir folder_;
    std::string message_;
};

TEST_F(EncryptedZip, WithoutThePasswordIsInspectedInPart)
{
    const auto line = scan_message(message_);
    EXPECT_EQ(line.at("inspected"), "partial");
    EXPECT_THAT(gaps_of(line), Contains(StartsWith("encrypted_archive 1")));
    EXPECT_THAT(findings_of(line), Contains(StartsWith("attachment.encrypted_archive 1")));
}

TEST_F(EncryptedZip, WithThePasswordIsOpened)
{
    const auto passwords = folder_.write("passwords", "infected\r\ngeheim\r\n");
    const auto line = scan_message(message_, {"--password-file", passwords.native()});
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 1!eicar.com"));
}

TEST(ScanDetection, NestingBeyondTheLimitIsInspectedInPart)
{
    const TempDir folder;
    const auto settings =
        folder.write("w.toml", "[engines]\nclamav = \"off\"\n[limits.unpack]\ndepth_max = 3\n");
    std::string file = "deep";
    for (int level = 0; level < 6; ++level) {
        file = make_zip({{"n.zip", file}});
    }
    const auto result = scan_json({"--config", settings.native(), "-"},
                                  make_message({attachment_part("n.zip", file)}));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(paths_of(result.lines.at(0)),
                ElementsAre("1", "1!n.zip", "1!n.zip!n.zip", "1!n.zip!n.zip!n.zip"));
    EXPECT_THAT(gaps_of(result.lines.at(0)), ElementsAre("limit_depth 1!n.zip!n.zip!n.zip"));
}

TEST(ScanDetection, ACorruptedArchiveIsInspectedInPart)
{
    auto zip = make_zip({{"a.txt", std::string(5000, 'a')}});
    zip.resize(zip.size() / 2);
    const auto result = scan_json({"-"}, make_message({attachment_part("cut.zip", zip)}));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(gaps_of(result.lines.at(0)), Contains(StartsWith("damaged_archive 1")));
}

TEST(ScanDetection, RuleFilesOfTheOperatorAreUsed)
{
    const TempDir folder;
    const auto rules =
        folder.write("ours.yar", "rule our_rule { strings: $a = \"very special\" condition: $a }");
    const auto line = scan_message(make_message({text_part("something very special")}),
                                   {"--yara", rules.native()});
    ASSERT_FALSE(line.at("findings").empty());
    EXPECT_THAT(line.at("findings").at(0).at("rule").get<std::string>(), HasSubstr("our_rule"));
    EXPECT_EQ(line.at("findings").at(0).at("engine"), "yara");
}

TEST(ScanDetection, AnEngineThatIsOffChangesNothing)
{
    const TempDir folder;
    const auto settings =
        folder.write("w.toml", "[engines]\nclamav = \"off\"\nyara = false\nattachment = false\n");
    const auto result = scan_json({"--config", settings.native(), "-"},
                                  make_message({attachment_part("e.txt", eicar())}));
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.lines.at(0).at("inspected"), "full");
}

} // namespace
} // namespace watchpost::test
