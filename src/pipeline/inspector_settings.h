// What the pipeline allows an inspector, and how it starts one. Plain data.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "inspect/leaf_scanner.h"
#include "inspect/report.h"

namespace watchpost::pipeline {

struct InspectorLimits {
    std::uint64_t message_bytes_max = std::uint64_t{256} << 20U; // more: "limit_message_bytes"
    std::chrono::milliseconds time_max{60'000}; // the budget of one message, kept by the engines …
    std::chrono::milliseconds grace{5'000};     // … and when they do not, the process is killed
    std::chrono::seconds cpu_time_max{60};      // of one message (RLIMIT_CPU)
    std::chrono::milliseconds start_time_max{60'000};         // until it is ready
    std::uint64_t data_bytes_max = std::uint64_t{1} << 30U;   // RLIMIT_DATA
    std::uint64_t leaf_bytes_max = std::uint64_t{256} << 20U; // RLIMIT_FSIZE; one exported leaf
    std::size_t leaves_max = 50'000;  // exported of one message: above what the readers let through
    std::uint32_t messages_max = 500; // then it is replaced …
    std::uint64_t growth_bytes_max = std::uint64_t{256} << 20U; // … or resident memory grew by this
    std::chrono::milliseconds scan_time_max{120'000};  // one leaf in one engine outside the sandbox
    std::chrono::milliseconds scans_time_max{300'000}; // all of them of one message
    inspect::ReportLimits report;
};

/// Engines outside the sandbox, a set of its own for each inspector. May be empty.
using ScannerFactory = std::function<std::vector<std::unique_ptr<inspect::LeafScanner>>()>;

struct InspectorSettings {
    std::string program = "/proc/self/exe"; // the very program that runs, also while it is replaced
    std::vector<std::string> arguments{"watchpost", "inspector"};
    std::vector<std::string> unpacker; // its arguments; none is started where there are none
    base::Bytes configuration;         // goes to the inspector's Prepare as it is
    InspectorLimits limits;
    ScannerFactory make_scanners; // may be null: then no leaf leaves the sandbox
};

} // namespace watchpost::pipeline
