// Looks at a spool without changing it: what is there, what is damaged, and the content of each
// message, verified.
//
// Takes no lock, so that it works beside a running collector; sees what was there when it was
// opened. Not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "os/file_system.h"
#include "spool/byte_sink.h"
#include "spool/damage.h"
#include "spool/intake.h"
#include "spool/ledger_entry.h"

namespace watchpost::spool {

enum class ContentState : std::uint8_t {
    stored,
    never_stored, // too_large, before_first_poll, another_uid
    removed,      // settled, and its place was given back
    damaged       // the record or the file does not check out
};

struct SpoolItem {
    SpoolId id;
    Receipt receipt;
    SourceState source = SourceState::kept;
    ContentState content = ContentState::stored;
    bool is_settled = false;
};

class SpoolReader {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<SpoolReader>>
    open(const std::filesystem::path& folder, Verify verify = Verify::records);
    [[nodiscard]] static base::Result<std::unique_ptr<SpoolReader>>
    open(std::unique_ptr<os::FileSystem> folder, Verify verify = Verify::records);

    ~SpoolReader();
    SpoolReader(const SpoolReader&) = delete;
    SpoolReader& operator=(const SpoolReader&) = delete;

    /// Everything that is remembered, oldest first, damaged ones too.
    [[nodiscard]] base::Result<void>
    for_each_item(const std::function<void(const SpoolItem&)>& visit) const;

    [[nodiscard]] const std::vector<DamagedRange>& damage() const noexcept;

    /// Hands the content over in pieces of at most Incoming::buffered_bytes_max octets. An error of
    /// the sink ends it. ErrorCode::damaged comes after the last piece where the octets do not
    /// check out: what was handed over is then not the message. not_found: no such item, or no
    /// content.
    [[nodiscard]] base::Result<void> read(const SpoolItem& item, const ByteSink& sink) const;

    /// The same into a file descriptor (a sealed memfd of an inspector) from its current offset on.
    [[nodiscard]] base::Result<void> copy_to(const SpoolItem& item, int descriptor) const;

private:
    class Body;
    explicit SpoolReader(std::unique_ptr<Body> body);

    std::unique_ptr<Body> body_;
};

} // namespace watchpost::spool
