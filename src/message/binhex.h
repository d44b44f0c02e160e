// Files in BinHex 4.0 inside a text. RFC 1741. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace watchpost::message {

struct BinhexFile {
    std::string name;      // UTF-8; hostile
    std::size_t begin = 0; // of the line that announces it, or of its first colon
    std::size_t end = 0;   // after the last colon, or where the file breaks off
    base::Bytes data;
    base::Bytes resources; // the second fork, which other systems do not have
    std::string damage;    // what is wrong with it; empty: nothing
    bool was_cut = false;  // there is no room for the rest of it

    static constexpr std::size_t bytes_max = std::size_t{32} << 20U; // of all of a text, expanded
};

/// Does the text have to announce a file?
enum class BinhexStart : std::uint8_t { announced, any_colon };

/// In order, at most `files_max`. A colon at a line's start counts behind "(This file must be
/// converted with BinHex", or anywhere.
[[nodiscard]] std::vector<BinhexFile> find_binhex(base::ByteView text, std::size_t files_max,
                                                  BinhexStart start = BinhexStart::announced,
                                                  std::size_t bytes_max = BinhexFile::bytes_max);

} // namespace watchpost::message
