// What 7-Zip's console program prints: its list of members, and their bytes one after the other.
//
// The program was fed by an attacker: a list may lie about sizes and names. Nothing is believed
// that the bytes do not bear out, and no byte is dropped. No I/O. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace watchpost::unpack {

/// The name that 7-Zip gives a format of ours (for its switch -t); empty where it reads none such,
/// or where a reader of ours is enough.
[[nodiscard]] std::string_view seven_zip_type(std::string_view format) noexcept;

struct ListedMember {
    std::string name;
    std::optional<std::uint64_t> size;
    std::optional<std::uint32_t> crc; // CRC-32 as of zip
    bool is_encrypted = false;
};

struct SevenZipList {
    std::vector<ListedMember> members; // without folders
    bool is_cut = false;               // there were more than members_max
};

/// The output of `7zz l -slt`.
[[nodiscard]] SevenZipList parse_seven_zip_list(std::string_view text, std::size_t members_max);

/// Cuts the output of `7zz x -so` into the listed members.
class MemberSplitter {
public:
    struct Piece {
        const ListedMember* listed = nullptr; // null: octets behind the last one
        base::Bytes content;
        bool is_short = false; // the output ended before its size
        bool is_cut = false;   // it is longer than the limit, and nothing follows
        bool has_wrong_crc = false;
    };

    /// The list must outlive it.
    MemberSplitter(const SevenZipList& list, std::uint64_t member_bytes_max);

    /// Takes all of it.
    void feed(base::ByteView bytes);
    void finish();

    /// The next whole piece, in order.
    [[nodiscard]] std::optional<Piece> take();
    /// After a piece that was cut: nothing more is taken.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }

private:
    [[nodiscard]] const ListedMember* current() const noexcept;
    void complete_empty();
    void complete(bool is_short, bool is_cut);

    const SevenZipList& list_;
    std::uint64_t member_bytes_max_;
    std::size_t next_ = 0; // into the list
    base::Bytes content_;
    std::uint32_t crc_ = 0;
    bool is_over_ = false;
    std::deque<Piece> pieces_;
};

} // namespace watchpost::unpack
