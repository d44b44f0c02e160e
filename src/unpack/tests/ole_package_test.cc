#include <gtest/gtest.h>

#include "unpack/ole_package.h"
#include "unpack/tests/ole_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

using base::as_bytes;
using namespace std::string_literals;

std::string package_stream(const std::string& label, const std::string& path,
                           const std::string& data)
{
    const auto number = [](std::size_t n) {
        return std::string{static_cast<char>(n), '\0', '\0', '\0'};
    };
    return number(0) + "\2\0"s + label + '\0' + path + '\0' + "\0\0\3\0"s + number(4) + "cmd\0"s +
           number(data.size()) + data;
}

TEST(OlePackage, NamesAndDataAreRead)
{
    const std::string stream = package_stream("a.exe", "C:\\a.exe", "MZ");
    const auto package = read_ole_package(as_bytes(stream));
    ASSERT_TRUE(package);
    EXPECT_EQ(package->label, "a.exe");
    EXPECT_EQ(package->path, "C:\\a.exe");
    EXPECT_EQ(base::as_text(package->data), "MZ");
}

TEST(OlePackage, StopsCleanlyAtEveryOffset)
{
    const std::string whole = package_stream("label", "path", "data");
    for (std::size_t end = 0; end < whole.size(); ++end) {
        const auto package = read_ole_package(as_bytes(std::string_view{whole}.substr(0, end)));
        EXPECT_TRUE(!package || package->data.size() < 4);
    }
}

TEST(OlePackage, LyingLengthsReachNoFurtherThanTheStream)
{
    std::string stream = package_stream("l", "p", "data");
    stream.replace(stream.size() - 8, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_EQ(base::as_text(read_ole_package(as_bytes(stream))->data), "data");
    EXPECT_FALSE(read_ole_package(as_bytes("\0\0\0\0\3\0label\0"s))) << "not a package";
}

TEST(OlePackage, FileOfAPackageIsAMemberBelowItsStream)
{
    const auto unpacked = Unpacked::of(
        make_ole({{"ObjectPool/_1/\1Ole10Native", package_stream("a.txt", "C:\\b\\a.exe", "MZ")}}));
    ASSERT_EQ(unpacked.members.size(), 2U);
    EXPECT_EQ(unpacked.members[1].name, "ObjectPool/_1/\1Ole10Native/a.txt");
    EXPECT_EQ(unpacked.members[1].other_name, "a.exe");
    EXPECT_EQ(unpacked.members[1].content, "MZ");
}

} // namespace
} // namespace watchpost::unpack::test
