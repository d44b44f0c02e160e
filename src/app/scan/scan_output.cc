#include "app/scan/scan_output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "diag/quote.h"

namespace watchpost::app {
namespace {

constexpr std::chrono::milliseconds progress_pause{200};

} // namespace

ScanOutput::ScanOutput(ScanFormat format)
    : format_{format}
    , shows_progress_{::isatty(STDERR_FILENO) == 1}
{
}

void ScanOutput::print(std::string_view text)
{
    clear_progress();
    // A result is worth more than a full buffer: whoever reads along sees each one at once.
    if (write_error_ == 0 && (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
                              std::fflush(stdout) != 0)) {
        write_error_ = errno;
    }
}

void ScanOutput::tell(const pipeline::ScanReport& scan)
{
    counts_.count(scan.verdict);
    print(format_ == ScanFormat::json ? pipeline::to_json_line(scan) + '\n'
                                      : pipeline::to_text(scan));
    show_progress();
}

void ScanOutput::tell_failure(std::string_view name, std::string_view error)
{
    ++counts_.failed;
    if (format_ == ScanFormat::json) {
        print(pipeline::to_json_line(name, error) + '\n');
    }
    clear_progress();
    std::fprintf(stderr, "watchpost scan: %s: %s\n", diag::quote(name, 4096).c_str(),
                 std::string{error}.c_str());
    show_progress();
}

void ScanOutput::tell_note(std::string_view note)
{
    if (format_ == ScanFormat::text) {
        clear_progress();
        std::fprintf(stderr, "watchpost scan: %s\n", std::string{note}.c_str());
    }
}

void ScanOutput::show_progress()
{
    const auto now = std::chrono::steady_clock::now();
    if (!shows_progress_ || now < next_progress_) {
        return;
    }
    next_progress_ = now + progress_pause;
    std::fprintf(stderr, "\r\x1b[K%zu inspected, %zu detected …", counts_.all(), counts_.detected);
    std::fflush(stderr);
    is_progress_shown_ = true;
}

void ScanOutput::clear_progress()
{
    if (is_progress_shown_) {
        std::fputs("\r\x1b[K", stderr);
        std::fflush(stderr);
        is_progress_shown_ = false;
    }
}

base::Result<int> ScanOutput::finish()
{
    clear_progress();
    if (format_ == ScanFormat::text && counts_.all() != 1) {
        print(pipeline::to_text(counts_));
    }
    if (write_error_ != 0) {
        return base::fail(base::system_error("write the results to standard output", write_error_));
    }
    return counts_.exit_code();
}

} // namespace watchpost::app
