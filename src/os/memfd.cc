#include "os/memfd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace watchpost::os {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
constexpr unsigned flag_never_executable = 0x8U; // MFD_NOEXEC_SEAL, not in Debian 12's header
constexpr std::size_t copy_bytes = std::size_t{128} * 1024;

Result<UniqueFd> create(const char* name)
{
    // Hardened hosts (vm.memfd_noexec=2) demand that it can never be executed; kernels before 6.3
    // do not know the flag.
    UniqueFd file{::memfd_create(name, flags | flag_never_executable)};
    if (!file.is_open() && errno == EINVAL) {
        file.reset(::memfd_create(name, flags));
    }
    if (!file.is_open()) {
        return base::fail(base::system_error("memfd_create", errno));
    }
    return file;
}

Result<void> write_all(int fd, base::ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return base::fail(base::system_error("write to a memory file", errno));
        }
        if (written > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
    }
    return {};
}

Result<UniqueFd> seal(UniqueFd file, int which)
{
    if (::fcntl(file.get(), F_ADD_SEALS, which) != 0) {
        return base::fail(base::system_error("seal a memory file", errno));
    }
    return file;
}

Result<void> copy(int from, int to, std::uint64_t bytes_max)
{
    std::vector<std::byte> buffer(copy_bytes);
    std::uint64_t total = 0;
    for (;;) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return base::fail(base::system_error("read", errno));
        }
        if (count == 0) {
            return {};
        }
        total += static_cast<std::uint64_t>(count);
        if (total > bytes_max) {
            return base::fail(ErrorCode::limit_exceeded, Retry::never,
                              "more than " + base::to_readable_bytes(bytes_max));
        }
        if (auto written =
                write_all(to, base::ByteView{buffer}.first(static_cast<std::size_t>(count)));
            !written) {
            return written;
        }
    }
}

} // namespace

Result<UniqueFd> make_sealed_memfd(const char* name, base::ByteView bytes)
{
    auto file = create(name);
    if (!file) {
        return file;
    }
    if (auto written = write_all(file->get(), bytes); !written) {
        return base::fail(std::move(written.error()));
    }
    return seal(std::move(*file), seals);
}

Result<UniqueFd> copy_to_sealed_memfd(const char* name, int fd, std::uint64_t bytes_max)
{
    auto file = create(name);
    if (!file) {
        return file;
    }
    if (auto copied = copy(fd, file->get(), bytes_max); !copied) {
        return base::fail(std::move(copied.error()));
    }
    return seal(std::move(*file), seals);
}

Result<std::uint64_t> sealed_size(int fd)
{
    const int present = ::fcntl(fd, F_GET_SEALS); // EINVAL for what is no memory file
    const bool is_sealed = present >= 0 && (present & seals) == seals;
    // Not fstat: the sandbox does not allow it, since the C library asks by a path.
    const off_t size = is_sealed ? ::lseek(fd, 0, SEEK_END) : -1;
    if (size < 0) {
        return base::fail(ErrorCode::protocol_violation, Retry::never,
                          "a descriptor that is not a sealed memory file");
    }
    return static_cast<std::uint64_t>(size);
}

Result<UniqueFd> make_fixed_memfd(const char* name, std::size_t bytes)
{
    auto file = create(name);
    if (!file) {
        return file;
    }
    if (::ftruncate(file->get(), static_cast<off_t>(bytes)) != 0) {
        return base::fail(base::system_error("size a memory file", errno));
    }
    return seal(std::move(*file), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

} // namespace watchpost::os
