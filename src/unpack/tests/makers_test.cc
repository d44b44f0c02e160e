// Archives as the programs of senders write them. Where a program is missing its test says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/program.h"
#include "support/temp_dir.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using watchpost::test::run_program;
using watchpost::test::TempDir;

/// The harmless test file of all antivirus programs, never in one piece in the repository.
std::string eicar()
{
    return std::string{R"(X5O!P%@AP[4\PZX54(P^)7CC)7}$EIC)"} +
           "AR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
}

struct Maker {
    std::string name;
    std::vector<std::string> command; // "OUT" and "IN" stand for the archive and the file
    std::string package;              // that has the program
};

const std::vector<Maker>& makers()
{
    static const std::vector<Maker> all{
        {"zip", {"zip", "-q", "OUT.zip", "IN"}, "zip"},
        {"zip_to_a_pipe", {"sh", "-c", "zip -q - IN | cat > OUT.zip"}, "zip"},
        {"zip_with_password", {"zip", "-q", "-P", "sesame", "OUT.zip", "IN"}, "zip"},
        {"python_zip", {"python3", "-m", "zipfile", "-c", "OUT.zip", "IN"}, "python3"},
        {"7zip", {"7zz", "a", "-bso0", "OUT.7z", "IN"}, "7zip"},
        {"7zip_to_zip_aes",
         {"7zz", "a", "-bso0", "-psesame", "-mem=AES256", "OUT.zip", "IN"},
         "7zip"},
        {"gnu_tar", {"tar", "-cf", "OUT.tar", "IN"}, "tar"},
        {"gnu_tar_pax", {"tar", "--format=pax", "-cf", "OUT.tar", "IN"}, "tar"},
        {"gzip", {"sh", "-c", "gzip -c IN > OUT.gz"}, "gzip"},
        {"bzip2", {"sh", "-c", "bzip2 -c IN > OUT.bz2"}, "bzip2"},
        {"xz", {"sh", "-c", "xz -c IN > OUT.xz"}, "xz-utils"},
        {"zstd", {"zstd", "-q", "IN", "-o", "OUT.zst"}, "zstd"},
        {"lz4", {"lz4", "-q", "IN", "OUT.lz4"}, "lz4"},
        {"cpio", {"sh", "-c", "echo IN | cpio --quiet -o -H newc > OUT.cpio"}, "cpio"},
        {"ar", {"ar", "rc", "OUT.ar", "IN"}, "binutils"},
        {"genisoimage", {"genisoimage", "-quiet", "-J", "-o", "OUT.iso", "IN"}, "genisoimage"}};
    return all;
}

class MadeBy : public testing::TestWithParam<Maker> {
protected:
    /// Empty where the program is not there.
    [[nodiscard]] std::string make() const
    {
        dir_.write("eicar.com", eicar());
        std::string command = "cd '" + dir_.path().string() + "' && exec";
        for (const auto& word : GetParam().command) {
            command += " '" + replaced(replaced(word, "OUT", "out"), "IN", "eicar.com") + "'";
        }
        const auto result = run_program({"sh", "-c", command});
        for (const auto& file : std::filesystem::directory_iterator{dir_.path()}) {
            if (file.path().stem() == "out" && result.exit_code == 0) {
                return watchpost::test::read_file(file.path());
            }
        }
        return {};
    }

private:
    static std::string replaced(std::string text, const std::string& what, const std::string& by)
    {
        const auto at = text.find(what);
        return at == text.npos ? text : text.replace(at, what.size(), by);
    }

    TempDir dir_;
};

TEST_P(MadeBy, TheFileComesOutAgain)
{
    const auto archive = make();
    if (archive.empty()) {
        GTEST_SKIP() << "no program for it: apt-get install " << GetParam().package;
    }
    const auto unpacked = Unpacked::of(archive, {"eicar.com.gz", {"infected", "sesame"}});
    const bool has_it = std::ranges::any_of(
        unpacked.members, [](const auto& member) { return member.content == eicar(); });
    EXPECT_TRUE(has_it);
    EXPECT_TRUE(unpacked.gaps.empty());
}

INSTANTIATE_TEST_SUITE_P(Programs, MadeBy, testing::ValuesIn(makers()),
                         [](const auto& param) { return param.param.name; });

TEST(MadeBySevenZip, EncryptedContentsAndEncryptedNamesAreGaps)
{
    const TempDir dir;
    const auto file = dir.write("secret.txt", "content");
    for (const std::string names : {"-mhe=off", "-mhe=on"}) {
        const auto archive = dir / ("x" + names + ".7z");
        const auto result =
            run_program({"7zz", "a", "-bso0", "-psesame", names, archive.string(), file.string()});
        if (result.exit_code != 0) {
            GTEST_SKIP() << "7zz is missing: apt-get install 7zip";
        }
        const auto unpacked =
            Unpacked::of(watchpost::test::read_file(archive), {"x.7z", {"sesame"}});
        EXPECT_TRUE(unpacked.members.empty());
        ASSERT_EQ(unpacked.gaps.size(), 1U);
        EXPECT_EQ(unpacked.gaps[0].reason, "encrypted_archive");
        EXPECT_EQ(unpacked.gaps[0].member, names == "-mhe=on" ? "" : "secret.txt");
    }
}

} // namespace
} // namespace watchpost::unpack::test
