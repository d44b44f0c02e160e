// Opens archives and document containers, member by member, under named limits.
//
// One level: the walk through nested ones is inspect/'s. Wraps libarchive and qpdf; nothing is
// executed here and nothing is written to disk; what only a program opens goes to a Program. What
// cannot be opened is an Unopened with a reason, never silence. Not thread-safe: one Unpacker
// belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "unpack/passwords.h"
#include "unpack/program.h"

namespace watchpost::unpack {

/// For one message. The counters of Usage go on through nested containers.
struct Limits {
    std::size_t depth_max = 16;         // containers in containers
    std::uint64_t members_max = 10'000; // of all containers together
    std::uint64_t member_bytes_max = std::uint64_t{256} << 20U;
    std::uint64_t total_bytes_max = std::uint64_t{1} << 30U; // unpacked, all containers together
    std::uint64_t ratio_max = 1'000;                         // unpacked : packed of one container,
    std::uint64_t ratio_free_bytes = std::uint64_t{16} << 20U; // … not looked at below this size
};

struct Usage {
    std::uint64_t members = 0;
    std::uint64_t bytes = 0;
};

/// Reasons, ids as they stand in not_inspected: "encrypted_archive", "damaged_archive",
/// "unsupported_archive", "encrypted_document", "encrypted_message", "limit_members",
/// "limit_member_bytes", "limit_total_bytes", "limit_ratio", "limit_depth", "timed_out", and
/// "zip_hidden_entries": what the local headers show and the directory does not was delivered all
/// the same.
struct Gap {
    std::string member; // name of the member concerned, empty for the container
    std::string reason;
    std::string detail; // quoted
};

struct Member {
    std::string_view name; // as the archive gives it, converted to UTF-8
    base::ByteView bytes;
    const Password* password = nullptr; // that opened it; null where it was not encrypted
    std::string_view other_name = {};   // what another program would show; empty where all agree
};

/// Where a document leads, or what it starts.
struct Reference {
    enum class Kind : std::uint8_t {
        link,   // opened by a click
        form,   // what is typed in is sent there
        load,   // fetched when the document is opened
        launch, // a program or file that is started
        dde     // a program that is started by DDE, or asked for data
    };
    std::string_view target; // as written, UTF-8; hostile
    Kind kind = Kind::link;
};

/// "link", "form", "load", "launch", "dde".
[[nodiscard]] std::string_view to_string(Reference::Kind kind) noexcept;

class MemberSink {
public:
    virtual ~MemberSink() = default;
    /// Views are valid during the call. The bytes of a member that hit a limit are what came before
    /// it.
    virtual void on_member(const Member& member) = 0;
    virtual void on_gap(Gap gap) = 0;
    /// Of the container itself. The view is valid during the call.
    virtual void on_reference(const Reference& /*reference*/) {}
};

/// The container format of these bytes ("zip", "7z", "gzip", "ole" …), empty where it is none that
/// we know. Judged by content alone; a name never decides. Formats that we know but do not open
/// ("arj", "vhd" …) are named, too: unpack() then tells the gap unsupported_archive.
[[nodiscard]] std::string_view container_format(base::ByteView bytes);

/// Loads what the C library would otherwise load at its first use (a UTF-8 locale, tables of code
/// pages, the time zone). To be called before a sandbox closes the file system; without it nothing
/// fails, but some names come out less well.
void warm_up();

/// `filename` names the one member of a bare compression (x.txt.gz → x.txt). `program` may be null.
void unpack(base::ByteView bytes, std::string_view filename, Passwords& passwords,
            const Limits& limits, Usage& usage, base::Deadline deadline, MemberSink& sink,
            Program* program = nullptr);

} // namespace watchpost::unpack
