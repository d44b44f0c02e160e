// What a scan prints: results on standard output, progress and failures on standard error.
//
// Progress is shown on a terminal only. Confined to one thread.
#pragma once

#include <chrono>
#include <string_view>

#include "app/scan/scan_options.h"
#include "base/error.h"
#include "pipeline/scan_report.h"
#include "pipeline/scan_text.h"

namespace watchpost::app {

class ScanOutput {
public:
    explicit ScanOutput(ScanFormat format);

    void tell(const pipeline::ScanReport& scan);
    /// A message that could not be read. `error` holds no raw text of others.
    void tell_failure(std::string_view name, std::string_view error);
    /// Something about the whole run, for people: not among lines of JSON.
    void tell_note(std::string_view note);

    /// The summary. The exit code; an error where the results could not be written.
    [[nodiscard]] base::Result<int> finish();

private:
    void print(std::string_view text);
    void show_progress();
    void clear_progress();

    ScanFormat format_;
    pipeline::ScanCounts counts_;
    bool shows_progress_;
    bool is_progress_shown_ = false;
    int write_error_ = 0;
    std::chrono::steady_clock::time_point next_progress_{};
};

} // namespace watchpost::app
