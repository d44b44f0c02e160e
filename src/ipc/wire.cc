#include "ipc/wire.h"

#include <limits>

#include "base/assert.h"

namespace watchpost::ipc {

void WireWriter::put(std::uint64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; ++i) {
        bytes_.push_back(static_cast<std::byte>((value >> (8U * i)) & 0xFFU));
    }
}

void WireWriter::put_bytes(base::ByteView bytes)
{
    WP_ASSERT(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
    put_u32(static_cast<std::uint32_t>(bytes.size()));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void WireWriter::put_text(std::string_view text)
{
    put_bytes(base::as_bytes(text));
}

std::uint64_t WireReader::get(unsigned octets)
{
    if (has_failed_ || rest_.size() < octets) {
        has_failed_ = true;
        return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < octets; ++i) {
        value |= std::to_integer<std::uint64_t>(rest_[i]) << (8U * i);
    }
    rest_ = rest_.subspan(octets);
    return value;
}

base::ByteView WireReader::bytes(std::size_t bytes_max)
{
    const std::size_t size = count(bytes_max);
    if (has_failed_ || size > rest_.size()) {
        has_failed_ = true;
        return {};
    }
    const auto view = rest_.first(size);
    rest_ = rest_.subspan(size);
    return view;
}

std::string WireReader::text(std::size_t bytes_max)
{
    return std::string{base::as_text(bytes(bytes_max))};
}

std::size_t WireReader::count(std::size_t count_max)
{
    const std::size_t value = u32();
    if (value > count_max) {
        has_failed_ = true;
        return 0;
    }
    return value;
}

base::Result<void> WireReader::finish() const
{
    if (has_failed_ || !rest_.empty()) {
        return base::fail(base::ErrorCode::protocol_violation, base::Retry::never,
                          "a message of the wrong shape");
    }
    return {};
}

} // namespace watchpost::ipc
