// One run of a program on hostile bytes: they are its descriptor 3, what it says comes through
// pipes, nothing is written to disk.
//
// For a process whose sandbox has a program (SandboxSettings::program_fd). Every wait has a
// deadline; the program is killed with this object. Not thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "os/process.h"
#include "os/unique_fd.h"

namespace watchpost::os {

class PipedProgram {
public:
    static constexpr std::size_t complaints_bytes_max = std::size_t{16} << 10U;
    static constexpr std::size_t line_bytes_max = 1'024; // what a pipe takes without waiting

    struct Order {
        int program_fd = -1;
        std::vector<std::string> arguments; // the first is its name
        std::vector<std::string> environment;
        int input_fd = -1;     // its descriptor 3
        std::string_view line; // its standard input, whole
        std::chrono::seconds cpu_time_max{1};
    };
    [[nodiscard]] static base::Result<PipedProgram> start(const Order& order);

    /// What comes next of its standard output, empty at the end; valid until the next call.
    /// ErrorCode::timed_out.
    [[nodiscard]] base::Result<base::ByteView> read(base::Deadline deadline);

    /// How it ended; to be asked after the end of its output. ErrorCode::timed_out.
    [[nodiscard]] base::Result<ExitStatus> wait(base::Deadline deadline);

    /// The beginning of its standard error.
    [[nodiscard]] std::string_view complaints() const noexcept { return complaints_; }

private:
    PipedProgram(Process process, UniqueFd output, UniqueFd errors)
        : process_{std::move(process)}
        , output_{std::move(output)}
        , errors_{std::move(errors)}
        , buffer_(std::size_t{64} << 10U)
    {
    }

    [[nodiscard]] std::size_t take(UniqueFd& pipe);
    void read_errors();

    Process process_;
    UniqueFd output_; // closed at its end
    UniqueFd errors_;
    base::Bytes buffer_;
    std::string complaints_;
};

} // namespace watchpost::os
