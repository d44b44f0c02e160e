// Where the receipts of each mailbox are on disk, so that one mailbox's can be read without the
// others': a few ranges of the checkpoint, and a place for each message since.
//
// About 16 octets a message of the segments that no checkpoint covers yet; a range is a mailbox's
// messages in one go. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::spool {

class ReceiptIndex {
public:
    struct Range {
        std::uint64_t begin = 0; // offsets of records in the checkpoint
        std::uint64_t end = 0;
    };

    struct Place {
        std::uint64_t segment = 0;
        std::uint64_t offset = 0;
    };

    struct Receipts {
        std::vector<Range> in_checkpoint;
        std::vector<Place> in_segments; // in the order in which they came
        std::size_t count = 0;
    };

    using Mailboxes = std::map<std::string, Receipts, std::less<>>;

    void add(std::string_view mailbox, const Place& place);
    void add_in_checkpoint(std::string_view mailbox, const Range& record);

    /// The places of a new checkpoint, which covers the segments up to there.
    void replace_checkpoint(ReceiptIndex checkpoint, std::uint64_t covered);

    /// nullptr where there is none.
    [[nodiscard]] const Receipts* find(std::string_view mailbox) const;
    [[nodiscard]] const Mailboxes& mailboxes() const noexcept { return mailboxes_; }

private:
    [[nodiscard]] Receipts& of(std::string_view mailbox);

    Mailboxes mailboxes_;
};

} // namespace watchpost::spool
