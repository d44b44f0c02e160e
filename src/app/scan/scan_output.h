// What a scan prints: results on standard output, progress and failures on standard error.
//
// Progress is shown on a terminal only. Confined to one thread.
#pragma once

#include <string_view>

#include "app/progress_line.h"
#include "app/scan/scan_options.h"
#include "base/error.h"
#include "pipeline/scan_report.h"
#include "pipeline/scan_text.h"

namespace watchpost::app {

class ScanOutput {
public:
    explicit ScanOutput(ScanFormat format) : format_{format} {}

    void tell(const pipeline::ScanReport& scan);
    /// A message that could not be read. `error` holds no raw text of others.
    void tell_failure(std::string_view name, const base::Error& error);
    /// Something about the whole run, for people: not among lines of JSON.
    void tell_note(std::string_view note);

    /// Standard output takes no more: it is a closed pipe or a full disk.
    [[nodiscard]] bool is_broken() const noexcept { return write_error_ != 0; }

    /// The summary. The exit code; an error where the results could not be written.
    [[nodiscard]] base::Result<int> finish();

private:
    void print(std::string_view text);
    void show_progress();

    ScanFormat format_;
    pipeline::ScanCounts counts_;
    ProgressLine progress_;
    int write_error_ = 0;
};

} // namespace watchpost::app
