// The same results where no file can be opened: what the libraries load later is loaded by
// warm_up().
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "os/sandbox.h"
#include "unpack/tests/cms_maker.h"
#include "unpack/tests/corpus.h"
#include "unpack/tests/fat_maker.h"
#include "unpack/tests/library_maker.h"
#include "unpack/tests/pdf_maker.h"
#include "unpack/tests/tnef_maker.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

std::vector<std::string> samples()
{
    std::vector<std::string> all;
    for (const auto& kind : kinds()) {
        all.push_back(make_archive(kind, {{"größe.txt", noise(1000)}}));
    }
    all.push_back(make_sample_pdf());
    all.push_back(encrypt_pdf(make_sample_pdf(), PdfCipher::aes_256, "password"));
    all.push_back(make_sample_tnef());
    all.push_back(make_cms(CmsForm::signed_ber, noise(1000)));
    all.push_back(make_cms(CmsForm::enveloped, "content"));
    all.push_back(make_fat({{"größe.txt", noise(1000)}}));
    for (const auto& file : libarchive_corpus()) {
        if (file.bytes.size() < 100'000) {
            all.push_back(file.bytes);
        }
    }
    return all;
}

/// Every name, size and reason, as one text.
std::string describe(const std::vector<std::string>& archives)
{
    Unpacked::Options options;
    options.passwords = {"password"};
    options.limits.ratio_free_bytes = 1'000'000;
    std::string text;
    for (const auto& bytes : archives) {
        const auto unpacked = Unpacked::of(bytes, options);
        for (const auto& member : unpacked.members) {
            text += member.name + ' ' + std::to_string(member.content.size()) + '\n';
        }
        for (const auto& reason : unpacked.reasons()) {
            text += reason + '\n';
        }
    }
    return text;
}

[[noreturn]] void describe_in_sandbox(const std::vector<std::string>& archives, int to)
{
    warm_up();
    os::SandboxSettings settings;
    settings.data_bytes_max = std::uint64_t{1} << 30U;
    if (!os::close_sandbox(settings)) {
        ::_exit(2);
    }
    const auto text = describe(archives);
    for (std::size_t at = 0; at < text.size();) {
        const auto written = ::write(to, text.data() + at, text.size() - at);
        if (written <= 0) {
            ::_exit(3);
        }
        at += static_cast<std::size_t>(written);
    }
    ::_exit(0);
}

std::string read_all(int from)
{
    std::string text;
    std::array<char, 4096> block{};
    for (auto got = ::read(from, block.data(), block.size()); got > 0;
         got = ::read(from, block.data(), block.size())) {
        text.append(block.data(), static_cast<std::size_t>(got));
    }
    return text;
}

TEST(UnpackInSandbox, GivesTheSameNamesBytesAndGaps)
{
    const auto archives = samples();
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const auto child = ::fork();
    if (child == 0) {
        describe_in_sandbox(archives, pipe[1]);
    }
    ::close(pipe[1]);
    const auto inside = read_all(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_EQ(inside, describe(archives));
}

} // namespace
} // namespace watchpost::unpack::test
