// Writing and strictly reading the octets of a payload: fixed-size integers, little-endian, and
// texts with their length in front.
//
// The reader never fails in the middle: after the first bad read everything reads as zero or empty,
// and finish() tells. Whoever allocates by a count that was read checks it against a limit first
// (count()). Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::ipc {

class WireWriter {
public:
    void put_u8(std::uint8_t value) { put(value, 1); }
    void put_u16(std::uint16_t value) { put(value, 2); }
    void put_u32(std::uint32_t value) { put(value, 4); }
    void put_u64(std::uint64_t value) { put(value, 8); }
    void put_text(std::string_view text); // at most 4 GiB - 1
    void put_bytes(base::ByteView bytes); // the same shape as a text

    [[nodiscard]] base::Bytes take() { return std::move(bytes_); }

private:
    void put(std::uint64_t value, unsigned octets);

    base::Bytes bytes_;
};

class WireReader {
public:
    explicit WireReader(base::ByteView bytes) : rest_{bytes} {}

    [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(get(1)); }
    [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(get(2)); }
    [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(get(4)); }
    [[nodiscard]] std::uint64_t u64() { return get(8); }
    /// A text or octets of at most `bytes_max`; more is a bad read.
    [[nodiscard]] std::string text(std::size_t bytes_max);
    [[nodiscard]] base::ByteView bytes(std::size_t bytes_max);
    /// A u32 of at most `count_max`, for a list; more is a bad read and gives 0.
    [[nodiscard]] std::size_t count(std::size_t count_max);

    [[nodiscard]] bool is_good() const noexcept { return !has_failed_; }
    /// ErrorCode::protocol_violation where a read was bad or octets are left over.
    [[nodiscard]] base::Result<void> finish() const;

private:
    std::uint64_t get(unsigned octets);

    base::ByteView rest_;
    bool has_failed_ = false;
};

/// The value that was read, where the payload was read to its end.
template <typename T>
[[nodiscard]] base::Result<T> finish(const WireReader& reader, T value)
{
    if (auto finished = reader.finish(); !finished) {
        return base::fail(std::move(finished.error()));
    }
    return value;
}

} // namespace watchpost::ipc
