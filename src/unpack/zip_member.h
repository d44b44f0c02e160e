// The data of one zip member: the passwords in their order, size and checksum, what is told.
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "unpack/library_reader.h"
#include "unpack/meter.h"
#include "unpack/passwords.h"
#include "unpack/zip_directory.h"

namespace watchpost::unpack {

class ZipMemberReader {
public:
    /// Both are borrowed for the reader's life.
    ZipMemberReader(Passwords& passwords, Meter& meter) : passwords_{passwords}, meter_{meter} {}

    /// Reads, delivers and tells one member that the meter has admitted. The library is given
    /// `header` (may be empty) followed by `data`, which begins with a local header or continues
    /// the one given. Returns how many of these octets belong to the member; 0 where it could not
    /// be read to its end.
    std::uint64_t read(const ZipEntry& entry, const std::string& name, base::ByteView header,
                       base::ByteView data);

private:
    struct Outcome {
        EntryData data;
        std::uint64_t bytes_read = 0;
        bool was_encrypted = false; // and opened with the password in fitting_

        [[nodiscard]] bool is_complete() const noexcept
        {
            return data.stop == Stop::none && !data.is_damaged && !data.is_encrypted;
        }
    };

    struct Packed {
        const ZipEntry& entry; // both are read()'s
        base::ByteView header;
        base::ByteView data;
    };

    [[nodiscard]] Outcome read_with_passwords(const Packed& packed);
    [[nodiscard]] bool may_try() { return tries_left_ > 0 && meter_.has_time(); }
    [[nodiscard]] bool opens(const Password& password, const Packed& packed, Outcome& outcome);
    [[nodiscard]] Outcome read_once(const Packed& packed, const std::string& password);
    [[nodiscard]] bool sums_hold(const ZipEntry& entry) const;
    void deliver(const std::string& name, const std::vector<std::string>& others,
                 const Outcome& outcome);
    void tell(const ZipEntry& entry, const std::string& name, const Outcome& outcome);

    Passwords& passwords_;
    Meter& meter_;
    std::optional<Password> fitting_; // that opened the last member
    std::size_t tries_left_ = password_tries_max;
    base::Bytes content_; // of the member under way
};

} // namespace watchpost::unpack
