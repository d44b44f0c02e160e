#include "unpack/names.h"

#include <gtest/gtest.h>

namespace watchpost::unpack {
namespace {

TEST(Names, Utf8StaysAndOtherOctetsAreReadAsCodePage437)
{
    EXPECT_EQ(name_from_octets("größe.txt"), "größe.txt");
    EXPECT_EQ(name_from_octets("gr\x94\xE1"), "größ");
    EXPECT_EQ(name_from_octets("\xFF.exe"), "\u00A0.exe");
    EXPECT_EQ(name_from_octets(""), "");
}

TEST(Names, SurrogatesArePairedOrReplaced)
{
    EXPECT_EQ(name_from_utf16(u"a\u00FC\u20AC\U0001F600"), "aü€\U0001F600");
    const char16_t lone[] = {0xD83D, u'x', 0xDE00};
    EXPECT_EQ(name_from_utf16({lone, 3}), "\uFFFDx\uFFFD");
}

TEST(Names, CompressionsSuffixIsTakenOff)
{
    EXPECT_EQ(name_without_compression("a.txt.gz"), "a.txt");
    EXPECT_EQ(name_without_compression("A.TAR.XZ"), "A.TAR");
    EXPECT_EQ(name_without_compression("a.tgz"), "a.tar");
    EXPECT_EQ(name_without_compression("a.tar.Z"), "a.tar");
    EXPECT_EQ(name_without_compression("a.bin"), "a.bin");
    EXPECT_EQ(name_without_compression(".gz"), ".gz");
    EXPECT_EQ(name_without_compression(""), "");
}

} // namespace
} // namespace watchpost::unpack
