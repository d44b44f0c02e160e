// Messages that are pieces of larger ones, kept until the others come: one file each.
//
// A file's name says all that is known of it, so a restart needs no more than the list of names.
// Pieces belong to one mailbox. Bounded in bytes, count and age: the oldest sets make room, and who
// goes is told. A file has its name only once all of it survives a power loss. Confined to one
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "inspect/report.h"
#include "os/file_system.h"
#include "pipeline/content_folder.h"
#include "spool/intake.h"

namespace watchpost::pipeline {

/// When the message of that id came: an id is made then.
[[nodiscard]] base::Instant time_of(const spool::SpoolId& id);

struct KeptPiece {
    std::string set; // of which mailbox and id
    std::uint64_t number = 0;
    std::uint64_t total = 0;
    std::string content;     // a digest of what it adds
    std::uint64_t bytes = 0; // of the message
    spool::SpoolId id;       // of the message
};

struct PieceFolderLimits {
    std::uint64_t bytes_max = std::uint64_t{256} << 20U; // of all
    std::size_t pieces_max = 2'000;                      // of all
    std::chrono::hours age_max{24 * 14};                 // since the newest of a set came
};

class PieceFolder {
public:
    /// Makes the folder where it is not there.
    [[nodiscard]] static base::Result<std::unique_ptr<PieceFolder>>
    open(const std::filesystem::path& folder, const PieceFolderLimits& limits = {});

    [[nodiscard]] static KeptPiece describe(const std::string& mailbox,
                                            const inspect::PieceInfo& piece,
                                            const spool::SpoolId& id, std::uint64_t bytes);

    /// Durable on return; a piece that is there already stays. limit_exceeded where it alone is
    /// larger than the folder may be.
    [[nodiscard]] base::Result<void> keep(const KeptPiece& piece, const ContentSource& source);

    /// In the order in which they came.
    [[nodiscard]] std::vector<KeptPiece> set_of(std::string_view set) const;
    [[nodiscard]] base::Result<base::Bytes> read(const KeptPiece& piece);

    /// Removes sets that are too old.
    void expire(base::Instant now);

    /// Pieces that were removed since the last call, for age or want of room; sets together.
    [[nodiscard]] std::vector<KeptPiece> take_given_up();

private:
    PieceFolder(std::unique_ptr<os::FileSystem> folder, const PieceFolderLimits& limits)
        : folder_{std::move(folder)}
        , limits_{limits}
    {
    }

    [[nodiscard]] base::Result<void> load();
    [[nodiscard]] std::string oldest_set() const;
    [[nodiscard]] base::Instant newest_of(std::string_view set) const;
    void give_up(const std::string& set);

    std::unique_ptr<os::FileSystem> folder_;
    PieceFolderLimits limits_;
    std::vector<KeptPiece> pieces_; // by id
    std::vector<KeptPiece> given_up_;
    std::uint64_t bytes_ = 0;
};

} // namespace watchpost::pipeline
