// An engine outside the sandbox, for tests: finds "bad" in a file, fails on command, notes what it
// was asked.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "inspect/leaf_scanner.h"
#include "os/mapping.h"

namespace watchpost::pipeline {

/// What several scanners' threads write, to be read when they rest.
struct ScanNotes {
    std::mutex mutex;
    std::vector<std::string> contents; // of the files that were scanned
};

class FakeScanner final : public inspect::LeafScanner {
public:
    /// `notes` outlives this.
    explicit FakeScanner(ScanNotes& notes) : notes_{notes} {}

    [[nodiscard]] std::string_view name() const noexcept override { return "clamav"; }

    [[nodiscard]] base::Result<std::string> scan(int fd, base::Deadline /*deadline*/) override
    {
        const auto mapping = os::Mapping::map(fd);
        const std::string text{mapping ? base::as_text(mapping->bytes()) : "unreadable"};
        {
            const std::lock_guard guard{notes_.mutex};
            notes_.contents.push_back(text);
        }
        if (text == "down") {
            return base::fail(base::ErrorCode::engine_failed, base::Retry::later, "is down");
        }
        if (text == "too large") {
            return base::fail(base::ErrorCode::limit_exceeded, base::Retry::never, "too large");
        }
        return text.find("bad") == std::string::npos ? "" : "Test.\x1b" + text;
    }

    [[nodiscard]] base::Result<std::string> version(base::Deadline /*deadline*/) override
    {
        return "fake";
    }

private:
    ScanNotes& notes_;
};

} // namespace watchpost::pipeline
