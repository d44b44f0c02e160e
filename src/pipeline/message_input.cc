#include "pipeline/message_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/memfd.h"

namespace watchpost::pipeline {

using base::ErrorCode;
using base::Result;
using base::Retry;

MessageInput MessageInput::from_foreign(os::UniqueFd file)
{
    return {std::move(file), false};
}

MessageInput MessageInput::from_own_file(os::UniqueFd file)
{
    return {std::move(file), true};
}

Result<MessageInput> MessageInput::from_bytes(base::ByteView bytes)
{
    auto file = os::make_sealed_memfd("message", bytes);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    return MessageInput{std::move(*file), true};
}

Result<ReadyMessage> MessageInput::make_ready(std::uint64_t bytes_max)
{
    if (!is_stable_) {
        auto copy = os::copy_to_sealed_memfd("message", file_.get(), bytes_max);
        if (!copy) {
            return base::fail(std::move(copy.error()));
        }
        file_ = std::move(*copy);
        is_stable_ = true;
    }
    struct stat status{};
    if (::fstat(file_.get(), &status) != 0) {
        return base::fail(base::system_error("look at a message's file", errno));
    }
    if (static_cast<std::uint64_t>(status.st_size) > bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "more than " + base::to_readable_bytes(bytes_max));
    }
    // A writable descriptor would let the inspector change what others read later.
    if (os::sealed_size(file_.get()) || (::fcntl(file_.get(), F_GETFL) & O_ACCMODE) == O_RDONLY) {
        return ReadyMessage{file_.get(), copies_, pieces_};
    }
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      "a message's file must be opened for reading only");
}

} // namespace watchpost::pipeline
