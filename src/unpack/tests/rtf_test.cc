// Objects in RTF, however their digits are hidden; each evasion is one that attacks have used.
#include <gtest/gtest.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

std::string counted(std::string_view text)
{
    return little(text.size() + 1, 4) + std::string{text} + '\0';
}

/// An embedded OLE 1 object. [MS-OLEDS] §2.2.5.
std::string object_of(std::string_view class_name, std::string_view native)
{
    return little(0x0501, 4) + little(2, 4) + counted(class_name) + little(0, 8) +
           little(native.size(), 4) + std::string{native};
}

std::string package_of(std::string_view label, std::string_view path, std::string_view data)
{
    return little(2, 2) + std::string{label} + '\0' + std::string{path} + '\0' + little(0, 2) +
           little(3, 2) + counted("cmd") + little(data.size(), 4) + std::string{data};
}

std::string hex(std::string_view octets)
{
    return base::to_hex(base::as_bytes(octets));
}

std::string sample_object()
{
    return object_of("Package", package_of("a.txt", "C:\\tmp\\a.exe", "MZ program"));
}

std::string rtf_with(std::string_view objdata)
{
    return "{\\rtf1 text{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata " +
           std::string{objdata} + "}{\\result{\\rtf1 shown}}} more}";
}

TEST(Rtf, PackagedFileIsAMemberUnderBothOfItsNames)
{
    const auto unpacked = Unpacked::of(rtf_with(hex(sample_object())));
    ASSERT_EQ(unpacked.members.size(), 1U);
    EXPECT_EQ(unpacked.members[0].name, "a.txt");
    EXPECT_EQ(unpacked.members[0].other_name, "a.exe");
    EXPECT_EQ(unpacked.members[0].content, "MZ program");
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Rtf, TextWithoutObjectsHasNoMembersAndNoGaps)
{
    const auto unpacked = Unpacked::of("{\\rtf1\\ansi {\\fonttbl{\\f0 Arial;}} ff00 \\'e4}");
    EXPECT_TRUE(unpacked.members.empty());
    EXPECT_TRUE(unpacked.gaps.empty());
}

TEST(Rtf, ObjectOfAnotherClassIsNamedByIt)
{
    const auto ole = make_ole({{"WordDocument", "x"}});
    const auto unpacked = Unpacked::of(rtf_with(hex(object_of("Word.Document.8", ole))));
    EXPECT_TRUE(unpacked.content("Word.Document.8") == ole);
}

struct Evasion {
    std::string name;
    std::string objdata;
};

/// All of them say sample_object().
std::vector<Evasion> evasions()
{
    const auto digits = hex(sample_object());
    const auto head = digits.substr(0, 9); // within an octet
    const auto tail = digits.substr(9);
    std::string upper = digits;
    std::string spread;
    for (auto& c : upper) {
        c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        spread += {c, '\r', '\n', '\t'};
    }
    const auto octets = sample_object();
    return {{"upper case", upper},
            {"white space", spread},
            {"letters that are no digits", head + "xyz!" + tail},
            {"control words", head + "\\par\\foo123 " + tail},
            {"word with a number that looks like digits", head + "\\aa41 " + tail},
            {"empty groups", head + "{}{\\object}{{}}" + tail},
            {"group with the rest", head + "{" + tail + "}"},
            {"destination to be passed over", head + "{\\*\\foo 4142}" + tail},
            {"blank behind the star", head + "{\\* \\foo 4142}" + tail},
            {"escaped characters", head + "\\'41\\~" + tail},
            {"raw octets", hex(octets.substr(0, 10)) + "\\bin" +
                               std::to_string(octets.size() - 10) + " " + octets.substr(10)},
            {"raw octets of no length", head + "\\bin0 " + tail},
            {"raw octets beyond the end", head + "\\bin99999999999999999999 " + tail},
            {"object that is overwritten", "4142\\objdata " + digits},
            {"object within an object", "{\\*\\objdata " + digits + "}4142"}};
}

TEST(Rtf, EveryEvasionGivesTheObject)
{
    for (const auto& evasion : evasions()) {
        const auto unpacked = Unpacked::of(rtf_with(evasion.objdata));
        EXPECT_EQ(unpacked.content("a.txt"), "MZ program") << evasion.name;
        EXPECT_TRUE(unpacked.gaps.empty()) << evasion.name;
    }
}

TEST(Rtf, DigitsThatProgramsReadDifferentlyAreReadInBothWays)
{
    const auto digits = hex(sample_object());
    const auto head = digits.substr(0, 9);
    const auto in_destination = "{\\*\\foo " + digits.substr(9) + "}";
    EXPECT_EQ(Unpacked::of(rtf_with(head + in_destination)).content("a.txt"), "MZ program");
    const auto dropped = digits.substr(0, 8) + "f\\'00" + digits.substr(8);
    EXPECT_EQ(Unpacked::of(rtf_with(dropped)).content("a.txt"), "MZ program");
}

TEST(Rtf, ObjectWhoseHeaderDoesNotHoldIsGivenAsItStands)
{
    const auto ole = make_ole({{"Workbook", "x"}});
    const auto unpacked = Unpacked::of(rtf_with(hex("junk" + ole)));
    EXPECT_EQ(unpacked.names(), (Names{"object", "object.ole"}));
    EXPECT_TRUE(unpacked.content("object.ole") == ole);
}

TEST(Rtf, PackageWhoseLengthsLieIsGivenWhole)
{
    auto package = package_of("a", "b", "MZ");
    package.replace(package.find("cmd") - 4, 4, little(0xFFFF, 4));
    const auto unpacked = Unpacked::of(rtf_with(hex(object_of("Package", package))));
    EXPECT_EQ(unpacked.content("Package"), package);
}

TEST(Rtf, PicturesAndTheDataStoreAreMembers)
{
    const auto unpacked = Unpacked::of(
        "{\\rtf1{\\*\\datastore 0102}{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn a}{\\sv 75"
        "}}}\\pngblip\\picw10 89504e47}}}");
    EXPECT_EQ(unpacked.content("datastore"), "\1\2");
    EXPECT_EQ(unpacked.content("picture"), "\x89PNG");
    EXPECT_EQ(unpacked.members.size(), 2U);
}

TEST(Rtf, TemplatesAndFieldsAreReferences)
{
    const auto unpacked = Unpacked::of(
        "{\\rtf1{\\*\\template https://a.example/t\\'2Edot}"
        "{\\field{\\*\\fldinst{ HYPERLINK }{\"https://b.exam\r\nple/\\u120?\" }}{\\fldrslt here}}"
        "{\\field{\\*\\fldinst INCLUDEPICTURE \"\\\\\\\\\\\\\\\\c.example\\\\\\\\p.png\" \\\\d}}"
        "{\\field{\\*\\fldinst DDEAUTO cmd \"/c calc\"}}{\\field{\\*\\fldinst PAGE}}}");
    EXPECT_EQ(unpacked.references,
              (Names{"load https://a.example/t.dot", "link https://b.example/x",
                     "load \\\\c.example\\p.png", "dde cmd \"/c calc\""}));
}

TEST(Rtf, StopsCleanlyAtEveryOffsetAndGivesWhatIsThere)
{
    for (const auto& evasion : evasions()) {
        const auto rtf = rtf_with(evasion.objdata);
        for (std::size_t end = 4; end < rtf.size(); ++end) {
            const auto cut = Unpacked::of(std::string_view{rtf}.substr(0, end));
            EXPECT_TRUE(cut.gaps.empty()) << evasion.name << " at " << end;
        }
    }
    auto rtf = rtf_with(hex(sample_object()));
    rtf.resize(rtf.find("}{\\result") - 4); // Word opens it all the same
    EXPECT_NE(Unpacked::of(rtf).content("object").value_or("").find("MZ progr"), std::string::npos);
}

TEST(Rtf, EachLimitIsAGap)
{
    std::string rtf = "{\\rtf1";
    for (int i = 0; i < 5; ++i) {
        rtf += "{\\objdata " + hex(object_of("A", noise(1000))) + "}";
    }
    Unpacked::Options options;
    options.limits.members_max = 3;
    EXPECT_EQ(Unpacked::of(rtf, options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.limits.member_bytes_max = 900;
    EXPECT_EQ(Unpacked::of(rtf, options).reasons().size(), 5U);
    options.limits = {};
    options.limits.total_bytes_max = 1500;
    EXPECT_EQ(Unpacked::of(rtf, options).reasons(), Names{"limit_total_bytes: A"});
    options.limits = {};
    options.deadline = base::Deadline::min();
    EXPECT_EQ(Unpacked::of(rtf, options).reasons(), Names{"timed_out"});
}

TEST(Rtf, HundredThousandGroupsDeepNeedNoStack)
{
    const auto rtf = "{\\rtf1" + std::string(100'000, '{') + "{\\objdata " + hex(sample_object());
    EXPECT_EQ(Unpacked::of(rtf).content("a.txt"), "MZ program");
}

} // namespace
} // namespace watchpost::unpack::test
