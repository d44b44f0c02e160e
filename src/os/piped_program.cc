#include "os/piped_program.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/assert.h"

namespace watchpost::os {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

struct Pipe {
    UniqueFd reading;
    UniqueFd writing;
};

Result<Pipe> make_pipe()
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return base::fail(base::system_error("make a pipe", errno));
    }
    return Pipe{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

base::Failure late()
{
    return base::fail(ErrorCode::timed_out, Retry::never, "the program took too long");
}

} // namespace

Result<PipedProgram> PipedProgram::start(const Order& order)
{
    WP_ASSERT(order.line.size() <= line_bytes_max);
    auto input = make_pipe();
    auto output = make_pipe();
    auto errors = make_pipe();
    if (!input || !output || !errors) {
        return base::fail(base::system_error("make the pipes of a program", errno));
    }
    if (::write(input->writing.get(), order.line.data(), order.line.size()) !=
        static_cast<ssize_t>(order.line.size())) {
        return base::fail(base::system_error("write to the pipe of a program", errno));
    }
    input->writing = UniqueFd{};
    auto process = Process::execute(
        {order.program_fd,
         order.arguments,
         order.environment,
         {input->reading.get(), output->writing.get(), errors->writing.get(), order.input_fd},
         order.cpu_time_max});
    if (!process) {
        return base::fail(std::move(process.error()));
    }
    return PipedProgram{std::move(*process), std::move(output->reading),
                        std::move(errors->reading)};
}

/// Octets into buffer_; none where the pipe has ended, which closes it.
std::size_t PipedProgram::take(UniqueFd& pipe)
{
    const ssize_t count = ::read(pipe.get(), buffer_.data(), buffer_.size());
    if (count <= 0) {
        pipe = UniqueFd{};
        return 0;
    }
    return static_cast<std::size_t>(count);
}

void PipedProgram::read_errors()
{
    const auto text = base::as_text(base::ByteView{buffer_}.first(take(errors_)));
    complaints_ += text.substr(0, complaints_bytes_max - complaints_.size());
}

Result<base::ByteView> PipedProgram::read(base::Deadline deadline)
{
    while (output_.is_open() || errors_.is_open()) {
        std::array<pollfd, 2> waiting{pollfd{output_.is_open() ? output_.get() : -1, POLLIN, 0},
                                      pollfd{errors_.is_open() ? errors_.get() : -1, POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const auto wait_ms =
            std::clamp(left, std::chrono::milliseconds{0}, std::chrono::milliseconds{60'000});
        const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(wait_ms.count()));
        if (ready <= 0 && std::chrono::steady_clock::now() >= deadline) {
            return late();
        }
        if (waiting[1].revents != 0) {
            read_errors();
        }
        if (waiting[0].revents != 0) {
            if (const auto count = take(output_); count > 0) {
                return base::ByteView{buffer_}.first(count);
            }
        }
    }
    return base::ByteView{};
}

Result<ExitStatus> PipedProgram::wait(base::Deadline deadline)
{
    const auto status = process_.wait(deadline);
    if (!status) {
        return late();
    }
    return *status;
}

} // namespace watchpost::os
