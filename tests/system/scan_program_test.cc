// What no reader of ours opens, by the real 7-Zip in the sandbox of an unpacker.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScanProgram : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists("/usr/bin/7zz")) {
            GTEST_SKIP() << "7zip is not installed";
        }
        folder_.write("in/eicar.com", eicar());
        folder_.write("in/note.txt", "hello\n");
        folder_.write("in/empty.txt", "");
    }

    /// Made by the program itself out of the folder `in`.
    [[nodiscard]] std::string make(const std::string& name, std::vector<std::string> switches) const
    {
        std::vector<std::string> command{"/usr/bin/7zz", "a", "-bd"};
        command.insert(command.end(), switches.begin(), switches.end());
        command.push_back((folder_ / name).native());
        command.push_back((folder_ / "in").native());
        const auto made = run_program(command);
        EXPECT_EQ(made.exit_code, 0) << made.out;
        return read_file(folder_ / name);
    }

    TempDir folder_;
};

std::string mail(const std::string& text, const std::string& name, const std::string& bytes)
{
    return make_message({text_part(text), attachment_part(name, bytes)});
}

std::string why(const Json& line)
{
    return line.at("not_inspected").at(0).at("detail");
}

TEST_F(ScanProgram, A7zWithHiddenNamesIsOpenedWithThePasswordOfTheMessage)
{
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive));
    EXPECT_EQ(line.at("verdict"), "detected");
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
    EXPECT_THAT(findings_of(line), Contains("attachment.password_in_message 2"));
    EXPECT_THAT(paths_of(line),
                ElementsAre("1", "2", "2!in/empty.txt", "2!in/eicar.com", "2!in/note.txt"));
}

TEST_F(ScanProgram, A7zWithOpenNamesToo)
{
    const auto archive = make("a.7z", {"-psesame"});
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
}

TEST_F(ScanProgram, AStored7zIsJudgedByItsChecksums)
{
    const auto archive = make("a.7z", {"-psesame", "-mx=0", "-ms=off"});
    const auto line = scan_message(mail("The password is: wrong, or: sesame", "a.7z", archive));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
}

TEST_F(ScanProgram, APasswordBeyondAsciiOpensIt)
{
    const auto archive = make("a.7z", {"-p\xC3\xA4\xE5\xAF\x86", "-mhe=on"});
    const auto line = scan_message(mail("Passwort: \xC3\xA4\xE5\xAF\x86", "a.7z", archive));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
}

TEST_F(ScanProgram, AWrongPasswordLeavesItClosedAndSaysSo)
{
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto line = scan_message(mail("The password is: other", "a.7z", archive));
    EXPECT_EQ(line.at("inspected"), "partial");
    EXPECT_THAT(gaps_of(line), ElementsAre("encrypted_archive 2"));
    EXPECT_THAT(why(line), HasSubstr("known passwords opens it"));
}

TEST_F(ScanProgram, WithoutAnyPasswordItSaysSo)
{
    const auto archive = make("a.7z", {"-psesame"});
    const auto line = scan_message(make_message({attachment_part("x", archive)}));
    EXPECT_EQ(line.at("inspected"), "partial");
    EXPECT_THAT(gaps_of(line), Each(HasSubstr("encrypted_archive 1!in/")));
}

TEST_F(ScanProgram, WithoutTheProgramTheRemedyIsNamed)
{
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto settings =
        folder_.write("s.toml", "[engines]\nclamav = \"off\"\n[archives]\nprogram = \"/no/7zz\"\n");
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive),
                                   {"--config", settings.native()});
    EXPECT_THAT(gaps_of(line), ElementsAre("encrypted_archive 2"));
    EXPECT_THAT(why(line),
                HasSubstr("the program /no/7zz is not there (Debian: apt install 7zip)"));
}

TEST_F(ScanProgram, AProgramThatOthersMayReplaceIsNotRun)
{
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto program = folder_ / "7zz";
    std::filesystem::copy_file("/usr/bin/7zz", program);
    std::filesystem::permissions(program, std::filesystem::perms::all);
    const auto settings =
        folder_.write("s.toml", "[engines]\nclamav = \"off\"\n[archives]\nprogram = \"" +
                                    program.native() + "\"\n");
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive),
                                   {"--config", settings.native()});
    EXPECT_THAT(why(line), HasSubstr("another user may change"));
}

TEST_F(ScanProgram, SwitchedOffItIsNotRun)
{
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto settings =
        folder_.write("s.toml", "[engines]\nclamav = \"off\"\n[archives]\nrun_program = false\n");
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive),
                                   {"--config", settings.native()});
    EXPECT_THAT(gaps_of(line), ElementsAre("encrypted_archive 2"));
}

TEST_F(ScanProgram, AWimIsOpened)
{
    const auto line = scan_message(mail("hi", "a.wim", make("a.wim", {"-twim"})));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
}

TEST_F(ScanProgram, ContainersInsideGoOnToBeOpened)
{
    folder_.write("in/inner.zip", make_zip({{"deep.com", eicar()}}));
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/inner.zip!deep.com"));
}

TEST_F(ScanProgram, ABombEndsAtItsLimit)
{
    folder_.write("in/zeros", std::string(std::size_t{64} << 20U, '\0'));
    const auto archive = make("a.7z", {"-psesame", "-mhe=on"});
    const auto settings = folder_.write(
        "s.toml", "[engines]\nclamav = \"off\"\n[limits.unpack]\nmember_bytes_max = 1048576\n");
    const auto line = scan_message(mail("The password is: sesame", "a.7z", archive),
                                   {"--config", settings.native()});
    EXPECT_EQ(line.at("inspected"), "partial");
    EXPECT_THAT(gaps_of(line), Contains("limit_member_bytes 2!in/zeros"));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!in/eicar.com"));
}

TEST_F(ScanProgram, WhereverAnEncrypted7zIsCutTheInspectionComesBack)
{
    const auto archive = make("a.7z", {"-psesame"});
    for (std::size_t length = archive.size() / 8; length < archive.size();
         length += archive.size() / 8) {
        const auto line =
            scan_message(mail("The password is: sesame", "a.7z", archive.substr(0, length)));
        EXPECT_EQ(line.at("inspected"), "partial") << length;
    }
}

TEST_F(ScanProgram, TheUdfSideOfADiscIsRead)
{
    const auto image = folder_ / "disc.iso";
    const auto made = run_program(
        {"genisoimage", "-quiet", "-udf", "-o", image.native(), (folder_ / "in").native()});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const auto line = scan_message(mail("hi", "disc.iso", read_file(image)));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!eicar.com"));
}

TEST_F(ScanProgram, AnArjIsOpened)
{
    const auto archive = folder_ / "a.arj";
    const auto made =
        run_program({"arj", "a", "-e", archive.native(), (folder_ / "in/eicar.com").native()});
    if (made.exit_code != 0) {
        GTEST_SKIP() << "arj is not installed";
    }
    const auto line = scan_message(mail("hi", "a.arj", read_file(archive)));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!eicar.com"));
}

} // namespace
} // namespace watchpost::test
