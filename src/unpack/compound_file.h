// The sectors, chains and directory of an OLE compound file, as views into its bytes. [MS-CFB].
//
// Reads what holds and says where it does not: a chain never takes more steps than the file has
// sectors, so that rings end; the directory is walked without recursion, so that a tree of a
// million levels costs memory in proportion to the file and no stack. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace watchpost::unpack {

struct OleStream {
    std::string path; // storages and name joined by "/", UTF-8
    std::uint32_t first_sector = 0;
    std::uint64_t bytes = 0; // as the directory says
};

class CompoundFile {
public:
    static constexpr std::size_t path_depth_max = 64; // storages within storages

    /// nullopt where the header does not hold.
    [[nodiscard]] static std::optional<CompoundFile> open(base::ByteView bytes);

    /// At most `streams_max`, those of the tree first, then those that no storage leads to.
    [[nodiscard]] std::vector<OleStream> streams(std::size_t streams_max);

    /// Whether anything met so far did not hold.
    [[nodiscard]] bool is_damaged() const noexcept { return is_damaged_; }
    [[nodiscard]] bool is_cut() const noexcept { return is_cut_; } // by streams_max or depth

    /// Gives the stream's bytes piece by piece until it ends or `take` returns false; false where
    /// its chain ends before its size.
    [[nodiscard]] bool read(const OleStream& stream,
                            const std::function<bool(base::ByteView)>& take) const;

private:
    struct Entry; // of the directory
    struct Visit {
        std::uint32_t id;
        std::uint32_t storage; // that it lies in
        std::size_t depth;
    };

    explicit CompoundFile(base::ByteView bytes);
    void read_fat_sectors();
    [[nodiscard]] base::ByteView sector(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t next_in(const std::vector<std::uint32_t>& tables,
                                        std::uint32_t number) const;
    [[nodiscard]] base::ByteView mini_sector(std::uint32_t number) const;
    [[nodiscard]] std::vector<std::uint32_t> chain(std::uint32_t first);
    [[nodiscard]] std::optional<Entry> entry(std::uint32_t id) const;
    [[nodiscard]] std::size_t entry_count() const noexcept;
    [[nodiscard]] std::string path_of(const Entry& stream, std::uint32_t storage) const;
    void visit(const Visit& place, std::vector<Visit>& open, std::vector<OleStream>& found);
    void add_unlinked(std::size_t streams_max, std::vector<OleStream>& found);

    base::ByteView bytes_;
    std::size_t sector_bytes_;
    std::size_t sector_count_;
    std::uint64_t mini_limit_;                    // streams below it lie in the mini stream
    std::vector<std::uint32_t> fat_sectors_;      // where the allocation table lies
    std::vector<std::uint32_t> mini_fat_sectors_; // … and that of the mini stream
    std::vector<std::uint32_t> mini_stream_;      // the sectors of the mini stream
    std::vector<std::uint32_t> directory_;        // the sectors of the directory
    std::vector<bool> seen_;                      // directory entries visited
    std::vector<std::uint32_t> storage_of_;       // … and where those lie that are storages
    bool is_damaged_ = false;
    bool is_cut_ = false;
};

} // namespace watchpost::unpack
