// What no reader of ours opens, by the real 7-Zip in the sandbox of an unpacker.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan_fixture.h"

namespace watchpost::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

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

    /// Runs a maker of samples; the packages of tools/packages/test.txt have it.
    static void run(const std::vector<std::string>& command)
    {
        const auto made = run_program(command);
        EXPECT_EQ(made.exit_code, 0) << command.front() << ": " << made.out << made.err;
    }

    /// An image of a file system with the folder `in`.
    [[nodiscard]] std::string make_ext(const std::string& type) const
    {
        const auto image = folder_ / (type + ".img");
        run({"/usr/sbin/mke2fs", "-q", "-F", "-t", type, "-d", (folder_ / "in").native(),
             image.native(), "2m"});
        return read_file(image);
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
    run({"genisoimage", "-quiet", "-udf", "-o", image.native(), (folder_ / "in").native()});
    const auto line = scan_message(mail("hi", "disc.iso", read_file(image)));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!eicar.com"));
}

TEST_F(ScanProgram, AnArjIsOpened)
{
    const auto archive = folder_ / "a.arj";
    run({"arj", "a", "-e", archive.native(), (folder_ / "in/eicar.com").native()});
    const auto line = scan_message(mail("hi", "a.arj", read_file(archive)));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!eicar.com"));
}

TEST_F(ScanProgram, TheFileSystemsOfLinuxAreRead)
{
    for (const std::string type : {"ext2", "ext3", "ext4"}) {
        const auto line = scan_message(mail("hi", "a.img", make_ext(type)));
        EXPECT_EQ(line.at("inspected"), "full") << type;
        EXPECT_THAT(findings_of(line), Contains("yara.match 2!eicar.com")) << type;
    }
}

TEST_F(ScanProgram, AnNtfsImageIsReadAndItsStreams)
{
    const auto image = folder_.write("ntfs.img", std::string(std::size_t{4} << 20U, '\0'));
    run({"/usr/sbin/mkntfs", "-q", "-F", image.native()});
    for (const std::string stream : {"", "hidden"}) {
        run({"/usr/sbin/ntfscp", "-q", "-N", stream, image.native(),
             (folder_ / "in/eicar.com").native(), "e.com"});
    }
    const auto line = scan_message(mail("hi", "ntfs.img", read_file(image)));
    // The image's own boot sector is a file in it, and looks like an image that is cut.
    EXPECT_THAT(gaps_of(line), Each(HasSubstr("damaged_archive 2![SYSTEM]/$Boot")));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!e.com"));
    EXPECT_THAT(findings_of(line), Contains("yara.match 2!e.com:hidden"));
}

TEST_F(ScanProgram, VirtualDisksAreReadDownToTheirFiles)
{
    const auto raw = folder_.write("raw.img", make_ext("ext2"));
    for (const std::string type : {"qcow2", "vhdx", "vmdk"}) {
        const auto disk = folder_ / ("disk." + type);
        run({"qemu-img", "convert", "-f", "raw", "-O", type, raw.native(), disk.native()});
        const auto line = scan_message(mail("hi", "disk." + type, read_file(disk)));
        EXPECT_EQ(line.at("inspected"), "full") << type;
        EXPECT_THAT(findings_of(line), Contains("yara.match 2!disk!eicar.com")) << type;
    }
}

TEST_F(ScanProgram, EncryptedArchivesInsideOneAnotherAreOpenedUpToALimit)
{
    std::string inner;
    for (int depth = 1; depth <= 5; ++depth) {
        const auto name = std::to_string(depth) + ".7z";
        const auto archive = make(name, {"-psesame", "-mhe=on"});
        const auto line = scan_message(mail("The password is: sesame", name, archive));
        const auto innermost = "2" + inner;
        if (depth <= 4) {
            EXPECT_EQ(line.at("inspected"), "full") << depth;
            EXPECT_THAT(findings_of(line), Contains("yara.match " + innermost + "!in/eicar.com"));
        } else {
            EXPECT_THAT(gaps_of(line), ElementsAre("encrypted_archive " + innermost));
            EXPECT_THAT(why(line), HasSubstr("more than 4 containers inside one another"));
        }
        inner = "!in/" + name + inner;
        std::filesystem::remove_all(folder_ / "in");
        folder_.write("in/" + name, archive);
    }
}

TEST_F(ScanProgram, AnRpmIsOpened)
{
    const auto plan = folder_.write(
        "p.spec", "Name: sample\nVersion: 1\nRelease: 1\nSummary: s\nLicense: none\n"
                  "BuildArch: noarch\n%description\nd\n%install\nmkdir -p %{buildroot}/opt\n"
                  "cp %{_sourcedir}/eicar.com %{buildroot}/opt/\n%files\n/opt/eicar.com\n");
    run({"rpmbuild", "-bb", "--quiet", "--define", "_topdir " + (folder_ / "rpm").native(),
         "--define", "_sourcedir " + (folder_ / "in").native(), plan.native()});
    const auto package = folder_ / "rpm/RPMS/noarch/sample-1-1.noarch.rpm";
    const auto line = scan_message(mail("hi", "sample.rpm", read_file(package)));
    EXPECT_EQ(line.at("inspected"), "full");
    EXPECT_THAT(findings_of(line),
                Contains(AllOf(StartsWith("yara.match 2!"), EndsWith("opt/eicar.com"))));
}

} // namespace
} // namespace watchpost::test
