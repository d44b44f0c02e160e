#include "os/mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace watchpost::os {

base::Result<Mapping> Mapping::map(int fd)
{
    const off_t size = ::lseek(fd, 0, SEEK_END); // not fstat: the sandbox does not allow it
    if (size < 0) {
        return base::fail(base::system_error("find the size of a file", errno));
    }
    if (size == 0) {
        return Mapping{base::ByteView{}};
    }
    const auto bytes = static_cast<std::size_t>(size);
    const void* const start = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (start == MAP_FAILED) {
        return base::fail(base::system_error("map a file", errno));
    }
    return Mapping{base::ByteView{static_cast<const std::byte*>(start), bytes}};
}

Mapping::~Mapping()
{
    if (!view_.empty()) {
        ::munmap(const_cast<std::byte*>(view_.data()), view_.size());
    }
}

} // namespace watchpost::os
