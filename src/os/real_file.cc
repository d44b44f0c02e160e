#include "os/real_file.h"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace watchpost::os {

namespace {

constexpr std::size_t pieces_max = 512; // of one pwritev; IOV_MAX is 1024

/// Where in a list of pieces the next octet to be written lies.
class Cursor {
public:
    explicit Cursor(std::span<const base::ByteView> pieces) : pieces_{pieces} { skip_empty(); }

    [[nodiscard]] bool is_at_end() const noexcept { return pieces_.empty(); }

    /// The next pieces as the kernel wants them.
    [[nodiscard]] std::size_t fill(std::span<iovec> vectors) const
    {
        const std::size_t count = std::min(vectors.size(), pieces_.size());
        for (std::size_t i = 0; i < count; ++i) {
            const base::ByteView piece = i == 0 ? pieces_[0].subspan(done_) : pieces_[i];
            // writev() only reads; its type is older than const.
            vectors[i] = {const_cast<std::byte*>(piece.data()), piece.size()};
        }
        return count;
    }

    void advance(std::size_t octets)
    {
        while (octets > 0) {
            const std::size_t step = std::min(octets, pieces_[0].size() - done_);
            done_ += step;
            octets -= step;
            skip_empty();
        }
    }

private:
    void skip_empty()
    {
        while (!pieces_.empty() && done_ == pieces_[0].size()) {
            pieces_ = pieces_.subspan(1);
            done_ = 0;
        }
    }

    std::span<const base::ByteView> pieces_;
    std::size_t done_ = 0; // of the first piece
};

} // namespace

base::Failure RealFile::failure(std::string_view call) const
{
    const int code = errno;
    return base::fail(base::system_error(std::string{call} + " " + path_, code));
}

base::Result<std::size_t> RealFile::read_at(std::span<std::byte> into, std::uint64_t offset) const
{
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t got = ::pread(descriptor_.get(), into.data() + done, into.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return failure("read");
        }
        done += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return done;
}

base::Result<void> RealFile::write_at(std::span<const base::ByteView> pieces, std::uint64_t offset)
{
    std::array<iovec, pieces_max> vectors{};
    Cursor cursor{pieces};
    while (!cursor.is_at_end()) {
        const std::size_t count = cursor.fill(vectors);
        const ssize_t written = ::pwritev(descriptor_.get(), vectors.data(),
                                          static_cast<int>(count), static_cast<off_t>(offset));
        if (written == 0) { // regular files do not: without this a strange one would keep us here
            errno = EIO;
        }
        if (written == 0 || (written < 0 && errno != EINTR)) {
            return failure("write");
        }
        if (written > 0) {
            cursor.advance(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
    }
    return {};
}

base::Result<void> RealFile::sync_data()
{
    // EINTR is a failure like any other: what was synced is not known, and it is never retried.
    if (::fdatasync(descriptor_.get()) != 0) {
        return failure("fdatasync");
    }
    return {};
}

base::Result<void> RealFile::truncate(std::uint64_t size)
{
    while (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
        if (errno != EINTR) {
            return failure("truncate");
        }
    }
    return {};
}

base::Result<std::uint64_t> RealFile::size() const
{
    struct stat status{};
    if (::fstat(descriptor_.get(), &status) != 0) {
        return failure("stat");
    }
    return static_cast<std::uint64_t>(status.st_size);
}

} // namespace watchpost::os
