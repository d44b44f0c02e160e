// The data of one zip member: the passwords in their order, size and checksum, what is told.
//
// Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "unpack/library_reader.h"
#include "unpack/meter.h"
#include "unpack/zip_directory.h"

namespace watchpost::unpack {

class ZipMemberReader {
public:
    /// Both are borrowed for the reader's life.
    ZipMemberReader(const std::vector<std::string>& passwords, Meter& meter)
        : passwords_{passwords}
        , meter_{meter}
    {
    }

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
        bool was_encrypted = false;

        [[nodiscard]] bool is_complete() const noexcept
        {
            return data.stop == Stop::none && !data.is_damaged && !data.is_encrypted;
        }
    };

    [[nodiscard]] Outcome read_with_passwords(const ZipEntry& entry, base::ByteView header,
                                              base::ByteView data);
    [[nodiscard]] Outcome read_once(const ZipEntry& entry, base::ByteView header,
                                    base::ByteView data, const std::string& password);
    [[nodiscard]] bool sums_hold(const ZipEntry& entry) const;
    void tell(const ZipEntry& entry, const std::string& name, const Outcome& outcome);

    const std::vector<std::string>& passwords_;
    Meter& meter_;
    std::size_t fitting_ = 0; // index of the password that opened the last member
    base::Bytes content_;     // of the member under way
};

} // namespace watchpost::unpack
