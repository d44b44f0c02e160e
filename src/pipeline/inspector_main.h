// The inside of an inspector: prepares, closes its sandbox, then inspects message after message.
//
// Runs in a process of its own that os::Process started with the channel as descriptor 3. Nothing
// hostile is read before the sandbox is closed, and nothing is opened afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "inspect/inspection.h"
#include "inspect/report.h"

namespace watchpost::pipeline {

/// Inspects one message; `exporter` is null where nobody outside wants to see leaves.
using Inspect = std::function<inspect::Report(
    base::ByteView raw, const inspect::InspectionOrder& order, inspect::LeafExporter* exporter)>;

/// What an inspector works with. Says how many rules its engines have loaded.
struct Prepared {
    Inspect inspect;
    std::uint32_t rule_count = 0;
};

/// Makes the engines out of InspectorSettings::configuration, with the file system still open. An
/// error is carried to the parent's InspectorPool::make.
using Prepare = std::function<base::Result<Prepared>(base::ByteView configuration)>;

/// The inspector's whole life; does not return. Exit code 0 where the parent closed the channel, 2
/// where it was not started as an inspector.
[[noreturn]] void run_inspector(const Prepare& prepare);

} // namespace watchpost::pipeline
