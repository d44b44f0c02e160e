#include "os/memfd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/mapping.h"
#include "support/temp_dir.h"

namespace watchpost::os {
namespace {

using base::ErrorCode;

UniqueFd sealed(std::string_view text)
{
    return make_sealed_memfd("test", base::as_bytes(text)).value();
}

TEST(Memfd, ASealedFileHoldsItsBytes)
{
    const auto file = sealed("content");
    EXPECT_EQ(sealed_size(file.get()).value(), 7U);
    EXPECT_EQ(base::as_text(Mapping::map(file.get()).value().bytes()), "content");
}

TEST(Memfd, AnEmptyFileIsSealedAndMapped)
{
    const auto file = sealed("");
    EXPECT_EQ(sealed_size(file.get()).value(), 0U);
    EXPECT_TRUE(Mapping::map(file.get()).value().bytes().empty());
}

TEST(Memfd, ASealedFileCannotBeWritten)
{
    const auto file = sealed("content");
    EXPECT_EQ(::pwrite(file.get(), "X", 1, 0), -1);
    EXPECT_EQ(errno, EPERM);
}

TEST(Memfd, ASealedFileCannotBeResized)
{
    const auto file = sealed("content");
    EXPECT_EQ(::ftruncate(file.get(), 1), -1);
    EXPECT_EQ(::ftruncate(file.get(), 100), -1);
}

TEST(Memfd, ASealedFileCannotBeMappedForWriting)
{
    const auto file = sealed("content");
    EXPECT_EQ(::mmap(nullptr, 7, PROT_WRITE, MAP_SHARED, file.get(), 0), MAP_FAILED);
}

TEST(Memfd, ASealedFileTakesNoFurtherSeals)
{
    const auto file = sealed("content");
    EXPECT_EQ(::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
}

TEST(Memfd, AMissingSealIsRefused)
{
    for (const int missing : {F_SEAL_WRITE, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_SEAL}) {
        SCOPED_TRACE(missing);
        const UniqueFd file{::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
        const int all = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
        ASSERT_EQ(::fcntl(file.get(), F_ADD_SEALS, all & ~missing), 0);
        const auto size = sealed_size(file.get());
        ASSERT_FALSE(size);
        EXPECT_EQ(size.error().code(), ErrorCode::protocol_violation);
    }
}

TEST(Memfd, ADescriptorThatIsNoMemoryFileIsRefused)
{
    const test::TempDir folder;
    const auto path = folder.write("file", "content");
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    EXPECT_FALSE(sealed_size(file.get()));
    EXPECT_FALSE(sealed_size(-1));
}

TEST(Memfd, AFileIsCopiedToItsEnd)
{
    const test::TempDir folder;
    const std::string content(300'000, 'x');
    const auto path = folder.write("file", content);
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    const auto copy = copy_to_sealed_memfd("test", file.get(), content.size());
    ASSERT_TRUE(copy);
    EXPECT_EQ(base::as_text(Mapping::map(copy->get()).value().bytes()), content);
}

TEST(Memfd, AFileLargerThanTheLimitIsNotCopied)
{
    const test::TempDir folder;
    const auto path = folder.write("file", "12345");
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    const auto copy = copy_to_sealed_memfd("test", file.get(), 4);
    ASSERT_FALSE(copy);
    EXPECT_EQ(copy.error().code(), ErrorCode::limit_exceeded);
}

TEST(Memfd, AFixedFileIsWrittenWithinItsSizeOnly)
{
    const auto file = make_fixed_memfd("test", 4);
    ASSERT_TRUE(file);
    EXPECT_EQ(::write(file->get(), "1234", 4), 4);
    EXPECT_EQ(::write(file->get(), "5", 1), -1);
    EXPECT_EQ(::ftruncate(file->get(), 0), -1);
}

} // namespace
} // namespace watchpost::os
