// An engine that lives outside the sandbox and takes bytes by file descriptor: clamd.
//
// Used by the pipeline process only. Thread rule: confined to one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "verdict/finding.h"

namespace watchpost::inspect {

class LeafScanner {
public:
    virtual ~LeafScanner() = default;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// Scans the file behind `fd` (a sealed memfd or a regular file; offset untouched). The rule's
    /// name, empty where clean. An error (engine down, size limit of the engine) makes the
    /// inspection partial.
    [[nodiscard]] virtual base::Result<std::string> scan(int fd, base::Deadline deadline) = 0;

    /// Version and signatures as the engine tells them, or why it cannot be reached.
    [[nodiscard]] virtual base::Result<std::string> version(base::Deadline deadline) = 0;
};

} // namespace watchpost::inspect
