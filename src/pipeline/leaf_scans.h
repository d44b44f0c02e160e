// The leaves of one message that wait for the engines outside the sandbox, and what these found.
//
// First in, first out; nothing is scanned until the caller asks, so that it can listen to the
// inspector in between. An engine that cannot be asked is asked no more for this message. Confined
// to one thread.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "base/time.h"
#include "inspect/leaf_scanner.h"
#include "inspect/report.h"
#include "pipeline/inspector_dialogue.h"

namespace watchpost::pipeline {

class LeafScans {
public:
    using Scanners = std::span<const std::unique_ptr<inspect::LeafScanner>>;

    /// `scanners` must outlive this. `limits`: scan_time_max, scans_time_max.
    LeafScans(Scanners scanners, const InspectorLimits& limits);

    /// The message as it came; `fd` stays the caller's and open until it is scanned.
    void add_whole(int fd);
    void add(LeafArrived leaf);

    [[nodiscard]] bool has_waiting() const noexcept { return !waiting_.empty(); }

    /// Scans the oldest. True where it was a leaf of add().
    bool scan_next();

    /// Time spent in engines so far: not the inspector's fault.
    [[nodiscard]] std::chrono::steady_clock::duration time_spent() const noexcept { return spent_; }

    /// Scans what still waits; adds what was found, and what was not looked at, within the limits
    /// of a report.
    void complete(inspect::Report& report, const inspect::ReportLimits& limits);

private:
    struct Waiting {
        LeafArrived leaf;
        int fd = -1; // of the leaf's file or the caller's; -1: too large to be handed out
        bool is_whole = false;
    };

    void scan_by(std::size_t index, const Waiting& item);
    void note_gap(std::string_view engine, std::string part, std::string_view reason,
                  std::string_view detail);

    Scanners scanners_;
    std::vector<bool> is_down_; // one a scanner: could not be asked, or took too long
    std::chrono::milliseconds scan_time_max_;
    std::chrono::milliseconds scans_time_max_;
    std::chrono::steady_clock::duration spent_{};
    std::deque<Waiting> waiting_;
    std::vector<verdict::Finding> findings_;
    std::vector<verdict::NotInspected> gaps_;
};

} // namespace watchpost::pipeline
