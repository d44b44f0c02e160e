// The structured log: one line a message on standard error, for journald, a file or a terminal.
//
//   2026-11-24T06:41:23.123456Z warning collector mailbox.poll_failed "the poll of a mailbox
//   failed" mailbox="Copies" error="log in: …"
//
// The first four words never need quoting; what follows are name="value" pairs, quoted by
// diag::quote with `"` escaped, so that hostile text can forge neither a line nor a value.
// Thread-safe: a line is one write.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/time.h"

namespace watchpost::diag {

struct LogValue {
    std::string_view name;
    std::string text;
};

class Log {
public:
    /// `process` is a name of the process table; `fd` stays open as long as the log.
    explicit Log(std::string process, int fd = 2) : process_{std::move(process)}, fd_{fd} {}

    /// `id` is a row of the catalogue (asserted). A log that cannot be written stops nothing.
    void write(std::string_view id, std::initializer_list<LogValue> values = {}) const;

    /// The line as it is written, with its line end.
    [[nodiscard]] std::string line(base::Instant time, std::string_view id,
                                   std::initializer_list<LogValue> values) const;

private:
    std::string process_;
    int fd_;
};

} // namespace watchpost::diag
