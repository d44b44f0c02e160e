// libarchive behind a value type: one archive, read forward from memory.
//
// Knows nothing of limits but asks the Meter for every byte. The bytes given must outlive the
// reader. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "unpack/meter.h"

struct archive;
struct archive_entry;

namespace watchpost::unpack {

/// What became of one entry's data.
struct EntryData {
    Stop stop = Stop::none;
    bool is_damaged = false;   // the library gave up on this entry
    bool is_encrypted = false; // … because it has no password for it, or no cipher
    std::string error;         // the library's sentence, quoted
};

class LibraryReader {
public:
    /// The bytes are those of all pieces, one after the other.
    struct Source {
        std::array<base::ByteView, 2> pieces;
        std::size_t next = 0;
    };

    [[nodiscard]] static LibraryReader for_archive(int format, base::ByteView bytes);
    [[nodiscard]] static LibraryReader for_stream(int filter, base::ByteView bytes);
    /// One zip entry that begins at the start of the header. An empty password is none.
    [[nodiscard]] static LibraryReader for_zip_entry(base::ByteView header, base::ByteView data,
                                                     const std::string& password);

    enum class Next : std::uint8_t { entry, end, broken };
    /// To the next entry's header; a name that does not convert is no failure.
    [[nodiscard]] Next next();

    [[nodiscard]] std::string name() const;        // UTF-8, empty where the entry has none
    [[nodiscard]] std::string raw_name() const;    // the octets that links refer to
    [[nodiscard]] std::string link_target() const; // raw name, empty where it is no hard link
    [[nodiscard]] bool is_regular_file() const;
    [[nodiscard]] bool is_folder_without_data() const;
    [[nodiscard]] bool is_encrypted() const; // by the entry's header
    [[nodiscard]] std::string error() const; // quoted
    [[nodiscard]] bool error_speaks_of_encryption() const;
    [[nodiscard]] std::uint64_t bytes_read() const; // of the source, as far as it was needed

    /// Reads the entry's data to their end; `content` gets what the meter grants.
    [[nodiscard]] EntryData read(Meter& meter, base::Bytes& content);

private:
    struct Free {
        void operator()(archive* reader) const noexcept;
    };

    LibraryReader();
    void open(base::ByteView first, base::ByteView second = {});
    [[nodiscard]] EntryData ended(Stop stop, std::size_t content_bytes) const;
    [[nodiscard]] EntryData failed(Stop stop) const;

    std::unique_ptr<Source> source_; // its address is the library's
    std::unique_ptr<archive, Free> reader_;
    archive_entry* entry_ = nullptr; // owned by reader_
    bool is_open_ = false;
};

/// Says what became of a member or, with an empty name, of the container.
void tell_failure(const std::string& member, bool is_encrypted, std::string error, Meter& meter);
void tell_outcome(const std::string& member, const EntryData& data, Meter& meter);

} // namespace watchpost::unpack
