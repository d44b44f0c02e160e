// The same codes behind the walls of an inspector: no library opens a file or starts a thread.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "barcodes/scanner.h"
#include "barcodes/tests/code_maker.h"
#include "os/sandbox.h"

namespace watchpost::barcodes {
namespace {

using namespace test;

std::vector<std::string> files()
{
    const auto code = draw_code_at("https://a.example/", 4);
    return {to_png(code),   to_jpeg(code), to_cmyk_jpeg(code),
            to_gif({code}), to_webp(code), to_bmp(code, 24)};
}

std::size_t count_codes(const std::vector<std::string>& images)
{
    std::size_t count = 0;
    for (const auto& image : images) {
        Scanner scanner;
        count += scanner
                     .scan_image(base::as_bytes(image),
                                 std::chrono::steady_clock::now() + std::chrono::hours{1})
                     .codes.size();
    }
    return count;
}

TEST(QrInSandbox, EveryFormatIsReadAsOutside)
{
    const auto images = files();
    const auto child = ::fork();
    if (child == 0) {
        os::SandboxSettings settings;
        settings.data_bytes_max = std::uint64_t{1} << 30U;
        const bool is_closed = os::close_sandbox(settings).has_value();
        ::_exit(is_closed ? static_cast<int>(count_codes(images)) : 100);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(images.size()));
}

} // namespace
} // namespace watchpost::barcodes
