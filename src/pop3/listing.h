// The maildrop as STAT, LIST and UIDL show it: joined by message number. RFC 1939 §5, §7.
//
// The three may disagree, since mail comes and goes between them and servers count badly: the count
// of STAT bounds the numbers, what is in LIST and not in UIDL has no UID, what is only in UIDL has
// no size. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace watchpost::pop3 {

struct ListedMessage {
    std::uint32_t number = 0;  // 1..count
    std::uint64_t octets = 0;  // as announced; 0 where the server said nothing usable
    std::string uid;           // opaque octets; empty where there is none or none usable
    bool uid_is_unique = true; // in this listing

    /// It can be told from the others by its UID.
    [[nodiscard]] bool has_usable_uid() const noexcept { return uid_is_unique && !uid.empty(); }
};

struct MaildropStatus {
    std::uint32_t count = 0;
    std::uint64_t octets = 0;
};

/// The text of STAT's "+OK count octets"; nullopt where there is no count. A size that is garbage
/// is 0.
[[nodiscard]] std::optional<MaildropStatus> parse_stat(std::string_view text);

class Listing {
public:
    Listing() = default;
    explicit Listing(std::uint32_t count) : messages_(count), seen_(count) {}

    /// One line of LIST: "number octets". An unusable size counts as unknown. A number outside
    /// 1..count, or a line without one, is left out and counted. The first of two lines for one
    /// number counts.
    [[nodiscard]] base::Result<void> add_size(std::string_view line);

    /// One line of UIDL: "number uid". A UID beyond uid_bytes_max counts as none.
    [[nodiscard]] base::Result<void> add_uid(std::string_view line);

    /// The messages that LIST named, in order; marks UIDs that occur more than once. Call it last.
    [[nodiscard]] std::vector<ListedMessage> take_messages();

    /// Messages that LIST named and UIDL did not, with whatever UID. Call it before
    /// take_messages().
    [[nodiscard]] std::size_t without_uid_line() const noexcept;

    /// Lines that named a message outside 1..count, or one a second time, or none; after
    /// take_messages() also those of UIDL for messages that LIST did not name.
    [[nodiscard]] std::size_t ignored_lines() const noexcept { return ignored_lines_; }

    /// The first line without a number, quoted and cut; empty where there was none.
    [[nodiscard]] const std::string& garbage() const noexcept { return garbage_; }

private:
    struct Seen {
        bool size = false;
        bool uid = false;
    };

    [[nodiscard]] base::Result<std::optional<std::size_t>> index_of(std::string_view& line);
    void mark_doubled_uids();

    std::vector<ListedMessage> messages_; // [number - 1]
    std::vector<Seen> seen_;
    std::size_t ignored_lines_ = 0;
    std::string garbage_;
    std::size_t bytes_ = 0;
};

} // namespace watchpost::pop3
