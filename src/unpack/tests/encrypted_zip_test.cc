#include "unpack/encrypted_zip.h"

#include <fstream>

#include <gtest/gtest.h>

#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::unpack {
namespace {

TEST(EncryptedZip, OpensWithThePasswordOnly)
{
    const watchpost::test::TempDir folder;
    const std::string zip = (folder.path() / "a.zip").string();
    const std::string content = "Subject: x\r\n\r\nbody\r\n";
    std::ofstream{zip, std::ios::binary}
        << make_encrypted_zip("a.eml", content, "infected").value();
    const auto opened =
        watchpost::test::run_program({"7zz", "x", "-so", "-pinfected", zip, "a.eml"});
    EXPECT_EQ(opened.exit_code, 0) << opened.err;
    EXPECT_EQ(opened.out, content);
    EXPECT_NE(watchpost::test::run_program({"7zz", "t", "-pother", zip}).exit_code, 0);
    EXPECT_EQ(watchpost::test::read_file(zip).find("Subject"), std::string::npos);
}

TEST(EncryptedZip, AnEmptyFileIsAFile)
{
    const auto zip = make_encrypted_zip("a.eml", "", "infected");
    ASSERT_TRUE(zip);
    EXPECT_EQ(zip->substr(0, 2), "PK");
}

} // namespace
} // namespace watchpost::unpack
