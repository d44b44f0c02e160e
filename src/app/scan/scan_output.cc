#include "app/scan/scan_output.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include "diag/quote.h"

namespace watchpost::app {

void ScanOutput::print(std::string_view text)
{
    progress_.clear();
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

void ScanOutput::tell_failure(std::string_view name, const base::Error& error)
{
    ++counts_.failed;
    if (format_ == ScanFormat::json) {
        print(pipeline::to_json_line(name, error) + '\n');
    }
    progress_.clear();
    std::fprintf(stderr, "watchpost scan: %s: %s\n", diag::quote(name, 4096).c_str(),
                 error.describe().c_str());
    show_progress();
}

void ScanOutput::tell_note(std::string_view note)
{
    if (format_ == ScanFormat::text) {
        progress_.clear();
        std::fprintf(stderr, "watchpost scan: %s\n", std::string{note}.c_str());
    }
}

void ScanOutput::show_progress()
{
    progress_.show(std::to_string(counts_.all()) + " inspected, " +
                   std::to_string(counts_.detected) + " detected …");
}

base::Result<int> ScanOutput::finish()
{
    progress_.clear();
    if (format_ == ScanFormat::text && counts_.all() != 1) {
        print(pipeline::to_text(counts_));
    }
    if (write_error_ != 0) {
        return base::fail(base::system_error("write the results to standard output", write_error_));
    }
    return counts_.exit_code();
}

} // namespace watchpost::app
